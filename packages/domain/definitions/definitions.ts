// Definitions: what is the same for all requests and changes seldom. Read all at once, and kept for five seconds at most (K11, G5).

import { Problem } from '#contract/problems.ts';
import { type Settings, settings } from '#contract/settings.ts';
import { definitionsPartition } from '#table/keys.ts';
import type { Deps } from '../deps.ts';
import { type Licensing, licensingItem, unlicensed } from '../licenses/licensing.ts';
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
import { DefinitionsMoved } from './moved.ts';

export interface Definitions {
  settings: Settings;
  licensing: Licensing;
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

/** Repeats work that was decided by definitions which have been changed since, by those of the moment. */
export async function retryMoved<T>(deps: Deps, work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof DefinitionsMoved)) throw error;
      if (tries === 5) throw new Problem('try_again', { retryAfterSeconds: 1, cause: error });
      forget(deps);
    }
  }
}

/** Those of this very moment, for work that brings a change of them about. */
export async function latest(deps: Deps): Promise<Definitions> {
  const now = deps.now();
  const value = await read(deps, true);
  deps.definitions.known = { readAt: now, value };
  return value;
}

const READS = 5;

/** Items are read one after the other: an edition of licenses, and a record as it was before that, are no definitions. */
async function read(deps: Deps, consistent = false): Promise<Definitions> {
  for (let reads = 1; ; reads++) {
    const value = await readOnce(deps, consistent || reads > 1);
    if (isOfOneMoment(value)) return value;
    if (reads === READS) throw new Problem('try_again', { retryAfterSeconds: 1 });
  }
}

function isOfOneMoment({ licensing: { last }, accesses, rights, roles }: Definitions): boolean {
  const record = last && (accesses.get(last.id) ?? rights.get(last.id) ?? roles.get(last.id));
  return !record || record.version >= last.version;
}

async function readOnce(deps: Deps, consistent: boolean): Promise<Definitions> {
  const value: Definitions = {
    settings: settings().parse({}),
    licensing: unlicensed,
    accesses: new Map(),
    rights: new Map(),
    roles: new Map(),
    userGroups: new Map(),
  };
  for await (const item of deps.table.all({ partition: definitionsPartition, consistent })) {
    if (item.type === 'settings') value.settings = settings().parse(item.values);
    else if (item.type === 'licensing') value.licensing = licensingItem().parse(item);
    else if (item.type === 'access') value.accesses.set(item.id as string, accessItem().parse(item));
    else if (item.type === 'rights') value.rights.set(item.id as string, rightsItem().parse(item));
    else if (item.type === 'role') value.roles.set(item.id as string, roleItem().parse(item));
    else if (item.type === 'user-group') value.userGroups.set(item.id as string, userGroupItem().parse(item));
  }
  return value;
}
