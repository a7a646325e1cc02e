// Who takes which license as rows of a spreadsheet: one a user and license.

import type { Deps } from '../deps.ts';
import type { Place } from '../directory/find.ts';
import type { User } from '../users/user.ts';
import { heldOf, holdersPage } from './holders.ts';
import type { ShownHolder } from './shown-holders.ts';

/** Rows of one page at most; users are never split between two. */
export const ROWS_MAX = 1000;
/** For fewer it is not worth another trip. */
const USERS_MIN = 10;
/** So many are read at once. */
const USERS_MAX = 100;

/**
 * Users for as many rows as a page has.
 * @param each licenses that one user can take at most
 */
export async function usersOfPage(
  deps: Deps,
  { license, each, from }: { license: string | undefined; each: number; from: Place | undefined },
): Promise<{ users: User[]; next?: Place }> {
  const users: User[] = [];
  let rows = 0;
  let place = from;
  for (;;) {
    const limit = Math.min(USERS_MAX, Math.floor((ROWS_MAX - rows) / each));
    const page = await holdersPage(deps, license, { limit, from: place });
    users.push(...page.users);
    rows += page.users.reduce((sum, user) => sum + heldOf(user, license).length, 0);
    place = page.next;
    if (!place) return { users };
    if (Math.floor((ROWS_MAX - rows) / each) < USERS_MIN) return { users, next: place };
  }
}

export const head = ['user', 'title', 'login', 'type', 'state', 'license', 'name', 'since', 'field', 'cause'] as const;

export function rowsOf({ id, title, login = '', type, state, licenses }: ShownHolder): string[][] {
  return licenses.map(({ license, name, since, causes }) => [
    ...[id, title, login, type, state, license, name, since],
    [...new Set(causes.map(({ field }) => field))].join(', '),
    causes.map(({ text }) => text).join('; '),
  ]);
}
