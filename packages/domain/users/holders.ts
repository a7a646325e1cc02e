// Who has an access, rights or a role.

import type { GrantKind } from '#table/keys.ts';
import type { Deps } from '../deps.ts';
import type { GrantRecord } from '../grants/record.ts';
import { inUse } from '../grants/records.ts';
import { isInSight, type Viewer } from '../grants/sight.ts';
import type { User } from './user.ts';
import * as users from './users.ts';

const NAMED_MAX = 5;
/** Users read at once in search of a few. */
const READ_AT_ONCE = 100;

export function has(user: Pick<User, 'access' | 'rights' | 'roles' | 'queued'>, kind: GrantKind, id: string): boolean {
  if (kind === 'role') return user.roles?.includes(id) ?? false;
  return user[kind] === id || user.queued?.[kind] === id;
}

/** @throws Problem `record_in_use` that names the first who have it, of the users in sight */
export async function checkUnused(deps: Deps, viewer: Viewer, record: GrantRecord): Promise<void> {
  if (record.usedBy === 0) return;
  const isWanted = (user: User) => has(user, record.type, record.id) && isInSight(viewer, user);
  const titles: string[] = [];
  // Whoever is deactivated keeps what they had, and counts.
  for (const deactivated of [false, true]) {
    const page = await users.page(deps, { deactivated, limit: READ_AT_ONCE, from: undefined, isWanted });
    titles.push(...page.users.map(({ title }) => title));
    if (titles.length >= NAMED_MAX) break;
  }
  throw inUse(record, titles.slice(0, NAMED_MAX));
}
