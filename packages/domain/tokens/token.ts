// An API token: the stored shape, and the rules that decide on a token alone. Of its value only a hash is ever kept (K5).

import * as z from 'zod';
import { once } from '#contract/once.ts';
import type { Permission } from '#contract/permissions.ts';
import type { Item } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { mintToken } from '../secrets/token.ts';
import { isAdmitted, type User } from '../users/user.ts';
import { chosenValidity } from './validity.ts';

const tokenItem = once(() =>
  z.object({
    type: z.literal('token'),
    v: z.literal(1),
    id: z.string(),
    userId: z.string(),
    /** Counts what administrators save; use does not count. */
    version: z.number(),
    title: z.string(),
    enabled: z.boolean(),
    expiresAt: z.number(),
    customValidity: z.boolean(),
    extendWithUse: z.boolean(),
    /** Absent: all that the owner may do. */
    scopes: z.array(z.custom<Permission>()).optional(),
    /** Of a value that was made here. */
    secretHash: z.string().optional(),
    /** Of a value that was made elsewhere, in hexadecimal; what its claim stands under (S0-52). */
    sha256: z.string().optional(),
    createdAt: z.number(),
    savedAt: z.number(),
    lastUse: z.object({ at: z.number(), network: z.string(), operation: z.string() }).optional(),
    /** See validity.ts. */
    told: z.number().optional(),
  }),
);

export type ApiToken = z.output<ReturnType<typeof tokenItem>>;

export const readItem = (item: Item): ApiToken => tokenItem().parse(item);

/** What an administrator says of a new token. */
export interface NewToken {
  title: string;
  enabled: boolean;
  expiresAt?: string | undefined;
  extendWithUse: boolean;
  scopes?: Permission[] | undefined;
}

/** A new token and its value, which is nowhere else. @throws Problem `invalid_input` */
export function minted(deps: Deps, userId: string, given: NewToken): { token: ApiToken; value: string } {
  const { token: value, itemId, secretHash } = mintToken(deps, 'rst', userId);
  return { value, token: { ...made(deps, userId, itemId, given), secretHash } };
}

/** A token whose value was made elsewhere, and is known here by its hash alone. @throws Problem `invalid_input` */
export function imported(deps: Deps, userId: string, { sha256, ...given }: NewToken & { sha256: string }): ApiToken {
  return { ...made(deps, userId, deps.randomBytes(8).toString('hex'), given), sha256 };
}

function made(deps: Deps, userId: string, itemId: string, given: NewToken): ApiToken {
  const now = deps.now();
  const { title, enabled, extendWithUse, scopes } = given;
  return {
    type: 'token',
    v: 1,
    id: `tok_${itemId}`,
    userId,
    version: 1,
    title,
    enabled,
    ...chosenValidity(given.expiresAt, now, now),
    extendWithUse,
    scopes,
    createdAt: now,
    savedAt: now,
  };
}

/**
 * What saving changes of a token, its next version among it. What it does not name may move meanwhile, by use or by the sweep.
 * @throws Problem `invalid_input`
 */
export function changesOf(
  before: ApiToken,
  given: {
    title?: string | undefined;
    enabled?: boolean | undefined;
    expiresAt?: string | null | undefined;
    extendWithUse?: boolean | undefined;
    scopes?: Permission[] | null | undefined;
  },
  now: number,
): Partial<ApiToken> {
  const { title, enabled, extendWithUse, expiresAt, scopes } = given;
  return {
    version: before.version + 1,
    savedAt: now,
    ...(title !== undefined && { title }),
    ...(enabled !== undefined && { enabled }),
    ...(extendWithUse !== undefined && { extendWithUse }),
    ...(scopes !== undefined && { scopes: scopes ?? undefined }),
    ...(expiresAt !== undefined && chosenValidity(expiresAt, before.createdAt, now)),
  };
}

/** Is it good at this moment? To the second, whatever the sweep has done so far; and dead with its owner (K5, I5). */
export function isLive(token: ApiToken, owner: User, now: number): boolean {
  return token.enabled && isAdmitted(owner, now) && now < token.expiresAt;
}

/** The token as the API and the audit show it: neither value nor hash. */
export function shown(token: ApiToken, now: number) {
  return {
    id: token.id,
    userId: token.userId,
    version: token.version,
    title: token.title,
    enabled: token.enabled,
    expired: now >= token.expiresAt,
    expiresAt: new Date(token.expiresAt).toISOString(),
    customValidity: token.customValidity,
    extendWithUse: token.extendWithUse,
    scopes: token.scopes,
    imported: token.sha256 !== undefined,
    createdAt: new Date(token.createdAt).toISOString(),
    savedAt: new Date(token.savedAt).toISOString(),
    lastUse: token.lastUse && { ...token.lastUse, at: new Date(token.lastUse.at).toISOString() },
  };
}
