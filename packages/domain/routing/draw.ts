// One of several, each as likely as any other (S0-39).

import type { Deps } from '../deps.ts';

const VALUES = 2 ** 32;

/** Undefined: of none. What the last, incomplete round of values would make likelier is drawn again. */
export function drawn<T>({ randomBytes }: Pick<Deps, 'randomBytes'>, list: readonly T[]): T | undefined {
  if (list.length <= 1) return list[0];
  const even = VALUES - (VALUES % list.length);
  for (;;) {
    const value = randomBytes(4).readUInt32BE();
    if (value < even) return list[value % list.length];
  }
}
