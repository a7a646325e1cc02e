// Forgotten passwords (S0-25, S3-4, S3-7, K14): a link by mail, good once and for an hour, or a code by SMS for ten minutes.
// An account has one of them at most, the newest; only a hash or a keyed fingerprint of it is kept.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import { Problem } from '#contract/problems.ts';
import type { Settings } from '#contract/settings.ts';
import { userKeys } from '#table/keys.ts';
import { type Item, put, remove, type Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { needsPassword } from '../invites/invites.ts';
import type { Limit } from '../limits/limits.ts';
import type { Channel } from '../outbox/outbox.ts';
import { isSecret, mintToken, readToken } from '../secrets/token.ts';
import type { Account } from '../sign-in/account.ts';
import { isInActiveDates, type User } from '../users/user.ts';

const common = {
  type: z.literal('reset'),
  v: z.literal(1),
  /** Dead once the user's epoch has moved on: the address or the factors changed since. */
  epoch: z.number(),
  expiresAt: z.number(),
};

export const resetItem = once(() =>
  z.discriminatedUnion('by', [
    z.object({ ...common, by: z.literal('email'), secretHash: z.string() }),
    z.object({ ...common, by: z.literal('sms'), codeFingerprint: z.string(), tries: z.number() }),
  ]),
);

/** How long each is good for. */
export const resetMinutes: Readonly<Record<Channel, number>> = { email: 60, sms: 10 };

/** Mails and SMS together. */
export const resetMailLimit = (userId: string): Limit => ({
  key: userKeys.limit(userId, 'reset-mails'),
  max: 5,
  code: 'too_many_codes',
  what: 'reset mails',
});

/** Where a reset of the user's password goes; undefined when there is nothing to reset, or no such address. */
export function addressFor(
  user: User | undefined,
  by: Channel,
  settings: Pick<Settings, 'ssoPasswordFallback'>,
  now: number,
): string | undefined {
  if (!user || user.state === 'deactivated' || !isInActiveDates(user, now)) return undefined;
  if (!needsPassword(user, settings)) return undefined;
  return by === 'email' ? user.authEmail : user.mobile;
}

/** A new reset replaces the one before. Made for nobody as well, so that asking costs the same (K14). */
export async function creation(
  deps: Deps,
  userId: string,
  epoch: number,
  by: Channel,
): Promise<{ secret: string; expiresAt: number; write: Write }> {
  const expiresAt = deps.now() + resetMinutes[by] * 60_000;
  const { secret, kept } = by === 'email' ? aLink(deps, userId) : await aCode(deps, userId);
  const item = { type: 'reset', v: 1, by, ...kept, epoch, expiresAt, ttl: Math.ceil(expiresAt / 1000) };
  return { secret, expiresAt, write: put({ ...userKeys.reset(userId), ...item }) };
}

function aLink(deps: Deps, userId: string) {
  const { token, secretHash } = mintToken(deps, 'rrst', userId);
  return { secret: token, kept: { secretHash } };
}

async function aCode(deps: Deps, userId: string) {
  const code = eightDigits(deps);
  const sealer = await deps.sealer();
  return { secret: code, kept: { codeFingerprint: sealer.fingerprint(codePurpose(userId), code), tries: 0 } };
}

export const codePurpose = (userId: string) => `reset code ${userId}`;

/** Uniform: draws above the last whole hundred million are thrown away. */
function eightDigits(deps: Deps): string {
  const whole = Math.floor(2 ** 32 / 1e8) * 1e8;
  for (;;) {
    const drawn = deps.randomBytes(4).readUInt32BE();
    if (drawn < whole) return String(drawn % 1e8).padStart(8, '0');
  }
}

/** Who may choose a new password, and what uses their link or code up. */
export interface Redemption {
  user: User;
  writes: Write[];
}

/** Redeems the link that the token came with, once. @throws Problem `link_over`, here or at commit */
export function redeemedLink(token: string, account: Account, settings: Settings, now: number): Redemption {
  const read = readToken('rrst', token);
  const reset = standing(account, 'email', settings, now);
  if (!read || !reset || !isSecret(read, reset.item)) throw linkOver();
  const once = { if: ['=', 'secretHash', reset.item.secretHash] as const, otherwise: linkOver };
  return { user: reset.user, writes: [remove(userKeys.reset(reset.user.id), once)] };
}

type Reset = z.output<ReturnType<typeof resetItem>>;

/** The account's reset of that kind, as long as it may be redeemed. */
export function standing<By extends Channel>(
  { user, reset: item }: Account,
  by: By,
  settings: Settings,
  now: number,
): { user: User; item: Extract<Reset, { by: By }> } | undefined {
  const reset = item && resetItem().parse(item);
  if (!user || addressFor(user, by, settings, now) === undefined) return undefined;
  if (reset?.by !== by || reset.expiresAt <= now || reset.epoch !== user.epoch) return undefined;
  return { user, item: reset as Extract<Reset, { by: By }> };
}

/** One answer for wrong, used, replaced, expired and never asked for (K14). */
export function linkOver(_found?: Item): Problem {
  return new Problem('link_over', {
    detail: `A reset works once, and only the newest: a link for ${resetMinutes.email} minutes, a code for ${resetMinutes.sms} minutes and five tries; ask for another`,
  });
}
