// Use of licenses in numbers and money: from the counts alone, so that it costs the same for ten users and ten thousand (S0-57).

import type { KnownLicense } from './known.ts';
import { shownSeats } from './known.ts';
import { costOf, summed } from './money.ts';
import type { Seats } from './seats.ts';

type Counted = Pick<KnownLicense, 'id' | 'name'> & { seats: Seats };

export function usageOf({ id, name, seats }: Counted) {
  const { owned, used, price } = seats;
  return {
    id,
    name,
    ...shownSeats(seats),
    ...(owned > 0 && { percent: Math.round((used / owned) * 1000) / 10 }),
    ...(price && { cost: { currency: price.currency, owned: costOf(price, owned), used: costOf(price, used) } }),
  };
}

/** One a currency: amounts of different ones are never added up. */
export function totalsOf(licenses: readonly Counted[]) {
  const priced = licenses.flatMap(({ seats }) => (seats.price ? [{ ...seats, price: seats.price }] : []));
  const sums = (what: 'owned' | 'used') =>
    summed(priced.map(({ price, ...seats }) => ({ currency: price.currency, amount: costOf(price, seats[what]) })));
  const used = sums('used');
  return sums('owned').map(({ currency, amount }, n) => ({ currency, owned: amount, used: used[n]?.amount ?? 0 }));
}
