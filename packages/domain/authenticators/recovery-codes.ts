// Recovery codes: ten, each good once in the place of the authenticator's code, for who has lost it. Only fingerprints under
// the tenant's key are kept.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import { Problem } from '#contract/problems.ts';
import { userKeys } from '#table/keys.ts';
import { type Item, put, update, type Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { randomBase32 } from './base32.ts';

const COUNT = 10;
/** 80 bits. */
const CODE_CHARS = 16;

export const recoveryCodesItem = once(() =>
  z.object({
    type: z.literal('recovery-codes'),
    v: z.literal(1),
    /** DynamoDB has no empty sets: absent when all are used. */
    fingerprints: z.set(z.string()).optional(),
    madeAt: z.number(),
  }),
);

/** New codes, for the only time, in the place of those before. */
export async function fresh(deps: Deps, userId: string): Promise<{ codes: string[]; write: Write }> {
  const sealer = await deps.sealer();
  const codes = Array.from({ length: COUNT }, () => randomBase32(deps, CODE_CHARS));
  const fingerprints = new Set(codes.map((code) => sealer.fingerprint(purpose(userId), code)));
  const item = { type: 'recovery-codes', v: 1, fingerprints, madeAt: deps.now() };
  return { codes: codes.map(inGroups), write: put({ ...userKeys.recoveryCodes(userId), ...item }) };
}

/** @param code sixteen characters without dashes, as the contract reads it. */
export async function isOne(deps: Deps, userId: string, item: Item | undefined, code: string): Promise<boolean> {
  return (await fingerprintOf(deps, userId, item, code)) !== undefined;
}

/**
 * Uses the code up. `isOne` judges it first where a wrong one is to be counted.
 * @throws at commit Problem `wrong_code` when it is none of the user's, or was used
 */
export async function use(deps: Deps, userId: string, code: string): Promise<Write> {
  const key = userKeys.recoveryCodes(userId);
  const kept = await fingerprintOf(deps, userId, await deps.table.get(key), code);
  const member = kept ?? (await deps.sealer()).fingerprint(purpose(userId), code);
  return update(
    key,
    { takeFrom: { fingerprints: new Set([member]) } },
    { if: ['contains', 'fingerprints', member], otherwise: wrong },
  );
}

/** How many can still be used. */
export function left(item: Item | undefined): number {
  return fingerprintsIn(item).size;
}

export function wrong(): Problem {
  return new Problem('wrong_code', { detail: 'That is none of the recovery codes, or it was used already' });
}

/** Each kept one is compared: those that an older key of the tenant made cannot be computed from the newest. */
async function fingerprintOf(
  deps: Deps,
  userId: string,
  item: Item | undefined,
  code: string,
): Promise<string | undefined> {
  const sealer = await deps.sealer();
  return [...fingerprintsIn(item)].find((each) => sealer.matches(purpose(userId), code, each));
}

function fingerprintsIn(item: Item | undefined): Set<string> {
  return (item && recoveryCodesItem().parse(item).fingerprints) ?? new Set();
}

const purpose = (userId: string) => `recovery ${userId}`;

const inGroups = (code: string) => code.replace(/.{4}(?=.)/g, '$&-');
