// The recount: what users hold, user by user, against the counters, and against what the definitions say that they need. Nothing
// should ever differ; what does is told, and mended by writes that stand on what was found.

import { seatsKey } from '#table/keys.ts';
import { update, type Write } from '#table/write.ts';
import { entry } from '../audit/audit.ts';
import * as definitions from '../definitions/definitions.ts';
import type { Deps } from '../deps.ts';
import { closeLeftOpen } from '../ledger/mending.ts';
import { type Count, countAll } from './counting.ts';
import { reseatAll } from './reseating.ts';
import { allSeats, type Seats } from './seats.ts';

/** How often users are counted at most, while they change. */
const COUNTS_MAX = 5;
/**
 * Between two counts. Users are found by an index, which nobody can read consistently: it shows late who was just created, and two
 * counts that follow at once would both miss them. Counters that have not moved for so long count nobody whom it does not show.
 */
const INDEX_LAG_MS = 10_000;

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

interface Difference {
  before: Seats;
  used: number;
}

/** @param held goes into each write: the lease that it stands on */
export async function recount(deps: Deps, held: () => Write): Promise<Recount> {
  let [drift, ledgerMended] = [0, 0];
  let suspected = new Map<string, Difference>();
  let last: Count;
  const settled = new Set<string>();
  // A license that left the catalogue counts as long as anybody holds it.
  const licenses = new Set<string>();
  let open: string[] = [];
  for (let counts = 1; ; counts++) {
    const rules = await definitions.latest(deps);
    for (const { id } of rules.licensing.catalogue.licenses) licenses.add(id);
    const before = await seatsOf(deps, licenses);
    const count = await countAll(deps, rules);
    last = count;
    for (const license of count.held.keys()) licenses.add(license);
    ledgerMended += count.ledgerMended;
    const differing = new Map<string, Difference>();
    open = [];
    for (const seats of await seatsOf(deps, licenses)) {
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
    await deps.pause(INDEX_LAG_MS);
  }
  const { differences, unseated } = await reseatAll(deps, last.wrong, held);
  for (const license of licenses) ledgerMended += await closeLeftOpen(deps, license);
  const seats = await seatsOf(deps, licenses);
  return {
    drift: drift + differences,
    ledgerMended,
    unseated,
    busy: open,
    licenses: seats.map(({ license, used, owned }) => ({ license, used, owned })),
    users: last.users,
  };
}

function seatsOf(deps: Deps, licenses: ReadonlySet<string>): Promise<Seats[]> {
  return allSeats(deps, { licenses: Array.from(licenses, (id) => ({ id, name: id })), rules: [] });
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
