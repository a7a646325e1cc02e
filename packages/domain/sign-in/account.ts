// What a sign-in, a resend or a reset needs to know of an account, read the same way whether it exists or not (K14, G4).

import { createHash } from 'node:crypto';
import { canonicalName } from '#contract/fields.ts';
import { claimKey, type Key, userKeys } from '#table/keys.ts';
import type { Item } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { ownerOf } from '../users/claims.ts';
import { readUser, type User } from '../users/user.ts';

export interface Account {
  /** The user's id; for an unknown name one that nobody has, always the same for that name. */
  id: string;
  user: User | undefined;
  password: Item | undefined;
  reset: Item | undefined;
  /** Limits of the account by key. */
  limit: (key: Key) => Item | undefined;
}

/** Two reads in sequence. */
export async function accountNamed(deps: Deps, signInName: string): Promise<Account> {
  const name = canonicalName(signInName);
  const claim = await deps.table.get(claimKey('sign-in-name', keyable(name)));
  return accountOf(deps, ownerOf(claim) ?? idOfNobody(name));
}

/** Everything that one read gives: user, password, reset and limits. */
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
