// What a user may do: the union of access and roles, or everything for a SuperUser (C12). Nothing is ever denied by a union.

import { type Permission, permissions } from '#contract/permissions.ts';
import type { Definitions } from '../definitions/definitions.ts';
import type { Role } from '../records/record.ts';
import type { User } from '../users/user.ts';

export interface GrantSource {
  from: 'superUser' | 'access' | 'role';
  id?: string;
  name?: string;
  /** The user's role through whose `includes` this one is held. */
  through?: string;
}

type Granted = Pick<User, 'superUser' | 'access' | 'roles'>;
type Grants = Pick<Definitions, 'accesses' | 'roles'>;

export function permissionsOf(user: Granted, definitions: Grants): ReadonlySet<Permission> {
  return new Set(sourcesOf(user, definitions).keys());
}

/** Each permission that the user holds, with all that grants it. */
export function sourcesOf(user: Granted, { accesses, roles }: Grants): Map<Permission, GrantSource[]> {
  const sources = new Map<Permission, GrantSource[]>();
  const grant = (names: readonly Permission[], source: GrantSource) => {
    for (const name of names) sources.set(name, [...(sources.get(name) ?? []), source]);
  };
  if (user.superUser) grant(permissions, { from: 'superUser' });
  const access = user.access && accesses.get(user.access);
  if (access) grant(access.permissions, { from: 'access', id: access.id, name: access.name });
  for (const id of user.roles ?? []) {
    for (const role of withIncluded(id, roles)) {
      const through = role.id === id ? {} : { through: id };
      grant(role.permissions, { from: 'role', id: role.id, name: role.name, ...through });
    }
  }
  return sources;
}

/** What a role amounts to, included roles and all. */
export function permissionsOfRole(id: string, roles: ReadonlyMap<string, Role>): Set<Permission> {
  return new Set(withIncluded(id, roles).flatMap((role) => role.permissions));
}

/** The role and all that it includes, each once: two edits at the same time could close a circle. */
export function withIncluded(id: string, roles: ReadonlyMap<string, Role>): Role[] {
  const found = new Map<string, Role>();
  const waiting = [id];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const role = roles.get(next);
    if (!role || found.has(next)) continue;
    found.set(next, role);
    waiting.push(...role.includes);
  }
  return [...found.values()];
}

/** The way from a role back to itself, if its includes made one. */
export function circleOf(
  id: string,
  includes: readonly string[],
  roles: ReadonlyMap<string, Role>,
): string | undefined {
  return includes.find((each) => each === id || withIncluded(each, roles).some((role) => role.id === id));
}
