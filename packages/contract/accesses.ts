// Accesses: which modules, sub-modules and actions a user may use; one a user (S0-13, S1-8).

import * as z from 'zod';
import {
  accessId,
  changesSomething,
  force,
  mustChangeSomething,
  permissionSet,
  recordDescription,
  recordFields,
  recordName,
  usersOfQuery,
  usersOfRecord,
} from './grant-records.ts';
import { once } from './once.ts';
import { domain } from './operation.ts';

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

const accessChanges = once(() =>
  z
    .strictObject({
      name: recordName().optional(),
      description: recordDescription().nullable().optional().meta({ description: 'null removes it' }),
      permissions: permissionSet().optional(),
    })
    .refine(changesSomething, mustChangeSomething)
    .meta({ id: 'AccessChanges' }),
);

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
  'list-accesses': () => ({
    method: 'GET',
    path: '/accesses',
    summary: 'List accesses',
    caller: 'accesses:read',
    output: z.object({ accesses: z.array(access()) }),
    status: 200,
    problems: [],
    needs: ['read', 'write'],
    audit: null,
  }),
  'create-access': () => ({
    method: 'POST',
    path: '/accesses',
    summary: 'Create an access; nobody puts more into it than they hold',
    caller: 'accesses:change',
    body: newAccess(),
    output: access(),
    status: 201,
    problems: ['name_taken', 'grants_too_much', 'too_many_records', 'caller_changed'],
    needs: ['read', 'write', 'seal'],
    audit: 'access.created',
  }),
  'get-access': () => ({
    method: 'GET',
    path: '/accesses/{accessId}',
    summary: 'Read an access',
    caller: 'accesses:read',
    params: params(),
    output: access(),
    status: 200,
    problems: ['record_not_found'],
    needs: ['read', 'write'],
    audit: null,
  }),
  'change-access': () => ({
    method: 'PATCH',
    path: '/accesses/{accessId}',
    summary: 'Change an access; in force within five seconds for all who have it',
    caller: 'accesses:change',
    params: params(),
    query: force(),
    body: accessChanges(),
    ifMatch: true,
    output: access(),
    status: 200,
    problems: ['record_not_found', 'name_taken', 'grants_too_much', 'would_lose_own_permission', 'caller_changed'],
    needs: ['read', 'write'],
    audit: 'access.changed',
  }),
  'delete-access': () => ({
    method: 'DELETE',
    path: '/accesses/{accessId}',
    summary: 'Delete an access that nobody has',
    caller: 'accesses:change',
    params: params(),
    ifMatch: true,
    output: null,
    status: 204,
    problems: ['record_not_found', 'record_in_use', 'grants_too_much', 'caller_changed'],
    needs: ['read', 'write'],
    audit: 'access.deleted',
  }),
  'list-users-of-access': () => ({
    method: 'GET',
    path: '/accesses/{accessId}/users',
    summary: 'Who has this access, of the users in sight',
    caller: 'accesses:read',
    params: params(),
    query: usersOfQuery(),
    output: usersOfRecord(),
    status: 200,
    problems: ['record_not_found', 'invalid_cursor'],
    needs: ['read', 'write', 'seal'],
    audit: null,
  }),
});
