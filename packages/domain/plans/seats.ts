// Seats and money before and after what is planned, in the words of every plan's answer. Pure.

import type { License } from '#contract/license-catalogue.ts';
import type { Price } from '#contract/seats.ts';
import { costOf, summed } from '../licenses/money.ts';
import type { Seats } from '../licenses/seats.ts';

type Counted = Pick<Seats, 'license' | 'owned' | 'used'> & { price?: Price | undefined };

/**
 * @param seats as they are; those of licenses that do not move are left out
 * @param moves how many more or fewer are used of each license
 */
export function seatsPlanned(
  licenses: readonly Pick<License, 'id' | 'name'>[],
  seats: readonly Counted[],
  moves: ReadonlyMap<string, number>,
) {
  const moved = seats
    .filter(({ license }) => moves.has(license))
    .map(({ license, owned, used, price }) => {
      const counts = (count: number) => ({ used: count, free: owned - count });
      return {
        license,
        name: nameIn(licenses, license),
        owned,
        before: counts(used),
        after: counts(used + (moves.get(license) ?? 0)),
        ...(price && { price }),
      };
    });
  const sums = (when: 'before' | 'after') =>
    summed(
      moved.flatMap(({ price, ...each }) =>
        price ? [{ currency: price.currency, amount: costOf(price, each[when].used) }] : [],
      ),
    );
  const after = sums('after');
  return {
    seats: moved,
    money: sums('before').map(({ currency, amount }, n) => ({
      currency,
      before: amount,
      after: after[n]?.amount ?? 0,
    })),
  };
}

export function nameIn(licenses: readonly Pick<License, 'id' | 'name'>[], id: string): string {
  return licenses.find((license) => license.id === id)?.name ?? id;
}
