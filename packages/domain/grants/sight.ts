// Whom a user sees, and which content their rights hold (S0-14). What is out of sight is answered like what does not exist.

import type { Rights } from '../records/record.ts';
import type { User } from '../users/user.ts';

export interface Viewer {
  user: User;
  /** Undefined: sees nobody but themselves. */
  rights: Rights | undefined;
}

export function isInSight({ user: viewer, rights }: Viewer, user: Pick<User, 'id' | 'userType' | 'rights'>): boolean {
  if (viewer.superUser || user.id === viewer.id) return true;
  if (!rights) return false;
  if (rights.users === 'all') return true;
  const { types, rights: ofRights, ids } = rights.users;
  return (
    types.includes(user.userType) ||
    ids.includes(user.id) ||
    (user.rights !== undefined && ofRights.includes(user.rights))
  );
}

type Content = Pick<Rights, 'queues' | 'categories' | 'groups' | 'databases' | 'users'>;
const kinds = ['queues', 'categories', 'groups', 'databases'] as const;

/** What of these rights is more than the holder's own: names of the parts. */
export function beyond(holder: Content | undefined, wanted: Content): string[] {
  const parts: string[] = kinds.filter((kind) => !covers(holder?.[kind] ?? [], wanted[kind]));
  if (!coversUsers(holder?.users, wanted.users)) parts.push('users');
  return parts;
}

function covers(held: 'all' | readonly string[], wanted: 'all' | readonly string[]): boolean {
  if (held === 'all') return true;
  return wanted !== 'all' && wanted.every((name) => held.includes(name));
}

function coversUsers(held: Rights['users'] | undefined, wanted: Rights['users']): boolean {
  if (held === 'all') return true;
  if (wanted === 'all') return false;
  const { types, rights, ids } = held ?? { types: [], rights: [], ids: [] };
  return covers(types, wanted.types) && covers(rights, wanted.rights) && covers(ids, wanted.ids);
}
