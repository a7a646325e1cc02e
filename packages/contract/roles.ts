// Roles: additive bundles of permissions, many a user (S4-24, S4-25, C12).

import * as z from 'zod';
import { roleChanges } from './definition-changes.ts';
import { once } from './once.ts';
import { domain } from './operation.ts';
import { changing, creating, deleting, listing, reading, readingUsers } from './record-operations.ts';
import {
  force,
  licenseProblems,
  namesOnce,
  permissionSet,
  preparing,
  recordDescription,
  recordFields,
  recordName,
  roleId,
} from './records.ts';

const params = once(() => z.strictObject({ roleId: roleId() }));

export const role = once(() =>
  z
    .object({ id: roleId(), ...recordFields(), permissions: z.array(z.string()), includes: z.array(roleId()) })
    .meta({ id: 'Role' }),
);

const newRole = once(() =>
  z
    .strictObject({
      name: recordName(),
      description: recordDescription().optional(),
      permissions: permissionSet().default([]),
      includes: z
        .array(roleId())
        .max(20)
        .refine(...namesOnce)
        .default([])
        .meta({ description: 'Roles whose permissions it has as well; no cycles' }),
    })
    .meta({ id: 'NewRole' }),
);

const kind = {
  path: '/roles',
  onePath: '/roles/{roleId}',
  read: 'roles:read',
  change: 'roles:change',
  noun: 'role',
  grants: true,
} as const;

export const roles = domain('roles', {
  'list-roles': () => listing(kind, 'List roles', z.object({ roles: z.array(role()) })),
  'create-role': () =>
    creating(kind, 'Create a role; nobody puts more into it than they hold', newRole(), role(), [
      'prerequisites_missing',
    ]),
  'get-role': () => reading(kind, 'Read a role', params(), role()),
  'change-role': () => ({
    ...changing(
      kind,
      'Change a role; in force within five seconds for all who have it',
      params(),
      roleChanges(),
      role().extend({ preparing: preparing() }),
      ['would_lose_own_permission', 'prerequisites_missing', ...licenseProblems],
    ),
    query: force(),
  }),
  'delete-role': () => deleting(kind, 'Delete a role that nobody has', params()),
  'list-users-of-role': () => readingUsers(kind, 'Who has this role, of the users in sight', params()),
});
