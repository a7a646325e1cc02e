// Which passwords are good enough (K1): long rather than complicated, nobody's first guess, and not made of what everybody
// knows about the account.

import { canonicalName } from '#contract/fields.ts';
import { Problem } from '#contract/problems.ts';
import type { Settings } from '#contract/settings.ts';
import { isFactorEnforced } from '#contract/user-types.ts';
import type { User } from '../users/user.ts';
import { isCommon } from './blocklist.ts';

/** No setting goes below it. */
export const FLOOR = 8;
const CAP = 256;
const SHORTEST_CONTEXT_WORD = 4;

/** The account that a password is for. */
export type Owner = Pick<User, 'login' | 'title' | 'authEmail' | 'secondFactor'>;

/** The least number of characters, as code points. Only a factor that is asked for at each sign-in makes a short one do. */
export function leastLength(
  owner: Pick<Owner, 'secondFactor'>,
  settings: Pick<Settings, 'passwordMinWithFactor' | 'passwordMinWithoutFactor'>,
): number {
  const isEnforced = isFactorEnforced(owner.secondFactor);
  return Math.max(FLOOR, isEnforced ? settings.passwordMinWithFactor : settings.passwordMinWithoutFactor);
}

/** @throws Problem `password_refused` with every reason at once */
export function checkPassword(password: string, owner: Owner, tenantName: string, settings: Settings): void {
  refuse(reasonsAgainst(password, owner, tenantName, settings));
}

/** Why the password is not good enough, each to be read after "The password"; empty when it is. */
export function reasonsAgainst(password: string, owner: Owner, tenantName: string, settings: Settings): string[] {
  const length = [...password.normalize('NFC')].length;
  const least = leastLength(owner, settings);
  const reasons: string[] = [];
  if (length < least) reasons.push(`must have at least ${least} characters${orBesideFactor(owner, least, settings)}`);
  if (length > CAP) reasons.push(`must have at most ${CAP} characters`);
  if (settings.passwordClasses) reasons.push(...missingClasses(password));
  if (isCommon(password)) reasons.push('must not be one of the passwords that everybody tries first');
  if (isMadeOfContext(password, owner, tenantName)) {
    reasons.push('must not be made of your name, login, email, the company or the product');
  }
  if (new Set(canonicalName(password)).size < SHORTEST_CONTEXT_WORD && length > 0) {
    reasons.push('must not repeat a few characters');
  }
  return reasons;
}

/** @throws Problem `password_refused` when there are reasons */
export function refuse(reasons: readonly string[]): void {
  if (reasons.length === 0) return;
  const errors = reasons.map((detail) => ({ pointer: '/body/password', detail }));
  throw new Problem('password_refused', {
    detail: `The password ${reasons.join(', and ')} (K1)`,
    errors,
    rule: 'K1',
    remedy: 'Choose another',
  });
}

function orBesideFactor(owner: Owner, least: number, settings: Settings): string {
  const beside = Math.max(FLOOR, settings.passwordMinWithFactor);
  if (isFactorEnforced(owner.secondFactor) || beside >= least) return '';
  return ` (${beside} would do beside a second factor that each sign-in asks for)`;
}

/** S1-11, where the tenant wants it. */
function missingClasses(password: string): string[] {
  return CLASSES.filter(({ holds }) => !holds.test(password.normalize('NFC'))).map(({ name }) => `must hold ${name}`);
}

const CLASSES = [
  { name: 'a capital letter', holds: /\p{Lu}/u },
  { name: 'a digit', holds: /\p{Nd}/u },
  { name: 'a special character', holds: /[^\p{L}\p{M}\p{N}]/u },
];

/** True when little is left once the words that belong to the account are taken out. */
function isMadeOfContext(password: string, owner: Owner, tenantName: string): boolean {
  const emailName = owner.authEmail?.split('@')[0] ?? '';
  const words = [owner.login, ...owner.title.split(/\s+/), emailName, tenantName, 'roster']
    .map(canonicalName)
    .filter((word) => word.length >= SHORTEST_CONTEXT_WORD)
    .sort((a, b) => b.length - a.length);
  const canonical = canonicalName(password);
  const rest = words.reduce((left, word) => left.replaceAll(word, ''), canonical);
  return rest !== canonical && [...rest].length < FLOOR;
}
