// What a role may be turned into: its includes exist, close no circle, and bring nothing that the editor does not hold.

import { Problem } from '#contract/problems.ts';
import type { Deps } from '../deps.ts';
import type { Role } from '../records/record.ts';
import * as records from '../records/records.ts';
import { circleOf, permissionsOfRole } from './effective.ts';
import { checkPermissions, type Granter } from './limits.ts';

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
