// Codes that are sent to people to be typed.

import type { Deps } from '../deps.ts';

/** Uniform: draws above the last whole million are thrown away. */
export function sixDigits(deps: Pick<Deps, 'randomBytes'>): string {
  const whole = Math.floor(2 ** 32 / 1_000_000) * 1_000_000;
  for (;;) {
    const drawn = deps.randomBytes(4).readUInt32BE();
    if (drawn < whole) return String(drawn % 1_000_000).padStart(6, '0');
  }
}
