// Who has an access, rights or a role.

import type { GrantKind } from '#table/keys.ts';
import type { Deps } from '../deps.ts';
import type { GrantRecord } from '../grants/record.ts';
import { inUse } from '../grants/records.ts';
import type { User } from './user.ts';
import * as users from './users.ts';

const NAMED_MAX = 5;

export function has(user: Pick<User, 'access' | 'rights' | 'roles' | 'queued'>, kind: GrantKind, id: string): boolean {
  if (kind === 'role') return user.roles?.includes(id) ?? false;
  return user[kind] === id || user.queued?.[kind] === id;
}

/** @throws Problem `record_in_use` that names the first who have it */
export async function checkUnused(deps: Deps, record: GrantRecord): Promise<void> {
  if (record.usedBy === 0) return;
  const isWanted = (user: User) => has(user, record.type, record.id);
  const page = await users.page(deps, { deactivated: false, limit: NAMED_MAX, from: undefined, isWanted });
  throw inUse(
    record,
    page.users.map(({ title }) => title),
  );
}
