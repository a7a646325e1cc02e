// The stored password of a user: its hash, in an item of its own that lists never read.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import { userKeys } from '#table/keys.ts';
import { type Item, type LoneWrite, put, update } from '#table/write.ts';
import type { Deps } from '../deps.ts';
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

/**
 * Hashes a password anew that was just verified, with today's parameters. Another password that was set meanwhile stays:
 * the old one must not come back.
 */
export async function rehash(deps: Deps, userId: string, password: string, verified: string): Promise<void> {
  const phc = await hashPassword(password);
  const condition = { if: ['=', 'phc', verified] as const, otherwise: () => new SetMeanwhile() };
  try {
    await deps.table.write(update(userKeys.password(userId), { set: { phc } }, condition));
  } catch (error) {
    if (!(error instanceof SetMeanwhile)) throw error;
  }
}

class SetMeanwhile extends Error {
  override readonly name = 'SetMeanwhile';
}

export async function replacement(userId: string, password: string, now: number): Promise<LoneWrite> {
  const phc = await hashPassword(password);
  return put({ ...userKeys.password(userId), type: 'password', v: 1, phc, setAt: now });
}
