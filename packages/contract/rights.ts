// Rights: which content a user may work with: queues, categories, groups, databases, and which users are in sight; one a user (S0-14, S1-9).

import * as z from 'zod';
import { plainText, userId } from './fields.ts';
import { once } from './once.ts';
import { domain } from './operation.ts';
import { changing, creating, deleting, listing, reading, readingUsers } from './record-operations.ts';
import {
  changesSomething,
  mustChangeSomething,
  namesOnce,
  recordDescription,
  recordFields,
  recordName,
  rightsId,
} from './records.ts';
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

const kind = {
  path: '/rights',
  onePath: '/rights/{rightsId}',
  read: 'rights:read',
  change: 'rights:change',
  noun: 'rights',
  grants: true,
} as const;

export const rights = domain('rights', {
  'list-rights': () => listing(kind, 'List rights', z.object({ rights: z.array(rightsRecord()) })),
  'create-rights': () =>
    creating(kind, 'Create rights; nobody puts more into them than they hold', newRights(), rightsRecord(), [
      'prerequisites_missing',
    ]),
  'get-rights': () => reading(kind, 'Read rights', params(), rightsRecord()),
  'change-rights': () =>
    changing(
      kind,
      'Change rights; in force within five seconds for all who have them',
      params(),
      rightsChanges(),
      rightsRecord(),
      ['prerequisites_missing'],
    ),
  'delete-rights': () => deleting(kind, 'Delete rights that nobody has', params()),
  'list-users-of-rights': () => readingUsers(kind, 'Who has these rights, of the users in sight', params()),
});
