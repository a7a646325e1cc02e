// How a user's own calls go out, and how their phone is reached: an item beside the user's own, read for each call that they make.
// What calls to them are decided by stands on the user's item.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import { predictiveSortings, sipOptions } from '#contract/telephony.ts';
import { userKeys } from '#table/keys.ts';
import { type Item, put, remove, type Write } from '#table/write.ts';

const telephonyItem = once(() =>
  z.object({
    type: z.literal('telephony'),
    v: z.literal(1),
    outgoingNumbers: z.array(z.string()).optional(),
    callerName: z.string().optional(),
    sipOption: z.enum(sipOptions).optional(),
    sipUri: z.string().optional(),
    sipUsername: z.string().optional(),
    /** Sealed (secrets.ts); and when it was set. */
    sipPassword: z.string().optional(),
    sipPasswordSetAt: z.number().optional(),
    autoDial: z.boolean().optional(),
    predictiveQueue: z.boolean().optional(),
    /** Overrides of what the tenant says (S4-14); they count while the user's predictive queue is on. */
    predictiveRatio: z.number().optional(),
    predictiveSorting: z.enum(predictiveSortings).optional(),
  }),
);

export type Telephony = Omit<z.output<ReturnType<typeof telephonyItem>>, 'type' | 'v'>;

/** What a request can name of it. */
export const telephonyFields = [
  'outgoingNumbers',
  'callerName',
  'sipOption',
  'sipUri',
  'sipUsername',
  'sipPassword',
  'autoDial',
  'predictiveQueue',
  'predictiveRatio',
  'predictiveSorting',
] as const satisfies readonly (keyof Telephony)[];

const kept: readonly string[] = [...telephonyFields, 'sipPasswordSetAt' satisfies keyof Telephony];

export function isOfTelephony(field: string): boolean {
  return kept.includes(field);
}

/** Undefined: the user has none. */
export function readTelephony(item: Item | undefined): Telephony {
  if (!item) return {};
  const { type: _type, v: _v, ...telephony } = telephonyItem().parse(item);
  return telephony;
}

export function touchesTelephony(changes: object): boolean {
  return telephonyFields.some((field) => (changes as Telephony)[field] !== undefined);
}

/** Goes with a change of the user, whose version guards it. */
export function telephonyWrite(userId: string, telephony: Telephony): Write {
  const values = Object.entries(telephony).filter(([field, value]) => isOfTelephony(field) && value !== undefined);
  const key = userKeys.telephony(userId);
  if (values.length === 0) return remove(key);
  return put({ ...key, type: 'telephony', v: 1, ...Object.fromEntries(values) });
}
