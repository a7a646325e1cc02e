// What a user's own item says that they hold.

import type { User } from '../users/user.ts';

/** A seat that somebody holds. */
export interface Held {
  license: string;
  /** Epoch ms. */
  from: number;
}

export function heldBy(user: Pick<User, 'seats'> | undefined): Held[] {
  return Object.entries(user?.seats?.held ?? {}).map(([license, from]) => ({ license, from }));
}
