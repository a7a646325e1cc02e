// An edit of an access, rights or a role that a job brings about comes into force long after it was judged: by then whoever asked
// for it must still hold all that it takes.

import type { Permission } from '#contract/permissions.ts';
import type { Access, Rights, Role } from '../records/record.ts';
import { permissionsOfRole } from './effective.ts';
import { callerChanged, type Granter } from './limits.ts';
import { beyond } from './sight.ts';

type Edited = Access | Rights | Role;

const changing = { access: 'accesses:change', rights: 'rights:change', role: 'roles:change' } as const satisfies Record<
  Edited['type'],
  Permission
>;

/**
 * By what they hold and not by their version: the job itself may have moved their seats. Holding more than before is no matter.
 * @throws Problem `caller_changed`
 */
export function checkStillEdits(
  editor: Granter,
  before: Edited,
  after: Edited,
  roles: ReadonlyMap<string, Role>,
): void {
  const isHeld = [before, after].every((each) => holdsAll(editor, each, roles));
  if (!isHeld || !editor.permissions.has(changing[after.type])) throw callerChanged();
}

function holdsAll({ user, permissions, rights }: Granter, record: Edited, roles: ReadonlyMap<string, Role>): boolean {
  if (record.type === 'rights') return user.superUser || beyond(rights, record).length === 0;
  const wanted =
    record.type === 'access' ? record.permissions : permissionsOfRole(record.id, new Map(roles).set(record.id, record));
  return [...wanted].every((permission) => permissions.has(permission));
}
