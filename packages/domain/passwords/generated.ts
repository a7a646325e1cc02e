// A password that is made rather than chosen: for administrators to pass on, perhaps by telephone.

import type { Settings } from '#contract/settings.ts';
import type { Deps } from '../deps.ts';
import { leastLength, type Owner, reasonsAgainst } from './policy.ts';

/** Nothing that looks like something else: no 0 O o, no 1 I l i. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const GROUP = 5;
const GROUPS_LEAST = 4;

/** Groups of five with hyphens, at least four: 115 bits. Drawn again until the policy takes it, classes and all. */
export function generatedPassword(
  deps: Pick<Deps, 'randomBytes' | 'tenant'>,
  owner: Owner,
  settings: Settings,
): string {
  const groups = Math.max(GROUPS_LEAST, Math.ceil((leastLength(owner, settings) + 1) / (GROUP + 1)));
  for (;;) {
    const drawn = Array.from({ length: groups }, () => Array.from({ length: GROUP }, () => oneOf(deps)).join(''));
    const password = drawn.join('-');
    if (reasonsAgainst(password, owner, deps.tenant.name, settings).length === 0) return password;
  }
}

/** Uniform: draws above the last whole alphabet are thrown away. */
function oneOf(deps: Pick<Deps, 'randomBytes'>): string {
  const whole = Math.floor(256 / ALPHABET.length) * ALPHABET.length;
  for (;;) {
    const drawn = deps.randomBytes(1).readUInt8();
    if (drawn < whole) return ALPHABET.charAt(drawn % ALPHABET.length);
  }
}
