// The PIN by which users log on to queues by telephone (S3-5): hashed like a password, known to nobody but them.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import { Problem } from '#contract/problems.ts';
import { userKeys } from '#table/keys.ts';
import { check, type Item, put, remove, type Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { hashPassword } from '../passwords/hash.ts';
import type { User } from '../users/user.ts';

const pinItem = once(() => z.object({ type: z.literal('pin'), v: z.literal(1), phc: z.string(), setAt: z.number() }));

export function hashOf(item: Item | undefined): string | undefined {
  return item && pinItem().parse(item).phc;
}

/** @throws Problem `invalid_input` for the numeric ID, which is no secret */
export async function chosen(deps: Deps, { id, numericId }: User, pin: string): Promise<Write> {
  if (isNumericId(pin, numericId)) {
    const detail = 'is your numeric ID, which others know; choose other digits';
    throw new Problem('invalid_input', {
      detail: `/body/pin ${detail}`,
      errors: [{ pointer: '/body/pin', detail }],
      rule: 'S3-5',
      because: 'numericId',
      remedy: 'Choose other digits',
    });
  }
  return put({ ...userKeys.pin(id), type: 'pin', v: 1, phc: await hashPassword(pin), setAt: deps.now() });
}

/** 042 is dialled like 42. */
export function isNumericId(pin: string, numericId: string | undefined): boolean {
  return numericId !== undefined && Number(pin) === Number(numericId);
}

export function removal(userId: string): Write {
  return remove(userKeys.pin(userId));
}

/** It is the one that was verified; taken away or changed meanwhile, it opens nothing. @param otherwise what the caller is told */
export function stillThat(userId: string, phc: string, otherwise: () => Problem): Write {
  return check(userKeys.pin(userId), ['=', 'phc', phc], otherwise);
}
