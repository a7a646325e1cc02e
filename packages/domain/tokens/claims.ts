// Claims of imported tokens: whose token a foreign value is, by its SHA-256 (S0-52). A value belongs to one token at most.

import { createHash } from 'node:crypto';
import { Problem } from '#contract/problems.ts';
import { claimKey } from '#table/keys.ts';
import { absent, put, remove, type Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import type { ApiToken } from './token.ts';

/** Of a value as it is sent, in hexadecimal. */
export const sha256Of = (value: string) => createHash('sha256').update(value).digest('hex');

/** Where the token of this hash stands, if there is one. */
export async function placeOf(deps: Deps, sha256: string): Promise<{ userId: string; id: string } | undefined> {
  const claim = await deps.table.get(claimKey('token', sha256));
  return claim && { userId: claim.userId as string, id: claim.tokenId as string };
}

/** Is one of them the hash of an imported token? 100 at most. */
export async function isAnyKnown(deps: Deps, hashes: readonly string[]): Promise<boolean> {
  const found = await deps.table.batchGet(hashes.map((sha256) => claimKey('token', sha256)));
  return found.some((claim) => claim !== undefined);
}

/** Nothing for a token that was made here. @throws at commit `token_known` */
export function taking({ sha256, userId, id }: ApiToken): Write[] {
  if (sha256 === undefined) return [];
  const item = { ...claimKey('token', sha256), type: 'claim', v: 1, userId, tokenId: id };
  const detail = 'is the hash of a token that was imported before';
  const known = () =>
    new Problem('token_known', {
      detail: `/body/sha256 ${detail}; delete that one first, whoever has it`,
      errors: [{ pointer: '/body/sha256', detail }],
      rule: 'S0-52',
      remedy: 'Delete the token that was imported before',
    });
  return [put(item, { if: absent, otherwise: known })];
}

export function releasing({ sha256, id }: ApiToken): Write[] {
  return sha256 === undefined ? [] : [remove(claimKey('token', sha256), { if: ['=', 'tokenId', id] })];
}
