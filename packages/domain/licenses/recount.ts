// The recount: what users hold, user by user, against the counters, and against what the definitions say that they need. Nothing
// should ever differ; what does is told, and mended by writes that stand on what was found. Remembers totals, and of users alone
// those who differ.

import { seatsKey, shelves, userKeys } from '#table/keys.ts';
import { update, type Write } from '#table/write.ts';
import { entry } from '../audit/audit.ts';
import * as definitions from '../definitions/definitions.ts';
import type { Deps } from '../deps.ts';
import { mendLedger } from '../ledger/mending.ts';
import { readUser } from '../users/user.ts';
import { neededBy, type Rules } from './consumption.ts';
import { reseat } from './reseating.ts';
import { allSeats, type Seats } from './seats.ts';

/** How often users are counted at most, while they change. */
const COUNTS_MAX = 5;
/** Users that one read gets. */
const USERS = 100;
/** Users that one run seats anew; should there be more, the next one goes on. */
const RESEATED_MAX = 200;

export interface Recount {
  /** Differences that were found: seats that counters had too many or too few, seats that users should have or should not. */
  drift: number;
  /** Intervals that the ledger lacked or had too many. */
  ledgerMended: number;
  /** Users who differ still: no seat was free for them. */
  unseated: string[];
  /** Licenses that were too busy to be compared. */
  busy: string[];
  licenses: { license: string; used: number; owned: number }[];
  /** "<type> <state>" → users. */
  users: Record<string, number>;
}

/** What one walk through all users has found. */
interface Count {
  held: Map<string, number>;
  users: Record<string, number>;
  /** Users who hold other seats than they need. */
  wrong: string[];
  ledgerMended: number;
}

interface Difference {
  before: Seats;
  used: number;
}

/** @param held goes into each write: the lease that it stands on */
export async function recount(deps: Deps, held: () => Write): Promise<Recount> {
  let [drift, ledgerMended] = [0, 0];
  let suspected = new Map<string, Difference>();
  let found: { count: Count; rules: definitions.Definitions };
  const settled = new Set<string>();
  let open: string[] = [];
  for (let counts = 1; ; counts++) {
    const rules = await definitions.latest(deps);
    const before = await allSeats(deps, rules.licensing.catalogue);
    const count = await countAll(deps, rules);
    found = { count, rules };
    ledgerMended += count.ledgerMended;
    const differing = new Map<string, Difference>();
    open = [];
    for (const seats of await allSeats(deps, rules.licensing.catalogue)) {
      const { license } = seats;
      if (settled.has(license)) continue;
      const difference = differenceOf(before, seats, count);
      // The index may have shown somebody twice or not at all: only what is found twice is so.
      const repaired = isTheSame(suspected.get(license), difference) ? await repair(deps, difference, held) : 0;
      drift += repaired;
      if (difference === 'none' || repaired > 0) settled.add(license);
      else open.push(license);
      if (typeof difference === 'object') differing.set(license, difference);
    }
    suspected = differing;
    if (open.length === 0 || counts === COUNTS_MAX) break;
  }
  const { differences, unseated } = await reseatAll(deps, found.count.wrong, held);
  const licenses = await allSeats(deps, found.rules.licensing.catalogue);
  return {
    drift: drift + differences,
    ledgerMended,
    unseated,
    busy: open,
    licenses: licenses.map(({ license, used, owned }) => ({ license, used, owned })),
    users: found.count.users,
  };
}

async function reseatAll(
  deps: Deps,
  wrong: readonly string[],
  held: () => Write,
): Promise<{ differences: number; unseated: string[] }> {
  const unseated: string[] = [];
  let differences = 0;
  for (const id of wrong.slice(0, RESEATED_MAX)) {
    const came = await reseat(deps, id, held);
    differences += came.differences;
    if (!came.isSeated) unseated.push(id);
  }
  return { differences, unseated };
}

type Judged = Difference | 'none' | 'busy';

function differenceOf(all: readonly Seats[], after: Seats, { held }: Count): Judged {
  const before = all.find(({ license }) => license === after.license);
  if (!before || before.moves !== after.moves || before.version !== after.version) return 'busy';
  const used = held.get(after.license) ?? 0;
  return used === after.used && after.free === after.owned - after.used ? 'none' : { before: after, used };
}

function isTheSame(one: Difference | undefined, other: Judged): other is Difference {
  return (
    one !== undefined && typeof other === 'object' && one.used === other.used && one.before.moves === other.before.moves
  );
}

async function countAll(deps: Deps, rules: Rules): Promise<Count> {
  const count: Count = { held: new Map(), users: {}, wrong: [], ledgerMended: 0 };
  for (const partition of shelves.flatMap(userKeys.listPartitions)) {
    let waiting: string[] = [];
    for await (const { pk } of deps.table.all({ index: 'users', partition })) {
      waiting.push(pk);
      if (waiting.length < USERS) continue;
      await countSome(deps, rules, waiting, count);
      waiting = [];
    }
    await countSome(deps, rules, waiting, count);
  }
  return count;
}

async function countSome(deps: Deps, rules: Rules, partitions: readonly string[], count: Count): Promise<void> {
  if (partitions.length === 0) return;
  const keys = partitions.map((pk) => userKeys.user(pk.slice(userKeys.partition('').length)));
  const users = (await deps.table.batchGet(keys)).filter((item) => item !== undefined).map(readUser);
  for (const user of users) {
    const name = `${user.userType} ${user.state}`;
    count.users[name] = (count.users[name] ?? 0) + 1;
    const held = Object.keys(user.seats?.held ?? {});
    for (const license of held) count.held.set(license, (count.held.get(license) ?? 0) + 1);
    // While an edit is being prepared, some hold what they will need, and some what they needed.
    if (!rules.licensing.underway && held.sort().join() !== [...neededBy(user, rules)].sort().join()) {
      count.wrong.push(user.id);
    }
  }
  count.ledgerMended += await mendLedger(deps, users, rules);
}

/** @returns by how many seats the counters were wrong; 0 where they moved before they could be mended: it is found again */
async function repair(deps: Deps, { before, used }: Difference, held: () => Write): Promise<number> {
  const { license, owned, moves, version } = before;
  const [usedBy, freeBy] = [used - before.used, owned - used - before.free];
  const write = update(
    seatsKey(license),
    { increase: { used: usedBy, free: freeBy, moves: 1 } },
    {
      if: ['and', ['=', 'moves', moves], ['=', 'version', version]],
      otherwise: () => new Moved(),
    },
  );
  const told = entry(deps, {
    event: 'seats.repaired',
    actor: 'system',
    subject: { type: 'license', id: license },
    before: { used: before.used, free: before.free },
    after: { used, free: owned - used },
  });
  try {
    await deps.table.transact([held(), write, told]);
    return Math.max(Math.abs(usedBy), Math.abs(freeBy));
  } catch (error) {
    if (!(error instanceof Moved)) throw error;
    return 0;
  }
}

/** Not for callers: somebody took or freed a seat in between. */
class Moved extends Error {
  override readonly name = 'Moved';
}
