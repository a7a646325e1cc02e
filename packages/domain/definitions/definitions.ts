// Definitions: what is the same for all requests and changes seldom. Read all at once, and kept for five seconds at most (K11, G5).

import { type Settings, settings } from '#contract/settings.ts';
import { definitionsPartition } from '#table/keys.ts';
import type { Deps } from '../deps.ts';
import {
  type Access,
  accessItem,
  type Rights,
  type Role,
  rightsItem,
  roleItem,
  type UserGroup,
  userGroupItem,
} from '../records/record.ts';
import type { User } from '../users/user.ts';

export interface Definitions {
  settings: Settings;
  accesses: Map<string, Access>;
  rights: Map<string, Rights>;
  roles: Map<string, Role>;
  userGroups: Map<string, UserGroup>;
}

const FRESH_MS = 5000;

export async function current(deps: Deps): Promise<Definitions> {
  const known = deps.definitions.known;
  const now = deps.now();
  if (known && now - known.readAt < FRESH_MS) return known.value;
  const value = await read(deps);
  // Counted from before the read: what is five seconds old by then is read anew.
  deps.definitions.known = { readAt: now, value };
  return value;
}

/** The same, or newer ones where another process has made since what this user has: it is theirs with the next request. */
export async function knowing(
  deps: Deps,
  known: Definitions,
  { access, rights, roles = [], userGroup }: Pick<User, 'access' | 'rights' | 'roles' | 'userGroup'>,
): Promise<Definitions> {
  const isKnown =
    (access === undefined || known.accesses.has(access)) &&
    (rights === undefined || known.rights.has(rights)) &&
    roles.every((role) => known.roles.has(role)) &&
    (userGroup === undefined || known.userGroups.has(userGroup));
  if (isKnown) return known;
  forget(deps);
  return current(deps);
}

/** Those of this moment, the user's own among them. */
export async function currentFor(
  deps: Deps,
  user: Pick<User, 'access' | 'rights' | 'roles' | 'userGroup'>,
): Promise<Definitions> {
  return knowing(deps, await current(deps), user);
}

/** This process has just changed one: it does not wait five seconds for itself. */
export function forget(deps: Deps): void {
  deps.definitions.known = undefined;
}

async function read(deps: Deps): Promise<Definitions> {
  const value: Definitions = {
    settings: settings().parse({}),
    accesses: new Map(),
    rights: new Map(),
    roles: new Map(),
    userGroups: new Map(),
  };
  for await (const item of deps.table.all({ partition: definitionsPartition })) {
    if (item.type === 'settings') value.settings = settings().parse(item.values);
    else if (item.type === 'access') value.accesses.set(item.id as string, accessItem().parse(item));
    else if (item.type === 'rights') value.rights.set(item.id as string, rightsItem().parse(item));
    else if (item.type === 'role') value.roles.set(item.id as string, roleItem().parse(item));
    else if (item.type === 'user-group') value.userGroups.set(item.id as string, userGroupItem().parse(item));
  }
  return value;
}
