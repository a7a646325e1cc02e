// Who a call is for, or comes from, with all that it is decided by; and whose an extension is.

import { Problem } from '#contract/problems.ts';
import { userKeys } from '#table/keys.ts';
import type { Item } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import * as numbers from '../numbers/numbers.ts';
import { readTelephony, type Telephony } from '../users/telephony.ts';
import { readUser, type User } from '../users/user.ts';
import { readSummary, type Summary } from '../work/work.ts';

export interface Party {
  user: User;
  phone: Telephony;
  work: Summary;
}

/** How a read of a user is done: not consistently first, and consistently once more before anybody is said not to be there. */
export type Reading<T> = (deps: Deps, userId: string, how: { consistent: boolean }) => Promise<T | undefined>;

export const partyOf: Reading<Party> = async (deps, userId, how) => {
  const keys = [userKeys.user(userId), userKeys.telephony(userId), userKeys.work(userId)];
  const [user, phone, work] = await deps.table.batchGet(keys, how);
  return user && { user: readUser(user), phone: readTelephony(phone), work: readSummary(work) };
};

/** For decisions that take only the user's own settings. */
export const userAlone: Reading<{ user: User }> = async (deps, userId, how) => {
  const user = await deps.table.get(userKeys.user(userId), how);
  return user && { user: readUser(user) };
};

/**
 * At half the units: a call that comes in within the same moment as a change of a setting may go by the setting before, as it would
 * have a moment earlier. Who calls the API, and what they may do, is read consistently before it.
 */
const MOMENT_OLD = { consistent: false };
const CONSISTENT = { consistent: true };

/** @throws Problem `user_not_found` */
export async function requireParty<T>(deps: Deps, userId: string, read: Reading<T>): Promise<T> {
  const found = (await read(deps, userId, MOMENT_OLD)) ?? (await read(deps, userId, CONSISTENT));
  if (!found) throw new Problem('user_not_found', { detail: `No user has the id ${userId}`, because: userId });
  return found;
}

/**
 * Whose the extension is, of all at this moment: the number leads to the user, and the user must have it.
 * @param ahead the number's item, where it was read beside the authentication; undefined: it was not
 * @returns undefined: nobody's
 */
export async function ownerOf<T extends { user: User }>(
  deps: Deps,
  extension: string,
  read: Reading<T>,
  ahead?: { item: Item | undefined },
): Promise<T | undefined> {
  const key = numbers.keyOf('extensions', extension);
  const leadsTo = async (item: Item | undefined, how: { consistent: boolean }) => {
    const number = item && numbers.numberItem().parse(item);
    if (!number || number.leftAt !== undefined) return undefined;
    const found = await read(deps, number.userId, how);
    return found && isOf(found.user, extension) ? found : undefined;
  };
  const item = ahead ? ahead.item : await deps.table.get(key, MOMENT_OLD);
  // Nobody is told that an extension is nobody's by a read that may be a moment old.
  return (await leadsTo(item, MOMENT_OLD)) ?? leadsTo(await deps.table.get(key, CONSISTENT), CONSISTENT);
}

/** @throws Problem `extension_not_found` */
export async function requireOwner<T extends { user: User }>(
  deps: Deps,
  extension: string,
  read: Reading<T>,
  ahead?: { item: Item | undefined },
): Promise<T> {
  const found = await ownerOf(deps, extension, read, ahead);
  if (found) return found;
  throw new Problem('extension_not_found', {
    detail: `Nobody has the extension ${extension}; one that a user has just left rests, and one that waits for a sign-out is not theirs yet`,
    rule: 'S0-40',
    because: extension,
    remedy: 'Give it to a user, or call another one',
  });
}

/** Whom a request names, one way or the other. @throws Problem `user_not_found`, `extension_not_found` */
export async function named<T extends { user: User }>(
  deps: Deps,
  { user, extension }: { user?: string | undefined; extension?: string | undefined },
  read: Reading<T>,
  ahead?: { item: Item | undefined },
): Promise<T> {
  if (extension !== undefined) return requireOwner(deps, extension, read, ahead);
  return requireParty(deps, user as string, read);
}

/** Fixed or virtual (S0-40, S4-17): what waits for the user's next sign-out is not theirs yet. */
function isOf({ extension, virtualExtension }: User, number: string): boolean {
  return extension === number || virtualExtension === number;
}

/** Of a user that a decision is about, what the platform is told. */
export interface RoutedUser {
  id: string;
  title: string;
  extension?: string | undefined;
}

export function shownUser({ id, title, extension }: User): RoutedUser {
  return { id, title, ...(extension !== undefined && { extension }) };
}

/** Why calls do not reach the user whatever is set, nor are made by them; undefined: they do. Who has been invited has a telephone already. */
export function whyOff({ title, state, activeFrom, activeUntil }: User, now: number): string | undefined {
  if (state === 'deactivated') return `${title} is deactivated`;
  if (activeFrom !== undefined && now < activeFrom) return `${title} begins at ${new Date(activeFrom).toISOString()}`;
  if (activeUntil !== undefined && now >= activeUntil)
    return `${title} ended at ${new Date(activeUntil).toISOString()}`;
  return undefined;
}
