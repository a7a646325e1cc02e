// Roles: additive bundles of permissions, many a user (S4-24, S4-25, C12).

import * as z from 'zod';
import {
  changesSomething,
  force,
  mustChangeSomething,
  namesOnce,
  permissionSet,
  recordDescription,
  recordFields,
  recordName,
  roleId,
  usersOfQuery,
  usersOfRecord,
} from './grant-records.ts';
import { once } from './once.ts';
import { domain } from './operation.ts';

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

const roleChanges = once(() =>
  z
    .strictObject({
      name: recordName().optional(),
      description: recordDescription().nullable().optional().meta({ description: 'null removes it' }),
      permissions: permissionSet().optional(),
      includes: z
        .array(roleId())
        .max(20)
        .refine(...namesOnce)
        .refine(...namesOnce)
        .optional(),
    })
    .refine(changesSomething, mustChangeSomething)
    .meta({ id: 'RoleChanges' }),
);

export const roles = domain('roles', {
  'list-roles': () => ({
    method: 'GET',
    path: '/roles',
    summary: 'List roles',
    caller: 'roles:read',
    output: z.object({ roles: z.array(role()) }),
    status: 200,
    problems: [],
    needs: ['read', 'write'],
    audit: null,
  }),
  'create-role': () => ({
    method: 'POST',
    path: '/roles',
    summary: 'Create a role; nobody puts more into it than they hold',
    caller: 'roles:change',
    body: newRole(),
    output: role(),
    status: 201,
    problems: ['name_taken', 'grants_too_much', 'too_many_records', 'caller_changed', 'prerequisites_missing'],
    needs: ['read', 'write', 'seal'],
    audit: 'role.created',
  }),
  'get-role': () => ({
    method: 'GET',
    path: '/roles/{roleId}',
    summary: 'Read a role',
    caller: 'roles:read',
    params: params(),
    output: role(),
    status: 200,
    problems: ['record_not_found'],
    needs: ['read', 'write'],
    audit: null,
  }),
  'change-role': () => ({
    method: 'PATCH',
    path: '/roles/{roleId}',
    summary: 'Change a role; in force within five seconds for all who have it',
    caller: 'roles:change',
    params: params(),
    query: force(),
    body: roleChanges(),
    ifMatch: true,
    output: role(),
    status: 200,
    problems: [
      'record_not_found',
      'name_taken',
      'grants_too_much',
      'would_lose_own_permission',
      'caller_changed',
      'prerequisites_missing',
    ],
    needs: ['read', 'write'],
    audit: 'role.changed',
  }),
  'delete-role': () => ({
    method: 'DELETE',
    path: '/roles/{roleId}',
    summary: 'Delete a role that nobody has',
    caller: 'roles:change',
    params: params(),
    ifMatch: true,
    output: null,
    status: 204,
    problems: ['record_not_found', 'record_in_use', 'grants_too_much', 'caller_changed'],
    needs: ['read', 'write'],
    audit: 'role.deleted',
  }),
  'list-users-of-role': () => ({
    method: 'GET',
    path: '/roles/{roleId}/users',
    summary: 'Who has this role, of the users in sight',
    caller: 'roles:read',
    params: params(),
    query: usersOfQuery(),
    output: usersOfRecord(),
    status: 200,
    problems: ['record_not_found', 'invalid_cursor'],
    needs: ['read', 'write', 'seal'],
    audit: null,
  }),
});
