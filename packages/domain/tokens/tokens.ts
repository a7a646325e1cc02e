// Where API tokens are kept. Reading gives parsed tokens; writing gives Writes, which the operation commits together with what they cause.

import { Problem } from '#contract/problems.ts';
import { type DueKey, userKeys } from '#table/keys.ts';
import { absent, type Item, present, put, remove, update, type Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import * as claims from './claims.ts';
import { type ApiToken, readItem, shown } from './token.ts';
import { nextDueAt, type Validity } from './validity.ts';

/** With as many a reader of the list still finds the one that nobody uses any more. */
export const TOKENS_MAX = 50;

export const keyOf = ({ userId, id }: Pick<ApiToken, 'userId' | 'id'>) => userKeys.token(userId, id);

/** @throws Problem `token_not_found` */
export async function require(deps: Deps, userId: string, tokenId: string): Promise<ApiToken> {
  const item = await deps.table.get(userKeys.token(userId, tokenId));
  if (!item) throw notFound(tokenId);
  return readItem(item);
}

/** All of a user, newest first. */
export async function ofUser(deps: Deps, userId: string): Promise<ApiToken[]> {
  const partition = userKeys.partition(userId);
  const items = deps.table.all({ partition, beginsWith: userKeys.tokensPrefix, consistent: true });
  const tokens = await Array.fromAsync(items, readItem);
  return tokens.sort((a, b) => b.createdAt - a.createdAt);
}

/** @throws at commit `too_many_tokens`, `token_known` */
export function creation(token: ApiToken): Write[] {
  const item: Item = { ...token, ...keyOf(token), ...dueKeyOf(token) };
  return [put(item, { if: absent }), ...claims.taking(token), addition(token.userId)];
}

/** Writes just what changes: use and sweep may move the rest meanwhile. @throws at commit `version_stale`, `token_not_found` */
export function change(deps: Deps, before: ApiToken, changes: Partial<ApiToken>): Write[] {
  const { expiresAt, told } = changes;
  const due = expiresAt === undefined ? {} : dueKeyOf({ expiresAt, told });
  const all = Object.entries({ ...changes, ...due });
  const write = update(
    keyOf(before),
    {
      set: Object.fromEntries(all.filter(([, value]) => value !== undefined)),
      remove: all.filter(([, value]) => value === undefined).map(([field]) => field),
    },
    {
      if: ['=', 'version', before.version],
      otherwise: (found) => (found ? stale(readItem(found), deps.now()) : notFound(before.id)),
    },
  );
  return [write];
}

/** @throws at commit `token_not_found` */
export function removal(token: ApiToken): Write[] {
  return [
    remove(keyOf(token), { if: present, otherwise: () => notFound(token.id) }),
    ...claims.releasing(token),
    update(countKey(token.userId), { increase: { count: -1 } }, { if: present }),
  ];
}

/** Where the sweep finds the token next; nowhere once its end is in the audit. */
export function dueKeyOf(validity: Pick<Validity, 'expiresAt' | 'told'>): DueKey | { dpk: undefined; dsk: undefined } {
  const at = nextDueAt(validity);
  return at === undefined ? { dpk: undefined, dsk: undefined } : userKeys.due('token', at);
}

/** Refuses a change of another version than the stored one, and shows the stored one. */
export function stale(current: ApiToken, now: number): Problem {
  return new Problem('version_stale', {
    detail: `The token has version ${current.version} now; read it, decide again, and send If-Match: "${current.version}"`,
    because: current.version,
    extra: { current: shown(current, now) },
  });
}

export function notFound(tokenId: string): Problem {
  return new Problem('token_not_found', { detail: `This user has no API token ${tokenId}; it may have been deleted` });
}

/** How many there are stands in an item of its own, and decides with the write: no two requests take the same last place. */
function addition(userId: string): Write {
  return update(
    countKey(userId),
    { set: { type: 'token-count', v: 1 }, increase: { count: 1 } },
    {
      if: ['or', absent, ['<', 'count', TOKENS_MAX]],
      otherwise: () =>
        new Problem('too_many_tokens', {
          detail: `This user has ${TOKENS_MAX} API tokens; delete one that is not used any more`,
          rule: 'S0-44',
          because: TOKENS_MAX,
          remedy: 'Delete an API token of this user',
        }),
    },
  );
}

const countKey = (userId: string) => userKeys.limit(userId, 'tokens');
