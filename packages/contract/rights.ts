// Rights: which content a user may work with: queues, categories, groups, databases, and which users are in sight; one a user (S0-14, S1-9).

import * as z from 'zod';
import { plainText, userId } from './fields.ts';
import {
  changesSomething,
  mustChangeSomething,
  namesOnce,
  recordDescription,
  recordFields,
  recordName,
  rightsId,
  usersOfQuery,
  usersOfRecord,
} from './grant-records.ts';
import { once } from './once.ts';
import { domain } from './operation.ts';
import { userType } from './user-types.ts';

const contentNames = once(() =>
  z
    .union([z.literal('all'), z.array(plainText(64)).max(200)])
    .meta({ description: '`all`, or names as the contact-center platform knows them', example: ['Inbound', 'Sales'] }),
);

const usersInSight = once(() =>
  z
    .union([
      z.literal('all'),
      z.strictObject({
        types: z
          .array(userType())
          .max(7)
          .refine(...namesOnce)
          .default([]),
        rights: z
          .array(rightsId())
          .max(50)
          .refine(...namesOnce)
          .default([])
          .meta({ description: 'Users who have these rights' }),
        ids: z
          .array(userId())
          .max(100)
          .refine(...namesOnce)
          .default([]),
      }),
    ])
    .meta({ description: 'All, or the users of these types, with these rights, or with these ids; oneself always' }),
);

const contents = once(() => ({
  queues: contentNames(),
  categories: contentNames(),
  groups: contentNames(),
  databases: contentNames(),
}));

const params = once(() => z.strictObject({ rightsId: rightsId() }));

export const rightsRecord = once(() =>
  z.object({ id: rightsId(), ...recordFields(), ...contents(), users: usersInSight() }).meta({ id: 'Rights' }),
);

const newRights = once(() =>
  z
    .strictObject({
      name: recordName(),
      description: recordDescription().optional(),
      queues: contentNames().default([]),
      categories: contentNames().default([]),
      groups: contentNames().default([]),
      databases: contentNames().default([]),
      users: usersInSight().prefault({}),
    })
    .meta({ id: 'NewRights' }),
);

const rightsChanges = once(() =>
  z
    .strictObject({
      name: recordName().optional(),
      description: recordDescription().nullable().optional().meta({ description: 'null removes it' }),
      queues: contentNames().optional(),
      categories: contentNames().optional(),
      groups: contentNames().optional(),
      databases: contentNames().optional(),
      users: usersInSight().optional(),
    })
    .refine(changesSomething, mustChangeSomething)
    .meta({ id: 'RightsChanges' }),
);

export const rights = domain('rights', {
  'list-rights': () => ({
    method: 'GET',
    path: '/rights',
    summary: 'List rights',
    caller: 'rights:read',
    output: z.object({ rights: z.array(rightsRecord()) }),
    status: 200,
    problems: [],
    needs: ['read', 'write'],
    audit: null,
  }),
  'create-rights': () => ({
    method: 'POST',
    path: '/rights',
    summary: 'Create rights; nobody puts more into it than they hold',
    caller: 'rights:change',
    body: newRights(),
    output: rightsRecord(),
    status: 201,
    problems: ['name_taken', 'grants_too_much', 'too_many_records', 'caller_changed', 'prerequisites_missing'],
    needs: ['read', 'write', 'seal'],
    audit: 'rights.created',
  }),
  'get-rights': () => ({
    method: 'GET',
    path: '/rights/{rightsId}',
    summary: 'Read rights',
    caller: 'rights:read',
    params: params(),
    output: rightsRecord(),
    status: 200,
    problems: ['record_not_found'],
    needs: ['read', 'write'],
    audit: null,
  }),
  'change-rights': () => ({
    method: 'PATCH',
    path: '/rights/{rightsId}',
    summary: 'Change rights; in force within five seconds for all who have it',
    caller: 'rights:change',
    params: params(),
    body: rightsChanges(),
    ifMatch: true,
    output: rightsRecord(),
    status: 200,
    problems: ['record_not_found', 'name_taken', 'grants_too_much', 'caller_changed', 'prerequisites_missing'],
    needs: ['read', 'write'],
    audit: 'rights.changed',
  }),
  'delete-rights': () => ({
    method: 'DELETE',
    path: '/rights/{rightsId}',
    summary: 'Delete rights that nobody has',
    caller: 'rights:change',
    params: params(),
    ifMatch: true,
    output: null,
    status: 204,
    problems: ['record_not_found', 'record_in_use', 'grants_too_much', 'caller_changed'],
    needs: ['read', 'write'],
    audit: 'rights.deleted',
  }),
  'list-users-of-rights': () => ({
    method: 'GET',
    path: '/rights/{rightsId}/users',
    summary: 'Who has these rights, of the users in sight',
    caller: 'rights:read',
    params: params(),
    query: usersOfQuery(),
    output: usersOfRecord(),
    status: 200,
    problems: ['record_not_found', 'invalid_cursor'],
    needs: ['read', 'write', 'seal'],
    audit: null,
  }),
});
