// Money: sums are made in cents, so that a thousand seats of 0.10 cost 100 and not a little less.

import type { Price } from '#contract/seats.ts';

/** What so many seats cost a month, in the currency of the price. */
export function costOf({ amount }: Price, seats: number): number {
  return (centsOf(amount) * seats) / 100;
}

/** Adds up amounts of each currency; currencies by name. */
export function summed(amounts: readonly Price[]): Price[] {
  const cents = new Map<string, number>();
  for (const { amount, currency } of amounts) cents.set(currency, (cents.get(currency) ?? 0) + centsOf(amount));
  return [...cents].sort(([a], [b]) => (a < b ? -1 : 1)).map(([currency, sum]) => ({ amount: sum / 100, currency }));
}

/** Prices have two decimals at most; as binary fractions they are a little off. */
function centsOf(amount: number): number {
  return Math.round(amount * 100);
}
