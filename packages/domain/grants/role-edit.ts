// What a role may be turned into: its includes exist, close no circle, and bring nothing that the editor does not hold.

import type * as z from 'zod';
import type { roleChanges } from '#contract/definition-changes.ts';
import { Problem } from '#contract/problems.ts';
import type { Definitions } from '../definitions/definitions.ts';
import type { Deps } from '../deps.ts';
import type { Role } from '../records/record.ts';
import * as records from '../records/records.ts';
import { circleOf, permissionsOf, permissionsOfRole } from './effective.ts';
import { checkOwnLoss, checkPermissions, type Granter } from './limits.ts';

/** @throws Problem `grants_too_much`, `prerequisites_missing`, `invalid_input`, `would_lose_own_permission` */
export async function editedRole(
  deps: Deps,
  editor: Granter & { definitions: Definitions },
  before: Role,
  changes: z.output<ReturnType<typeof roleChanges>>,
  { force }: { force: boolean },
): Promise<Role> {
  const after: Role = records.edited(deps, before, changes);
  // Also what it held before: who does not hold it must not take it away from others either.
  checkPermissions(editor, permissionsOfRole(before.id, editor.definitions.roles), '/path/roleId');
  const roles = await checkRole(deps, editor, after, editor.definitions.roles);
  checkOwnLoss(editor, permissionsOf(editor.user, { ...editor.definitions, roles }), force);
  return after;
}

/**
 * @returns the roles as they are with this one
 * @throws Problem `prerequisites_missing`, `invalid_input` for a circle, `grants_too_much`
 */
export async function checkRole(
  deps: Deps,
  editor: Granter,
  role: Role,
  known: ReadonlyMap<string, Role>,
): Promise<Map<string, Role>> {
  const references = role.includes.map((id, n) => ({ kind: 'role' as const, id, pointer: `/body/includes/${n}` }));
  const included = await records.byIds(deps, references);
  const absent = references.filter((_reference, n) => included[n] === undefined);
  if (absent.length > 0) throw records.missing(absent);
  const roles = new Map(known);
  for (const each of included) if (each) roles.set(each.id, each);
  const circle = circleOf(role.id, role.includes, roles);
  if (circle !== undefined) throw inCircle(role, circle);
  roles.set(role.id, role);
  checkPermissions(editor, permissionsOfRole(role.id, roles), '/body/permissions');
  return roles;
}

function inCircle(role: Role, through: string): Problem {
  const pointer = `/body/includes/${role.includes.indexOf(through)}`;
  const detail = `${through} includes ${role.id} itself, so this would go round in a circle; take it out`;
  return new Problem('invalid_input', {
    detail: `${pointer}: ${detail}`,
    errors: [{ pointer, detail }],
    because: through,
  });
}
