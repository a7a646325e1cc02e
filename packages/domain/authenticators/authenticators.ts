// Authenticators (S0-21, S0-22) as they are kept: the sealed key that a user's app computes its codes from, and the last time
// step of which a code was accepted. The arithmetic stands in codes.ts, which few bundles need.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import { Problem } from '#contract/problems.ts';
import { isAuthenticator } from '#contract/user-types.ts';
import { userKeys } from '#table/keys.ts';
import { absent, check, present as exists, type Item, put, remove, update, type Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import type { User } from '../users/user.ts';
import { left } from './recovery-codes.ts';

export const authenticatorItem = once(() =>
  z.object({
    type: z.literal('authenticator'),
    v: z.literal(1),
    /** Sealed for this user. */
    key: z.string(),
    /** Only codes of later time steps are accepted: each is good once. */
    lastStep: z.number(),
    setUpAt: z.number(),
  }),
);

export function isSetUp(item: Item | undefined): boolean {
  return item !== undefined;
}

export async function find(deps: Deps, userId: string): Promise<Item | undefined> {
  return deps.table.get(userKeys.authenticator(userId));
}

/** @throws Problem `authenticator_not_open` when the user's second factor is another (S0-23) */
export function checkOpen({ secondFactor }: User): void {
  if (isAuthenticator(secondFactor)) return;
  throw new Problem('authenticator_not_open', {
    detail: `Your second factor is ${secondFactor}; an administrator can change it to authenticator-optional`,
    rule: 'S0-23',
    because: secondFactor,
    remedy: 'Ask an administrator for another second factor',
  });
}

/** @throws Problem `authenticator_present` */
export function checkNone(item: Item | undefined): void {
  if (isSetUp(item)) throw present();
}

/** @throws Problem `authenticator_absent` */
export function checkSetUp(item: Item | undefined): void {
  if (!isSetUp(item)) throw missing();
}

/** Must still be set up when the change commits. @throws at commit Problem `authenticator_absent` */
export function stillSetUp(userId: string): Write {
  return check(userKeys.authenticator(userId), exists, missing);
}

/**
 * The user's authenticator from now on; the code that proved it counts as used.
 * @throws at commit what `otherwise` says when another is set up: Problem `authenticator_present`
 */
export function setUp(
  deps: Pick<Deps, 'now'>,
  userId: string,
  sealedKey: string,
  step: number,
  otherwise: () => Error = present,
): Write {
  const item = { type: 'authenticator', v: 1, key: sealedKey, lastStep: step, setUpAt: deps.now() };
  return put({ ...userKeys.authenticator(userId), ...item }, { if: absent, otherwise });
}

/** Uses up the step of an accepted code, and all before it. @throws at commit Problem `wrong_code` */
export function use(userId: string, step: number): Write {
  return update(
    userKeys.authenticator(userId),
    { set: { lastStep: step } },
    { if: ['<', 'lastStep', step], otherwise: used },
  );
}

function used(found: Item | undefined): Problem {
  const detail = found
    ? 'This code was used already; wait for the next one of your authenticator'
    : 'The authenticator has just been removed';
  return new Problem('wrong_code', { detail, rule: 'RFC 6238 §5.2' });
}

/**
 * Takes the authenticator and the recovery codes away, whether they are there or not.
 * `removalOnce` is for who must know that it was there.
 */
export function removal(userId: string): Write[] {
  return [remove(userKeys.authenticator(userId)), remove(userKeys.recoveryCodes(userId))];
}

/** @throws at commit Problem `authenticator_absent` when another request has removed it */
export function removalOnce(userId: string): Write[] {
  return [
    remove(userKeys.authenticator(userId), { if: exists, otherwise: missing }),
    remove(userKeys.recoveryCodes(userId)),
  ];
}

function present(): Problem {
  return new Problem('authenticator_present', { detail: 'An authenticator is set up already; remove it first' });
}

function missing(): Problem {
  return new Problem('authenticator_absent', { detail: 'No authenticator is set up, so there is nothing to do' });
}

/** What a user is told of their own. */
export async function state(deps: Deps, userId: string): Promise<{ setUp: boolean; recoveryCodesLeft: number }> {
  const keys = [userKeys.authenticator(userId), userKeys.recoveryCodes(userId)];
  const [authenticator, recoveryCodes] = await deps.table.batchGet(keys);
  return { setUp: authenticator !== undefined, recoveryCodesLeft: left(recoveryCodes) };
}
