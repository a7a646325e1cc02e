// Accesses: which modules, sub-modules and actions a user may use; one a user (S0-13, S1-8).

import * as z from 'zod';
import { accessChanges } from './definition-changes.ts';
import { once } from './once.ts';
import { domain } from './operation.ts';
import { changing, creating, deleting, listing, reading, readingUsers } from './record-operations.ts';
import {
  accessId,
  force,
  licenseProblems,
  permissionSet,
  preparing,
  recordDescription,
  recordFields,
  recordName,
} from './records.ts';

const params = once(() => z.strictObject({ accessId: accessId() }));

export const access = once(() =>
  z.object({ id: accessId(), ...recordFields(), permissions: z.array(z.string()) }).meta({ id: 'Access' }),
);

const newAccess = once(() =>
  z
    .strictObject({
      name: recordName(),
      description: recordDescription().optional(),
      permissions: permissionSet(),
    })
    .meta({ id: 'NewAccess' }),
);

const kind = {
  path: '/accesses',
  onePath: '/accesses/{accessId}',
  read: 'accesses:read',
  change: 'accesses:change',
  noun: 'access',
  grants: true,
} as const;

export const accesses = domain('accesses', {
  'list-permissions': () => ({
    method: 'GET',
    path: '/permissions',
    summary: 'What can be granted, in words',
    caller: 'accesses:read',
    output: z.object({
      permissions: z.array(
        z.object({ name: z.string(), module: z.string(), subModule: z.string(), allows: z.string() }),
      ),
    }),
    status: 200,
    problems: [],
    needs: ['read', 'write'],
    audit: null,
  }),
  'list-accesses': () => listing(kind, 'List accesses', z.object({ accesses: z.array(access()) })),
  'create-access': () =>
    creating(kind, 'Create an access; nobody puts more into it than they hold', newAccess(), access()),
  'get-access': () => reading(kind, 'Read an access', params(), access()),
  'change-access': () => ({
    ...changing(
      kind,
      'Change an access; in force within five seconds for all who have it',
      params(),
      accessChanges(),
      access().extend({ preparing: preparing() }),
      ['would_lose_own_permission', ...licenseProblems],
    ),
    query: force(),
  }),
  'delete-access': () => deleting(kind, 'Delete an access that nobody has', params()),
  'list-users-of-access': () => readingUsers(kind, 'Who has this access, of the users in sight', params()),
});
