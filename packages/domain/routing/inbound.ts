// Where a call to a user goes, and why (S0-31, S0-38, S0-43, C7, C11). Pure: what has been read comes in, and what has to be read
// besides is asked for. It ends on any graph of forwardings and targets: eight users pass it on at most, and each of them once.

import { type Failure, failures } from '#contract/call-failures.ts';
import { workTypes } from '#contract/work-types.ts';
import type { Device, Queue } from '../records/record.ts';
import { isExtension, isOutside, USERS_MAX } from '../users/way-of-calls.ts';
import { type Ringing, ringPlan } from './devices.ts';
import { type Party, type RoutedUser, shownUser, whyOff } from './party.ts';
import { because, type Reason, type Trace } from './trace.ts';

export interface InboundCall {
  /** Absent: a direct call. */
  queue?: Queue | undefined;
  /** It has been at the user's devices, in vain. */
  failed?: Failure | undefined;
  now: number;
}

/** What has been read so far. */
export interface Read {
  /** Whose extensions are; of those that are nobody's undefined. */
  owners: ReadonlyMap<string, Party | undefined>;
  devices: ReadonlyMap<string, Device>;
  queues: ReadonlyMap<string, Queue>;
}

export type Place =
  | { kind: 'number'; number: string }
  | { kind: 'extension'; number: string; user?: RoutedUser }
  | { kind: 'queue'; queue: { id: string; name: string } };

export interface Inbound {
  /** How it gets where it goes: at once, by the last forwarding or the last target on its way, or nowhere. */
  outcome: 'ring' | 'forward' | 'transfer' | 'unreachable';
  user: RoutedUser;
  /** Where the last forwarding or target led. */
  goesTo?: Place;
  /** Where it goes to a user's devices; absent where it goes to a number outside, a queue, or an extension of nobody here. */
  ring?: Ringing[];
  ringsFor?: number;
  otherwise?: { goesTo: Place; when: Failure[] };
  hops: RoutedUser[];
  trace: Trace;
}

/** What becomes of a call at one user. */
type Turn = { is: 'over'; why: Reason } | { is: 'ringing'; ring: Ringing[] } | Onward;

interface Onward {
  is: 'onward';
  way: 'forward' | 'transfer';
  to: string;
}

/** @returns the decision, or the extension whose owner has to be read first */
export function routeInbound(call: InboundCall, first: Party, read: Read): Inbound | { wants: string } {
  const trace: Reason[] = [];
  const hops: RoutedUser[] = [];
  let party = first;
  let came: { way: Inbound['outcome']; goesTo?: Place } = { way: 'ring' };
  // Who forwards has no devices at which it can have failed.
  let failed = call.failed;
  for (;;) {
    const user = shownUser(party.user);
    const unreachable = (why: Reason): Inbound => ({ outcome: 'unreachable', user, hops, trace: [...trace, why] });
    const arrived = (more: Partial<Inbound> = {}): Inbound => ({
      outcome: came.way,
      user,
      ...(came.goesTo && { goesTo: came.goesTo }),
      ...more,
      hops,
      trace,
    });

    const turn = turnAt(party, call, { failed, isFirst: party === first, read, trace });
    if (turn.is === 'over') return unreachable(turn.why);
    if (turn.is === 'ringing') return arrived(ringing(turn.ring, call, party, read, trace));
    if (turn.way === 'transfer') failed = undefined;

    const place = placeOf(turn.to, read.queues);
    if (!place) return unreachable(because('S0-43', `The queue ${turn.to} is not there any more`));
    if (place.kind === 'extension' && !read.owners.has(place.number)) return { wants: place.number };
    const owner = place.kind === 'extension' ? read.owners.get(place.number) : undefined;
    if (failed !== undefined && !owner) return unreachable(because('S0-31', failedThere(turn.to)));
    hops.push(user);
    if (!owner) {
      came = { way: turn.way, goesTo: place };
      if (place.kind === 'extension') trace.push(because('S0-40', nobodys(place.number)));
      return arrived();
    }
    const isAgain = hops.some(({ id }) => id === owner.user.id);
    if (isAgain)
      return unreachable(because('S0-31', `It would come to ${owner.user.title} again, and go round in circles`));
    if (hops.length > USERS_MAX)
      return unreachable(because('S0-31', `${USERS_MAX} users have passed it on; it goes no further`));
    came = { way: turn.way, goesTo: { ...place, user: shownUser(owner.user) } as Place };
    party = owner;
  }
}

