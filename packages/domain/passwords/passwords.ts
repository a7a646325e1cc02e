// The stored password of a user: its hash and those of the passwords before, in an item of its own that lists never read.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import { Problem } from '#contract/problems.ts';
import type { Settings } from '#contract/settings.ts';
import { userKeys } from '#table/keys.ts';
import { absent, type Item, type LoneWrite, put, update } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import type { User } from '../users/user.ts';
import { hashPassword, verifyPassword } from './hash.ts';
import { checkPassword, reasonsAgainst, refuse } from './policy.ts';

const DAY_MS = 86_400_000;
/** How long a password is good for that somebody else has set (K3). */
export const TEMPORARY_HOURS = 72;

export const passwordItem = once(() =>
  z.object({
    type: z.literal('password'),
    v: z.literal(1),
    phc: z.string(),
    setAt: z.number(),
    /** Epoch ms; of a password that an administrator has set. It must be changed at the first sign-in, and is dead from then on. */
    temporaryUntil: z.number().optional(),
    /** The passwords before as PHC strings, newest first; as many as the settings wanted when this one was set. */
    history: z.array(z.string()).optional(),
  }),
);

export function hashOf(item: Item | undefined): string | undefined {
  return item && passwordItem().parse(item).phc;
}

/** Is it a temporary password whose time is over? It signs nobody in any more. */
export function isExpired(item: Item | undefined, now: number): boolean {
  const { temporaryUntil } = item ? passwordItem().parse(item) : {};
  return temporaryUntil !== undefined && temporaryUntil <= now;
}

/** Must another be chosen before it opens anything: because it is temporary (K3), or older than the tenant lets it get? */
export function mustChange(item: Item | undefined, settings: Pick<Settings, 'passwordDays'>, now: number): boolean {
  if (!item) return false;
  const { setAt, temporaryUntil } = passwordItem().parse(item);
  if (temporaryUntil !== undefined) return true;
  return settings.passwordDays !== null && setAt + settings.passwordDays * DAY_MS <= now;
}

/**
 * The write of the password that the user has chosen, checked against the policy, the present one and those before.
 * @param item the present password as read: of parallel changes one wins
 * @throws Problem `password_refused` with every reason at once; at commit `try_again` when another was set meanwhile
 */
export async function chosen(
  deps: Deps,
  user: User,
  item: Item | undefined,
  password: string,
  settings: Settings,
): Promise<LoneWrite> {
  const reasons = reasonsAgainst(password, user, deps.tenant.name, settings);
  if (await wasUsed(password, item, settings)) reasons.push('was used before');
  refuse(reasons);
  return replacement(deps, user.id, item, { password, settings });
}

/**
 * The write of a password that somebody else has set for the user, and until when it is good (K3). Not compared with what
 * the user had before: the answer would tell an administrator whether a guess of it is right.
 * @throws Problem `password_refused`; at commit `try_again` when another was set meanwhile
 */
export async function temporary(
  deps: Deps,
  user: User,
  item: Item | undefined,
  password: string,
  settings: Settings,
): Promise<{ until: number; write: LoneWrite }> {
  checkPassword(password, user, deps.tenant.name, settings);
  // Who begins later can use it from then on, for as long as anybody else.
  const until = Math.max(deps.now(), user.activeFrom ?? 0) + TEMPORARY_HOURS * 3_600_000;
  return { until, write: await replacement(deps, user.id, item, { password, settings, temporaryUntil: until }) };
}

/** The write of a new password in the place of the one that was read. @throws at commit Problem `try_again` */
export async function replacement(
  deps: Deps,
  userId: string,
  item: Item | undefined,
  given: { password: string; settings: Pick<Settings, 'passwordHistory'>; temporaryUntil?: number },
): Promise<LoneWrite> {
  const { password, settings, temporaryUntil } = given;
  const before = item && passwordItem().parse(item);
  const history = earlier(before).slice(0, settings.passwordHistory);
  const values = {
    type: 'password',
    v: 1,
    phc: await hashPassword(password),
    setAt: deps.now(),
    ...(temporaryUntil !== undefined && { temporaryUntil }),
    ...(history.length > 0 && { history }),
  };
  return put(
    { ...userKeys.password(userId), ...values },
    { if: before ? ['=', 'phc', before.phc] : absent, otherwise: setMeanwhile },
  );
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

/** The present password is never the next one, whatever the setting. One hash for each that is compared. */
async function wasUsed(
  password: string,
  item: Item | undefined,
  settings: Pick<Settings, 'passwordHistory'>,
): Promise<boolean> {
  const known = earlier(item && passwordItem().parse(item)).slice(0, settings.passwordHistory + 1);
  for (const phc of known) {
    if (await verifyPassword(password, phc)) return true;
  }
  return false;
}

/** What the next password comes after, newest first. */
function earlier(present: z.output<ReturnType<typeof passwordItem>> | undefined): string[] {
  return present ? [present.phc, ...(present.history ?? [])] : [];
}

function setMeanwhile(): Problem {
  return new Problem('try_again', {
    detail: 'The password was set by another request at this very moment; look whether it is the one you meant',
    retryAfterSeconds: 1,
  });
}
