// Authenticators (S0-21, S0-22): the key that a user's app computes its codes from, kept sealed, and the last time step of
// which a code was accepted. The key leaves Roster once, while it is being set up.

import { generateURI, verify } from 'otplib/functional';
import * as z from 'zod';
import { once } from '#contract/once.ts';
import { Problem } from '#contract/problems.ts';
import { isAuthenticator } from '#contract/user-types.ts';
import { userKeys } from '#table/keys.ts';
import type { Sealer } from '#table/seal.ts';
import { absent, check, present as exists, type Item, put, remove, update, type Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import type { User } from '../users/user.ts';
import { randomBase32 } from './base32.ts';
import { qrCode } from './qr-code.ts';

/** 160 bits, as RFC 4226 §4 recommends. */
const KEY_CHARS = 32;
const STEP_SECONDS = 30;

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

/** A key for the user's app as URI, text and QR codes, and the same sealed, for keeping. */
export async function newKey(
  deps: Deps,
  user: User,
): Promise<{ shown: { uri: string; key: string; qrSvg: string; qrPng: string }; sealedKey: string }> {
  const key = randomBase32(deps, KEY_CHARS);
  // SHA-1, six digits and 30 s are what the URI means where it is silent; some apps understand nothing else.
  const uri = generateURI({ issuer: issuerOf(deps.tenant.name), label: user.login, secret: key });
  return { shown: { uri, key, ...qrCode(uri) }, sealedKey: sealed(await deps.sealer(), user.id, key) };
}

/** A key as it is kept: for this user alone. */
export function sealed(sealer: Sealer, userId: string, key: string): string {
  return sealer.seal(purpose(userId), key);
}

/**
 * The time step that the code belongs to: the present one or a neighbor (RFC 6238 §5.2), newer than `lastStep`.
 * undefined when the code is wrong or was used.
 */
export async function acceptedStep(
  deps: Deps,
  userId: string,
  sealedKey: string,
  code: string,
  lastStep: number,
): Promise<number | undefined> {
  const sealer = await deps.sealer();
  const secret = sealer.unseal(purpose(userId), sealedKey);
  if (typeof secret !== 'string') throw new Error('The key of an authenticator does not open');
  const epoch = Math.floor(deps.now() / 1000);
  // otplib throws at a last step that lies ahead, which another function's clock may have brought about.
  const isAhead = lastStep > Math.floor(epoch / STEP_SECONDS) + 1;
  if (isAhead || !/^\d{6}$/.test(code)) return undefined;
  const judged = await verify({ secret, token: code, epoch, epochTolerance: STEP_SECONDS, afterTimeStep: lastStep });
  return judged.valid && 'timeStep' in judged ? judged.timeStep : undefined;
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

const purpose = (userId: string) => `authenticator ${userId}`;

/** What the app shows above the code: "north-wind" becomes "Roster North Wind". */
function issuerOf(tenantName: string): string {
  const words = tenantName.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return ['Roster', ...words].join(' ');
}
