// Seats of a license: how many the tenant owns, and what one costs.

import * as z from 'zod';
import { once } from './once.ts';

export const seatCount = once(() =>
  z
    .number({ error: 'must be a number of seats' })
    .int('must be a whole number: nobody owns half a seat')
    .min(0, 'must not be negative')
    .max(1_000_000, 'must be 1,000,000 at most')
    .meta({ description: 'Seats', example: 25 }),
);

export const price = once(() =>
  z
    .strictObject({
      amount: z
        .number()
        .min(0)
        .max(1_000_000)
        .refine(hasCents, 'must have two decimals at most')
        .meta({ description: 'Of one seat and month', example: 39.5 }),
      currency: z
        .string({ error: 'must be said with every price, like EUR' })
        .refine(isCurrency, 'must be a currency of ISO 4217, like EUR')
        .meta({ description: 'ISO 4217', example: 'EUR' }),
    })
    .meta({ id: 'Price' }),
);

export type Price = z.output<ReturnType<typeof price>>;

export const ownedSeats = once(() => z.strictObject({ seats: seatCount(), price: price().optional() }));

function hasCents(amount: number): boolean {
  return Number(amount.toFixed(2)) === amount;
}

function isCurrency(code: string): boolean {
  return /^[A-Z]{3}$/.test(code) && Intl.supportedValuesOf('currency').includes(code);
}
