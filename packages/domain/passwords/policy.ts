// Which passwords are good enough (K1): long rather than complicated, and not made of what everybody knows about the account.

import { canonicalName } from '#contract/fields.ts';
import { Problem } from '#contract/problems.ts';
import type { Settings } from '#contract/settings.ts';
import type { User } from '../users/user.ts';

const FLOOR = 8;
const CAP = 256;
const SHORTEST_CONTEXT_WORD = 4;

/** @throws Problem `password_refused` with every reason at once */
export function checkPassword(password: string, user: User, tenantName: string, settings: Settings): void {
  const length = [...password.normalize('NFC')].length;
  const isBesideFactor = user.secondFactor !== 'off';
  const least = Math.max(FLOOR, isBesideFactor ? settings.passwordMinWithFactor : settings.passwordMinWithoutFactor);
  const reasons: string[] = [];
  if (length < least) {
    reasons.push(
      `must have at least ${least} characters${isBesideFactor ? '' : ' (8 would do beside a second factor)'}`,
    );
  }
  if (length > CAP) reasons.push(`must have at most ${CAP} characters`);
  if (isMadeOfContext(password, user, tenantName)) {
    reasons.push('must not be made of your name, login, email, the company or the product');
  }
  if (new Set(canonicalName(password)).size < SHORTEST_CONTEXT_WORD && length > 0) {
    reasons.push('must not repeat a few characters');
  }
  if (reasons.length > 0) {
    const errors = reasons.map((detail) => ({ pointer: '/body/password', detail }));
    throw new Problem('password_refused', { detail: `The password ${reasons.join(', and ')} (K1)`, errors });
  }
}

/** True when little is left once the words that belong to the account are taken out. */
function isMadeOfContext(password: string, user: User, tenantName: string): boolean {
  const emailName = user.authEmail?.split('@')[0] ?? '';
  const words = [user.login, ...user.title.split(/\s+/), emailName, tenantName, 'roster']
    .map(canonicalName)
    .filter((word) => word.length >= SHORTEST_CONTEXT_WORD)
    .sort((a, b) => b.length - a.length);
  const canonical = canonicalName(password);
  const rest = words.reduce((left, word) => left.replaceAll(word, ''), canonical);
  return rest !== canonical && [...rest].length < FLOOR;
}
