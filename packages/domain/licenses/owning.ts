// How many seats the tenant owns, and what one costs: the operator says it, in the tenant file or by the operation (S1-35).

import { Problem } from '#contract/problems.ts';
import type { Price } from '#contract/seats.ts';
import { licenseKeys, seatsKey } from '#table/keys.ts';
import { type Item, put, update, type Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { type Seats, seatsItem } from './seats.ts';

/** Of one license; absent in the file: no seats. */
export interface SaidByFile {
  seats: number;
  price?: Price | undefined;
}

interface Owned {
  owned: number;
  /** Absent: it has none. */
  price?: Price | undefined;
  /** What the tenant file says, where it is the file that changes: remembered beside what is in force. */
  byFile?: SaidByFile | undefined;
  /** Who says so: a user, or `system`. */
  actor?: string;
  /** Even if more are used: nobody loses theirs, and nobody gets one until there are enough. */
  force: boolean;
}

/** @throws at commit Problem `version_stale`, `seats_in_use` */
export function owning(deps: Deps, seats: Seats, { owned, price, byFile, actor = 'system', force }: Owned): Write[] {
  const by = owned - seats.owned;
  const gone = [...(price ? [] : ['price']), ...(byFile && !byFile.price ? ['priceByFile'] : [])];
  const write = update(
    seatsKey(seats.license),
    {
      increase: { free: by },
      set: {
        owned,
        version: seats.version + 1,
        updatedAt: deps.now(),
        ...(price && { price }),
        ...(byFile && { ownedByFile: byFile.seats, ...(byFile.price && { priceByFile: byFile.price }) }),
      },
      ...(gone.length > 0 && { remove: gone }),
    },
    {
      if: ['and', ['=', 'version', seats.version], ...(by < 0 && !force ? [['>=', 'free', -by] as const] : [])],
      otherwise: (found) => refused(found, seats, owned),
    },
  );
  if (by === 0) return [write];
  return [write, ownedSince(seats.license, { owned, by: actor, version: seats.version + 1 }, deps.now())];
}

/** Remembers what was owned from then on. */
export function ownedSince(
  license: string,
  { owned, by, version }: { owned: number; by: string; version: number },
  at: number,
): Write {
  return put({ ...licenseKeys.owned(license, at, version), type: 'owned', v: 1, owned, by, at });
}

function refused(found: Item | undefined, before: Seats, owned: number): Problem {
  const { license, version, used } = seatsItem().parse(found);
  if (version !== before.version) {
    return new Problem('version_stale', {
      detail: `What is owned of ${license} has version ${version} now; read it, decide again, and send If-Match: "${version}"`,
      because: version,
    });
  }
  return new Problem('seats_in_use', {
    detail: `${used} seats of ${license} are used, and ${owned} would be owned; free ${used - owned} first, or repeat with ?force=true: nobody loses theirs, and nobody gets one until there are enough`,
    rule: 'S1-35',
    because: { license, used, owned },
    remedy: `Free seats first (GET /v1/licenses/usage/users?license=${license}), or repeat with ?force=true`,
  });
}
