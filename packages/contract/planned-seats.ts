// What a plan would do to seats and money, as every plan shows it: of one user, of an edit of a definition, of a bulk edit.

import * as z from 'zod';
import { licenseId } from './license-catalogue.ts';
import { once } from './once.ts';
import { price } from './seats.ts';

const counts = once(() =>
  z.object({ used: z.int(), free: z.int().meta({ description: 'Below zero: so many are missing' }) }),
);

export const plannedSeats = once(() =>
  z
    .array(
      z.object({
        license: licenseId(),
        name: z.string(),
        owned: z.int(),
        before: counts(),
        after: counts(),
        price: price().optional().meta({ description: 'Absent: it has none' }),
      }),
    )
    .optional()
    .meta({ description: 'Of each license of which a seat would move; with the permission `licenses:read`' }),
);

export const plannedMoney = once(() =>
  z
    .array(
      z.object({
        currency: z.string().meta({ description: 'ISO 4217', example: 'EUR' }),
        before: z.number(),
        after: z.number(),
      }),
    )
    .optional()
    .meta({
      description:
        'What the used seats of these licenses cost a month, one a currency; with the permission `licenses:read`',
    }),
);
