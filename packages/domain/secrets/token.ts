// Tokens that stand for something in a user's partition: sessions, challenges, invites, resets, devices, API tokens.
// A token carries where to look (user, item) and 256 random bits; only the bits' hash is ever stored.

import { createHash, timingSafeEqual } from 'node:crypto';
import type { Deps } from '../deps.ts';

const USER_BYTES = 12;
const ITEM_BYTES = 8;
const SECRET_BYTES = 32;
const TOKEN_CHARS = Math.ceil(((USER_BYTES + ITEM_BYTES + SECRET_BYTES) * 4) / 3);

export type TokenPrefix = 'rses' | 'rchl' | 'rinv' | 'rrst' | 'rdev' | 'rst';

export interface MintedToken {
  /** For its owner, once. */
  token: string;
  /** 16 hexadecimal digits that name the item. */
  itemId: string;
  secretHash: string;
}

export function mintToken(deps: Pick<Deps, 'randomBytes'>, prefix: TokenPrefix, userId: string): MintedToken {
  const item = deps.randomBytes(ITEM_BYTES);
  const secret = deps.randomBytes(SECRET_BYTES);
  const where = Buffer.from(userId.slice(userId.indexOf('_') + 1), 'hex');
  return {
    token: `${prefix}_${Buffer.concat([where, item, secret]).toString('base64url')}`,
    itemId: item.toString('hex'),
    secretHash: hash(secret),
  };
}

/** Takes a token apart; undefined when it is not of this kind. Proves nothing yet: compare with `isSecret`. */
export function readToken(
  prefix: TokenPrefix,
  token: string,
): { userId: string; itemId: string; secretHash: string } | undefined {
  const body = token.slice(prefix.length + 1);
  if (!token.startsWith(`${prefix}_`) || body.length !== TOKEN_CHARS || !/^[\w-]+$/.test(body)) return undefined;
  const bytes = Buffer.from(body, 'base64url');
  return {
    userId: `usr_${bytes.subarray(0, USER_BYTES).toString('hex')}`,
    itemId: bytes.subarray(USER_BYTES, USER_BYTES + ITEM_BYTES).toString('hex'),
    secretHash: hash(bytes.subarray(USER_BYTES + ITEM_BYTES)),
  };
}

export function isSecret(given: { secretHash: string }, stored: { secretHash: string }): boolean {
  const [a, b] = [Buffer.from(given.secretHash), Buffer.from(stored.secretHash)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function hash(secret: Uint8Array): string {
  return createHash('sha256').update(secret).digest('base64url');
}
