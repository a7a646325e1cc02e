// What a user refers to (access, rights, roles), what of it must exist (S0-5), and the counts of who has what.

import type { Permission } from '#contract/permissions.ts';
import type { GrantKind } from '#table/keys.ts';
import type { Write } from '#table/write.ts';
import type { Definitions } from '../definitions/definitions.ts';
import type { Deps } from '../deps.ts';
import { permissionsOfRole } from '../grants/effective.ts';
import { checkPermissions, checkRights, type Granter } from '../grants/limits.ts';
import type { Access, Rights } from '../grants/record.ts';
import * as records from '../grants/records.ts';
import type { User } from './user.ts';

type Referring = Partial<Pick<User, 'access' | 'rights' | 'roles' | 'queued'>>;

interface Reference {
  kind: GrantKind;
  id: string;
  pointer: string;
}

/** Reads what is newly referred to. @throws Problem `prerequisites_missing` with the whole list, `grants_too_much` */
export async function checkReferences(
  deps: Deps,
  granter: Granter,
  wanted: Partial<Pick<User, 'access' | 'rights' | 'roles'>>,
  definitions: Definitions,
): Promise<void> {
  const references: Reference[] = [
    ...(wanted.access ? [{ kind: 'access' as const, id: wanted.access, pointer: '/body/access' }] : []),
    ...(wanted.rights ? [{ kind: 'rights' as const, id: wanted.rights, pointer: '/body/rights' }] : []),
    ...(wanted.roles ?? []).map((id, n) => ({ kind: 'role' as const, id, pointer: `/body/roles/${n}` })),
  ];
  const found = await records.byIds(deps, references);
  const absent = references.filter((_reference, n) => found[n] === undefined);
  if (absent.length > 0) throw records.missing(absent);
  // Fresh reads where there are some: what is granted must not be five seconds old.
  const roles = new Map(definitions.roles);
  for (const record of found) if (record?.type === 'role') roles.set(record.id, record);
  for (const [n, { kind, id, pointer }] of references.entries()) {
    if (kind === 'access') checkPermissions(granter, (found[n] as Access).permissions, pointer);
    if (kind === 'role') checkPermissions(granter, permissionsOfRole(id, roles) as Set<Permission>, pointer);
    if (kind === 'rights') checkRights(granter, found[n] as Rights, pointer);
  }
}

/** Moves the counts from what the user referred to before to what they refer to after. */
export function usageWrites(before: Referring | undefined, after: Referring): Write[] {
  const had = referred(before ?? {});
  const has = referred(after);
  return [
    ...[...has].filter(([id]) => !had.has(id)).map(([id, kind]) => records.usage(kind, id, 1)),
    ...[...had].filter(([id]) => !has.has(id)).map(([id, kind]) => records.usage(kind, id, -1)),
  ];
}

/** Each record once, also when it is both held and queued. */
function referred({ access, rights, roles, queued }: Referring): Map<string, GrantKind> {
  const found = new Map<string, GrantKind>();
  for (const id of [access, queued?.access]) if (id) found.set(id, 'access');
  for (const id of [rights, queued?.rights]) if (id) found.set(id, 'rights');
  for (const id of roles ?? []) found.set(id, 'role');
  return found;
}
