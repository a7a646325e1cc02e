// What a sign-in, a resend or a reset needs to know of an account, read the same way whether it exists or not (K14, G4).

import { createHash } from 'node:crypto';
import { canonicalName } from '#contract/fields.ts';
import type { Settings } from '#contract/settings.ts';
import { claimKey, type Key, userKeys } from '#table/keys.ts';
import type { Item } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { needsPassword } from '../invites/invites.ts';
import { isExpired } from '../passwords/passwords.ts';
import { ownerOf } from '../users/claims.ts';
import { isAdmitted, readUser, type User } from '../users/user.ts';

export interface Account {
  /** The user's id; for an unknown name one that nobody has, always the same for that name. */
  id: string;
  user: User | undefined;
  password: Item | undefined;
  reset: Item | undefined;
  authenticator: Item | undefined;
  recoveryCodes: Item | undefined;
  devices: Item | undefined;
  sessionTurn: Item | undefined;
  /** Limits of the account by key. */
  limit: (key: Key) => Item | undefined;
}

/** Two reads in sequence. */
export async function accountNamed(deps: Deps, signInName: string): Promise<Account> {
  return (await accountAnd(deps, signInName)).account;
}

/** The account and other items, in two trips: the items are read with the claim. */
export async function accountAnd(
  deps: Deps,
  signInName: string,
  ...keys: Key[]
): Promise<{ account: Account; items: (Item | undefined)[] }> {
  const name = canonicalName(signInName);
  const [claim, ...items] = await deps.table.batchGet([claimKey('sign-in-name', keyable(name)), ...keys]);
  return { account: await accountOf(deps, ownerOf(claim) ?? idOfNobody(name)), items };
}

/** Everything that one read gives: user, password, factors, devices and limits. */
export async function accountOf(deps: Deps, userId: string): Promise<Account> {
  const { items } = await deps.table.query({
    partition: userKeys.partition(userId),
    beginsWith: userKeys.credentialsPrefix,
    consistent: true,
  });
  const at = (key: Key) => items.find((item) => item.sk === key.sk);
  const user = at(userKeys.user(userId));
  return {
    id: userId,
    user: user && readUser(user),
    password: at(userKeys.password(userId)),
    reset: at(userKeys.reset(userId)),
    authenticator: at(userKeys.authenticator(userId)),
    recoveryCodes: at(userKeys.recoveryCodes(userId)),
    devices: at(userKeys.devices(userId)),
    sessionTurn: at(userKeys.sessionTurn(userId)),
    limit: at,
  };
}

/** Failures of unknown names are counted too, or their absence would tell that the name is unknown. */
function idOfNobody(name: string): string {
  return `usr_nobody-${createHash('sha256').update(name).digest('hex').slice(0, 24)}`;
}

/** A typed name may hold what keys refuse; no claim was ever made on such a name. */
function keyable(name: string): string {
  return name.replace(/\p{Cc}/gu, '\ufffd').slice(0, 254) || '\ufffd';
}

/**
 * May the account's owner come in with its password at all? Not while invited or deactivated, not outside their active dates, not with a temporary password that
 * is over, and not beside another verify type unless the tenant allows it (S0-24, K3).
 */
export function opensByPassword(
  account: Account,
  settings: Pick<Settings, 'ssoPasswordFallback'>,
  now: number,
): account is Account & { user: User } {
  const { user, password } = account;
  if (!user || !isAdmitted(user, now) || isExpired(password, now)) return false;
  return needsPassword(user, settings);
}
