// The stored password of a user: its hash, in an item of its own that lists never read.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import { userKeys } from '#table/keys.ts';
import { type Item, type LoneWrite, put } from '#table/write.ts';
import { hashPassword } from './hash.ts';

export const passwordItem = once(() =>
  z.object({
    type: z.literal('password'),
    v: z.literal(1),
    phc: z.string(),
    setAt: z.number(),
  }),
);

export function hashOf(item: Item | undefined): string | undefined {
  return item && passwordItem().parse(item).phc;
}

export async function replacement(userId: string, password: string, now: number): Promise<LoneWrite> {
  const phc = await hashPassword(password);
  return put({ ...userKeys.password(userId), type: 'password', v: 1, phc, setAt: now });
}
