// What must not change under a user who is signed in: access and rights (C2; extension and user group join later).

import { Problem } from '#contract/problems.ts';
import type { Deps } from '../deps.ts';
import * as sessions from '../sessions/sessions.ts';
import type { User } from './user.ts';

const LOCKED = ['access', 'rights'] as const;

export type When = 'signOutNow' | 'nextSignOut' | undefined;

export interface Plan {
  user: User;
  endsSessions: boolean;
  /** What had waited for a sign-out and takes effect with this edit. */
  applied?: Partial<Pick<User, 'access' | 'rights'>>;
}

/**
 * What an edit amounts to, given who is signed in: at once, at once with a sign-out, or later.
 * @throws Problem `user_signed_in` that offers both ways
 */
export async function planned(deps: Deps, before: User, edited: User, when: When, by: string): Promise<Plan> {
  const locked = LOCKED.filter((field) => edited[field] !== before[field]);
  if (locked.length === 0 && !edited.queued) return { user: edited, endsSessions: false };
  const live = await sessions.live(deps, before);
  const isAsked = locked.length > 0 && live.length > 0;
  if (isAsked && when === undefined) throw signedIn(before, locked, live);
  const endsSessions = isAsked && when === 'signOutNow';
  // Another address or factor ends all sessions by itself.
  if (live.length === 0 || endsSessions || edited.epoch !== before.epoch) {
    const { user, applied } = settled(edited, locked);
    return {
      user: endsSessions ? { ...user, epoch: before.epoch + 1 } : user,
      endsSessions,
      ...(applied && { applied }),
    };
  }
  return { user: isAsked ? queue(deps, before, edited, live, by) : edited, endsSessions: false };
}

/** Nobody is signed in any more: what has waited takes effect, but for what this very edit says otherwise. */
function settled(edited: User, locked: readonly (typeof LOCKED)[number][]): Pick<Plan, 'user' | 'applied'> {
  const { queued } = edited;
  if (!queued) return { user: edited };
  const waiting = LOCKED.filter((field) => queued[field] !== undefined && !locked.includes(field));
  const applied = Object.fromEntries(waiting.map((field) => [field, queued[field]]));
  const user = { ...edited, ...applied, queued: undefined };
  return waiting.length > 0 ? { user, applied } : { user };
}

function signedIn(user: User, locked: readonly string[], live: readonly sessions.Session[]): Problem {
  return new Problem('user_signed_in', {
    detail: `${user.title} is signed in ${live.length === 1 ? 'once' : `${live.length} times`}; ${locked.join(' and ')} change only while a user is signed out`,
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
    queued: { ...edited.queued, ...waiting, by, at, dueAt },
  };
}
