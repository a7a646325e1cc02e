// What must not change under a user who is signed in: access and rights (C2; extension and user group join later).

import { Problem } from '#contract/problems.ts';
import type { Deps } from '../deps.ts';
import * as sessions from '../sessions/sessions.ts';
import type { User } from './user.ts';

const LOCKED = ['access', 'rights'] as const;

export type When = 'signOutNow' | 'nextSignOut' | undefined;

/**
 * What an edit amounts to, given who is signed in: at once, at once with a sign-out, or later.
 * @throws Problem `user_signed_in` that offers both ways
 */
export async function planned(
  deps: Deps,
  before: User,
  edited: User,
  when: When,
  by: string,
): Promise<{ user: User; endsSessions: boolean }> {
  const locked = LOCKED.filter((field) => edited[field] !== before[field]);
  if (locked.length === 0) return { user: edited, endsSessions: false };
  const live = await sessions.live(deps, before);
  if (live.length === 0) return { user: edited, endsSessions: false };
  if (when === 'signOutNow') return { user: { ...edited, epoch: before.epoch + 1 }, endsSessions: true };
  if (when === 'nextSignOut') return { user: queue(deps, before, edited, live, by), endsSessions: false };
  throw new Problem('user_signed_in', {
    detail: `${before.title} is signed in ${live.length === 1 ? 'once' : `${live.length} times`}; ${locked.join(' and ')} change only while a user is signed out`,
    rule: 'C2',
    because: { fields: locked, sessions: live.length },
    remedy:
      'Repeat with ?when=signOutNow to sign them out and apply it, or with ?when=nextSignOut to apply it when they sign out',
    extra: { offers: ['signOutNow', 'nextSignOut'] },
  });
}

function queue(deps: Deps, before: User, edited: User, live: sessions.Session[], by: string): User {
  const waiting = {
    ...(edited.access !== before.access && { access: edited.access }),
    ...(edited.rights !== before.rights && { rights: edited.rights }),
  };
  const at = deps.now();
  const dueAt = Math.max(...live.map(({ expiresAt }) => expiresAt));
  return {
    ...edited,
    access: before.access,
    rights: before.rights,
    queued: { ...before.queued, ...waiting, by, at, dueAt },
  };
}
