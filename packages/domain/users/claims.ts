// Claims: items that exist so that a value belongs to at most one user. Logins and authentication emails share one space (C5).

import type { Problem } from '#contract/problems.ts';
import { claimKey } from '#table/keys.ts';
import { absent, type Item, put, remove, type Write } from '#table/write.ts';

/** @param name canonical */
export function take(name: string, userId: string, taken: () => Problem): Write {
  return put({ ...claimKey('sign-in-name', name), type: 'claim', v: 1, userId }, { if: absent, otherwise: taken });
}

export function release(name: string, userId: string): Write {
  return remove(claimKey('sign-in-name', name), { if: ['=', 'userId', userId] });
}

export function ownerOf(claim: Item | undefined): string | undefined {
  return claim?.userId as string | undefined;
}
