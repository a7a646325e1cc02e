// Forgotten passwords (S0-25, S3-7, K14): a link by mail, good once and for an hour, of which only the hash is kept.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import { Problem } from '#contract/problems.ts';
import { userKeys } from '#table/keys.ts';
import { type Item, put, remove, type Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { HOUR_MS, type Limit } from '../limits/limits.ts';
import { isSecret, mintToken, readToken } from '../secrets/token.ts';
import type { User } from '../users/user.ts';

export const resetItem = once(() =>
  z.object({
    type: z.literal('reset'),
    v: z.literal(1),
    secretHash: z.string(),
    /** Dead once the user's epoch has moved on: the address or the factors changed since. */
    epoch: z.number(),
    expiresAt: z.number(),
  }),
);

export const resetMailLimit = (userId: string): Limit => ({
  key: userKeys.limit(userId, 'reset-mails'),
  max: 5,
  code: 'too_many_codes',
  what: 'reset mails',
});

export function isResettable(user: User | undefined): user is User & { authEmail: string } {
  return user !== undefined && user.state !== 'deactivated' && user.authEmail !== undefined;
}

/** A new reset replaces the one before. */
export function creation(
  deps: Deps,
  userId: string,
  epoch: number,
): { token: string; expiresAt: number; write: Write } {
  const { token, secretHash } = mintToken(deps, 'rrst', userId);
  const expiresAt = deps.now() + HOUR_MS;
  const item = { type: 'reset', v: 1, secretHash, epoch, expiresAt, ttl: Math.ceil(expiresAt / 1000) };
  return { token, expiresAt, write: put({ ...userKeys.reset(userId), ...item }) };
}

/** Consumes the reset that the token stands for, once. @throws Problem `link_over`, here or at commit */
export function consumption(
  token: string,
  user: User | undefined,
  item: Item | undefined,
  now: number,
): { user: User; consumption: Write } {
  const read = readToken('rrst', token);
  const reset = item && resetItem().parse(item);
  if (
    !read ||
    !reset ||
    !isSecret(read, reset) ||
    reset.expiresAt <= now ||
    !isResettable(user) ||
    reset.epoch !== user.epoch
  ) {
    throw linkOver();
  }
  const once = { if: ['=', 'secretHash', reset.secretHash] as const, otherwise: linkOver };
  return { user, consumption: remove(userKeys.reset(user.id), once) };
}

function linkOver(): Problem {
  return new Problem('link_over', {
    detail: 'A reset link works once, for 60 minutes, and only the newest; ask for another',
  });
}
