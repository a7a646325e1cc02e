// The operator sets what is owned of a license (S1-35), by the operation or in the tenant file. Where that leaves more seats used than owned, by their choice, it is recorded
// how many; so nobody may take or free one between the look at them and the write.

import { Problem } from '#contract/problems.ts';
import type { Price } from '#contract/seats.ts';
import { seatsKey } from '#table/keys.ts';
import type { Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { shownSeats } from './known.ts';
import { owning, type SaidByFile } from './owning.ts';
import { type Seats, seatsItem } from './seats.ts';

interface Wanted {
  owned: number;
  price?: Price | undefined;
  /** Absent: by the operation. */
  byFile?: SaidByFile;
  force: boolean;
}

/** @throws Problem `license_not_found`, for one that was never in the catalogue */
export async function requireSeats(deps: Deps, license: string): Promise<Seats> {
  const item = await deps.table.get(seatsKey(license));
  if (item) return seatsItem().parse(item);
  throw new Problem('license_not_found', { detail: `There is no license ${license}`, because: license });
}

/** @throws Problem `version_stale` with what there is now; at commit that, `seats_in_use`, or SeatsMoved: look again */
export function setting(
  deps: Deps,
  before: Seats,
  version: number,
  { owned, price, byFile, force }: Wanted,
): { after: Seats; writes: Write[] } {
  if (before.version !== version) throw stale(before);
  const free = owned - before.used;
  const after: Seats = { ...before, owned, free, price, version: version + 1 };
  const isOver = free < 0;
  const wanted = { owned, price, byFile, actor: byFile ? 'system' : 'operator', force: force && isOver };
  const [write, ...others] = owning(deps, before, wanted) as [Write, ...Write[]];
  const condition = write.if as NonNullable<Write['if']>;
  const asSeen: Write = {
    ...write,
    if: isOver ? ['and', condition, ['=', 'moves', before.moves]] : condition,
    otherwise: (found) => {
      if (found && found.version !== before.version) return stale(seatsItem().parse(found));
      // Who means it anyway is not refused for what has just happened either.
      if ((isOver || force) && found?.moves !== before.moves) return new SeatsMoved();
      return write.otherwise?.(found) as Error;
    },
  };
  return { after, writes: [asSeen, ...others] };
}

/** Somebody has taken or freed a seat meanwhile. */
export class SeatsMoved extends Error {
  override readonly name = 'SeatsMoved';
}

const TRIES = 8;

/** @throws Problem `try_again` */
export async function retrySeatsMoved<T>(set: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await set();
    } catch (error) {
      if (!(error instanceof SeatsMoved)) throw error;
      if (tries === TRIES) throw new Problem('try_again', { retryAfterSeconds: 1, cause: error });
    }
  }
}

/** For the audit. */
export function auditedSeats({ owned, price, ...seats }: Seats) {
  const { overCommitted } = shownSeats({ owned, price, ...seats });
  return { owned, ...(price && { price }), ...(overCommitted > 0 && { overCommitted }) };
}

function stale(current: Seats): Problem {
  const { license, version, price } = current;
  return new Problem('version_stale', {
    detail: `What is owned of ${license} has version ${version} now; decide again by what there is, and send If-Match: "${version}"`,
    because: version,
    extra: { current: { id: license, version, ...shownSeats(current), ...(price && { price }) } },
  });
}
