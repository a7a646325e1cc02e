// Using an API token: whose it is, what its bearer may do, and what a use leaves behind. Asked at each request by token.

import type { Permission } from '#contract/permissions.ts';
import { userKeys } from '#table/keys.ts';
import { type LoneWrite, update } from '#table/write.ts';
import type { Definitions } from '../definitions/definitions.ts';
import type { Deps } from '../deps.ts';
import { type Granter, granterOf } from '../grants/limits.ts';
import type { Rights } from '../records/record.ts';
import { isSecret, readToken } from '../secrets/token.ts';
import { readUser, type User } from '../users/user.ts';
import { placeOf, sha256Of } from './claims.ts';
import { type ApiToken, isLive, readItem } from './token.ts';
import { dueKeyOf, keyOf } from './tokens.ts';
import { DAY_MS, extension } from './validity.ts';

/** A last use that is younger is not written again. */
const LAST_USE_MS = 5 * 60_000;

export interface Use {
  network: string;
  /** Id of the operation that was called. */
  operation: string;
}

/**
 * The token of this value and its owner, if it is good at this moment: one consistent read, and one more before it for a value
 * that was made elsewhere. Undefined whatever is wrong with it, so that nothing tells a disabled token from a made-up one.
 */
export async function byValue(deps: Deps, value: string): Promise<{ token: ApiToken; user: User } | undefined> {
  const read = readToken('rst', value);
  const sha256 = read ? undefined : sha256Of(value);
  const place = read ? { userId: read.userId, id: `tok_${read.itemId}` } : await placeOf(deps, sha256 as string);
  if (!place) return undefined;
  const [tokenFound, userFound] = await deps.table.batchGet([keyOf(place), userKeys.user(place.userId)]);
  if (!tokenFound || !userFound) return undefined;
  const token = readItem(tokenFound);
  const user = readUser(userFound);
  const { secretHash } = token;
  const isProven = read ? secretHash !== undefined && isSecret(read, { secretHash }) : token.sha256 === sha256;
  return isProven && isLive(token, user, deps.now()) ? { token, user } : undefined;
}

/**
 * What the bearer of the token may do and see: what the owner may at this moment, narrowed to the token's scopes (K5). A SuperUser's
 * token that is narrowed acts without that mark, which stands above all permissions; it sees all that they see.
 */
export function bearerOf(token: ApiToken, owner: User, definitions: Definitions): Granter {
  const held = granterOf(owner, definitions);
  const { scopes } = token;
  if (!scopes) return held;
  const permissions = new Set<Permission>(scopes.filter((scope) => held.permissions.has(scope)));
  if (!owner.superUser) return { ...held, permissions };
  const { superUser: _superUser, ...user } = owner;
  return { user, permissions, rights: everything };
}

/** Writes where and for what it was used, every five minutes, and moves the expiry, once a day; both in one write where both are due. */
export async function recordUse(deps: Deps, token: ApiToken, use: Use): Promise<void> {
  const write = useWrite(token, use, deps.now());
  if (!write) return;
  try {
    await deps.table.write(write);
  } catch (error) {
    // Another use was first, or an administrator or the sweep: this request was accepted before and may finish.
    if (!(error instanceof Overtaken)) throw error;
  }
}

function useWrite(token: ApiToken, { network, operation }: Use, now: number): LoneWrite | undefined {
  const isSeen = token.lastUse !== undefined && now - token.lastUse.at < LAST_USE_MS;
  const expiresAt = extension(token, now);
  if (isSeen && expiresAt === undefined) return undefined;
  return update(
    keyOf(token),
    {
      set: {
        ...(!isSeen && { lastUse: { at: now, network, operation } }),
        ...(expiresAt !== undefined && { expiresAt, ...dueKeyOf({ expiresAt, told: undefined }) }),
      },
      ...(expiresAt !== undefined && { remove: ['told'] }),
    },
    {
      if: [
        'and',
        // What was saved since decides, not what this use has read.
        ['=', 'version', token.version],
        ...(isSeen ? [] : [['or', ['absent', 'lastUse'], ['<=', 'lastUse.at', now - LAST_USE_MS]] as const]),
        ...(expiresAt === undefined
          ? []
          : // Never back; and what the audit calls expired stays so.
            ([
              ['<=', 'expiresAt', expiresAt - DAY_MS],
              ['<>', 'told', 0],
            ] as const)),
      ],
      otherwise: () => new Overtaken(),
    },
  );
}

class Overtaken extends Error {
  override readonly name = 'Overtaken';
}

const everything: Rights = {
  type: 'rights',
  v: 1,
  id: 'rgt_superuser',
  version: 1,
  name: 'All that a SuperUser sees',
  usedBy: 0,
  updatedAt: 0,
  queues: 'all',
  channels: {},
  categories: 'all',
  groups: 'all',
  databases: 'all',
  users: 'all',
};
