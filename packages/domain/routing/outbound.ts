// Which number and name a call of a user presents, and why: caller IDs before the queue, the queue before the user, the user before the
// trunk (S0-39, S1-22), and of several numbers one by chance (C21). Pure, but for the chance that is handed in.

import type { Deps } from '../deps.ts';
import type { CallerIds, Device, Queue, Trunk } from '../records/record.ts';
import { type CalledDevice, ownDevices } from './devices.ts';
import { drawn } from './draw.ts';
import { type Party, type RoutedUser, shownUser, whyOff } from './party.ts';
import { because, type Reason, type Trace } from './trace.ts';

export interface OutboundCall {
  /** Who is called, with +. */
  to?: string | undefined;
  queue?: Queue | undefined;
  trunk?: Trunk | undefined;
  now: number;
}

export interface Outbound {
  user: RoutedUser;
  presents: {
    number?: string | undefined;
    name?: string | undefined;
    from: 'caller-ids' | 'queue' | 'user' | 'trunk' | 'nothing';
    record?: string | undefined;
    among: number;
  };
  rings: CalledDevice[];
  trace: Trace;
}

interface Source {
  from: Outbound['presents']['from'];
  rule: string;
  called: string;
  /** Of caller IDs several records may say which. */
  numbers: readonly { number: string; record?: string | undefined }[];
}

export function routeOutbound(
  chance: Pick<Deps, 'randomBytes'>,
  call: OutboundCall,
  party: Party,
  { callerIds, devices }: { callerIds: Iterable<CallerIds>; devices: ReadonlyMap<string, Device> },
): Outbound {
  const user = shownUser(party.user);
  const off = whyOff(party.user, call.now);
  if (off !== undefined) {
    const trace = [because('S0-54', `${off}: they call nobody`)];
    return { user, presents: { from: 'nothing', among: 0 }, rings: [], trace };
  }
  const trace: Reason[] = [];
  const sources = sourcesOf(call, party, callerIds);
  const decides = sources.find(({ numbers }) => numbers.length > 0);
  for (const { rule, called } of sources.slice(0, decides ? sources.indexOf(decides) : undefined)) {
    trace.push(because(rule, `${called} says no number`));
  }
  const choice = decides && drawn(chance, decides.numbers);
  trace.push(
    decides
      ? because(decides.rule, whyThis(decides))
      : because('S0-39', 'Nothing says a number: the trunk presents its own'),
  );
  const name = party.phone.callerName;
  if (name !== undefined) trace.push(because('S4-15', `${party.user.title} is presented as ${name} (C21)`));
  const rings = ownDevices(party, devices);
  trace.push(
    because(
      'S0-42',
      `${rings.length === 1 ? 'The user’s device rings' : `All ${rings.length} devices of the user ring`} at once`,
    ),
  );
  const presents = {
    ...(choice && { number: choice.number, record: choice.record }),
    name,
    from: decides?.from ?? ('nothing' as const),
    among: decides?.numbers.length ?? 0,
  };
  return { user, presents, rings, trace };
}

/** What decides, the first that says a number. */
function sourcesOf(
  { to, queue, trunk }: OutboundCall,
  { user, phone }: Party,
  callerIds: Iterable<CallerIds>,
): Source[] {
  const rule = 'S0-39';
  const of = (record: { id: string; outgoingNumbers?: readonly string[] | undefined }) =>
    (record.outgoingNumbers ?? []).map((number) => ({ number, record: record.id }));
  const { prefix, numbers } = ofCallee(to, callerIds);
  return [
    {
      from: 'caller-ids',
      rule,
      called: prefix === undefined ? 'No caller IDs: who is called' : `Caller IDs of ${prefix}`,
      numbers,
    },
    ...(queue ? [{ from: 'queue' as const, rule, called: `The queue ${queue.name}`, numbers: of(queue) }] : []),
    {
      from: 'user',
      rule: 'S4-16',
      called: user.title,
      numbers: (phone.outgoingNumbers ?? []).map((number) => ({ number })),
    },
    ...(trunk ? [{ from: 'trunk' as const, rule, called: `The trunk ${trunk.name}`, numbers: of(trunk) }] : []),
  ];
}

/** The numbers of caller IDs whose prefix is the longest of those that the number begins with; of several records all, each number once. */
function ofCallee(
  to: string | undefined,
  callerIds: Iterable<CallerIds>,
): { prefix?: string; numbers: Source['numbers'] } {
  if (to === undefined) return { numbers: [] };
  const matching = [...callerIds].flatMap((record) =>
    record.prefixes.filter((prefix) => to.startsWith(prefix)).map((prefix) => ({ prefix, record })),
  );
  const longest = Math.max(...matching.map(({ prefix }) => prefix.length));
  const most = matching.filter(({ prefix }) => prefix.length === longest);
  const numbers = new Map(
    most.flatMap(({ record }) =>
      record.outgoingNumbers.map((number) => [number, { number, record: record.id }] as const),
    ),
  );
  return { ...(most[0] && { prefix: most[0].prefix }), numbers: [...numbers.values()] };
}

function whyThis({ called, numbers }: Source): string {
  return numbers.length === 1
    ? `${called} says the number`
    : `${called} says ${numbers.length} numbers, of which one is drawn`;
}
