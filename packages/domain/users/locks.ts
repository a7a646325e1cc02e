// What must not change under a user who is signed in: access, rights and extension (C2).

import { Problem } from '#contract/problems.ts';
import type { Deps } from '../deps.ts';
import * as sessions from '../sessions/sessions.ts';
import { type Locked, locked, waiting } from './queued.ts';
import type { User } from './user.ts';

export type When = 'signOutNow' | 'nextSignOut' | undefined;

export interface Plan {
  user: User;
  endsSessions: boolean;
  /** What had waited for a sign-out and takes effect with this edit. */
  applied?: Locked;
}

/**
 * What an edit amounts to, given who is signed in: at once, at once with a sign-out, or later.
 * @throws Problem `user_signed_in` that offers both ways
 */
export async function planned(deps: Deps, before: User, edited: User, when: When, by: string): Promise<Plan> {
  const touched = locked.filter((field) => edited[field] !== before[field]);
  if (touched.length === 0 && !edited.queued) return { user: edited, endsSessions: false };
  const live = await sessions.live(deps, before);
  const isAsked = touched.length > 0 && live.length > 0;
  if (isAsked && when === undefined) throw signedIn(before, touched, live);
  const endsSessions = isAsked && when === 'signOutNow';
  // Another address or factor ends all sessions by itself.
  if (live.length === 0 || endsSessions || edited.epoch !== before.epoch) {
    const { user, applied } = settled(edited, touched);
    return {
      user: endsSessions ? { ...user, epoch: before.epoch + 1 } : user,
      endsSessions,
      ...(applied && { applied }),
    };
  }
  return { user: isAsked ? queue(deps, before, edited, live, by) : edited, endsSessions: false };
}

/** What an edit amounts to that signs out whoever is signed in, as bulk edits do (S1-34); undefined where nobody need be. */
export function withSignOut(before: User, edited: User): Pick<Plan, 'user' | 'applied'> | undefined {
  const touched = locked.filter((field) => edited[field] !== before[field]);
  const isMoved = edited.userGroup !== before.userGroup;
  if (touched.length === 0 && !isMoved && edited.epoch === before.epoch) return undefined;
  const { user, applied } = settled(edited, touched);
  return { user: { ...user, epoch: before.epoch + 1 }, ...(applied && { applied }) };
}

/** Nobody is signed in any more: what has waited takes effect, but for what this very edit says otherwise. */
function settled(edited: User, touched: readonly (keyof Locked)[]): Pick<Plan, 'user' | 'applied'> {
  const { queued } = edited;
  if (!queued) return { user: edited };
  const left = Object.entries(waiting(queued)).filter(([field]) => !touched.includes(field as keyof Locked));
  const applied: Locked = Object.fromEntries(left);
  const user = { ...edited, ...applied, queued: undefined };
  return left.length > 0 ? { user, applied } : { user };
}

function signedIn(user: User, touched: readonly string[], live: readonly sessions.Session[]): Problem {
  return new Problem('user_signed_in', {
    detail: `${user.title} is signed in ${live.length === 1 ? 'once' : `${live.length} times`}; ${touched.join(' and ')} change only while a user is signed out`,
    rule: 'C2',
    because: { fields: touched, sessions: live.length },
    remedy:
      'Repeat with ?when=signOutNow to sign them out and apply it, or with ?when=nextSignOut to apply it when they sign out',
    extra: { offers: ['signOutNow', 'nextSignOut'] },
  });
}

function queue(deps: Deps, before: User, edited: User, live: sessions.Session[], by: string): User {
  const later = {
    ...(edited.access !== before.access && { access: edited.access }),
    ...(edited.rights !== before.rights && { rights: edited.rights }),
    ...(edited.extension !== before.extension && { extension: edited.extension ?? null }),
  };
  const at = deps.now();
  const dueAt = Math.max(...live.map(({ expiresAt }) => expiresAt));
  return {
    ...edited,
    access: before.access,
    rights: before.rights,
    extension: before.extension,
    queued: { ...edited.queued, ...later, by, at, dueAt },
  };
}