const failedThere = (to: string) => `It was forwarded to ${to} and failed there; no target stands beside a forwarding`;
const nobodys = (extension: string) => `${extension} is no user’s extension; the platform may know it`;

/** Forwarding stands above all else that is set, also of calls from queues; a target only behind the devices, and for direct calls. */
function turnAt(
  party: Party,
  call: InboundCall,
  { failed, isFirst, read, trace }: { failed: Failure | undefined; isFirst: boolean; read: Read; trace: Reason[] },
): Turn {
  const { user } = party;
  const off = whyOff(user, call.now);
  if (off !== undefined) return { is: 'over', why: because('S0-54', `${off}: no call reaches them`) };
  if (isFirst && call.queue) {
    const { takes, why } = inQueue(party, call.queue);
    if (!takes) return { is: 'over', why };
    trace.push(why);
  }
  if (user.forwarding !== undefined) {
    trace.push(because('S0-31', `${user.title} forwards all calls to ${user.forwarding}`));
    return { is: 'onward', way: 'forward', to: user.forwarding };
  }
  const ring = ringPlan(party, read.devices);
  if (failed === undefined && ring.length > 0) return { is: 'ringing', ring };
  trace.push(because('C11', `${user.title} is not reached: ${inWords[failed ?? 'no-device']}`));
  if (call.queue) {
    return {
      is: 'over',
      why: because('S0-43', `It comes from the queue ${call.queue.name}; targets are for direct calls`),
    };
  }
  if (user.target === undefined) return { is: 'over', why: because('S0-43', `${user.title} has no target`) };
  trace.push(because('S0-43', `It is a direct call, and goes to ${user.title}’s target ${user.target}`));
  return { is: 'onward', way: 'transfer', to: user.target };
}

const inWords: Record<Failure, string> = {
  'no-answer': 'nobody answers',
  busy: 'the line is busy',
  rejected: 'the call was rejected',
  'no-device': 'there is no device that could ring',
};

/** A queue's calls go to who is logged on to it and ready, and to who always is. */
function inQueue({ user, work }: Party, { id, name }: Queue): { takes: boolean; why: Reason } {
  const { title } = user;
  const said = (takes: boolean, rule: string, detail: string) => ({ takes, why: because(rule, detail) });
  if (!(workTypes.queues as readonly string[]).includes(user.userType)) {
    return said(false, 'S0-7', `${title} is of type ${user.userType}, which takes no calls of queues`);
  }
  if (user.staticLogin) return said(true, 'S0-38', `${title} is always logged in and ready (C7)`);
  if (!work.queues.includes(id)) return said(false, 'C7', `${title} is not logged on to the queue ${name}`);
  if (work.ready === false) return said(false, 'C7', `${title} is logged on to the queue ${name}, but not ready`);
  return said(true, 'C7', `${title} is logged on to the queue ${name}, and ready`);
}

/** Whose the extension of a target is, is not looked up before the call goes there: mostly somebody answers. */
function ringing(
  ring: Ringing[],
  { queue }: InboundCall,
  { user }: Party,
  { queues }: Read,
  trace: Reason[],
): Partial<Inbound> {
  const ringsFor = Math.max(...ring.map(({ endsAt }) => endsAt));
  trace.push(
    because(
      'S0-42',
      `Rings at ${user.title} by delay and duration of ${ring.length === 1 ? 'one turn' : `${ring.length} turns`}, ${ringsFor} s in all (C9)`,
    ),
  );
  const goesTo = queue || user.target === undefined ? undefined : placeOf(user.target, queues);
  if (!goesTo) return { ring, ringsFor };
  trace.push(
    because(
      'S0-43',
      `Unanswered, rejected, busy or without a device it goes to ${user.title}’s target ${user.target} (C11)`,
    ),
  );
  return { ring, ringsFor, otherwise: { goesTo, when: [...failures] } };
}

/** Undefined: a queue that is not there. */
function placeOf(to: string, queues: ReadonlyMap<string, Queue>): Place | undefined {
  if (isOutside(to)) return { kind: 'number', number: to };
  if (isExtension(to)) return { kind: 'extension', number: to };
  const queue = queues.get(to);
  return queue && { kind: 'queue', queue: { id: queue.id, name: queue.name } };
}
