// Rights: which content a user may work with: queues, categories, groups, databases, and which users are in sight; one a user (S0-14, S1-9).

import * as z from 'zod';
import { rightsChanges } from './definition-changes.ts';
import { once } from './once.ts';
import { domain } from './operation.ts';
import { changing, creating, deleting, listing, reading, readingUsers } from './record-operations.ts';
import { licenseProblems, preparing, recordDescription, recordFields, recordName, rightsId } from './records.ts';
import { contentNames, queuesGiven, usersInSight } from './rights-content.ts';

/** What was kept before there were records of queues is shown as it is: it names none. */
const queuesKept = once(() =>
  z
    .union([z.literal('all'), z.array(z.string())])
    .meta({ description: '`all`, or ids of queues', example: ['que_0123456789ab'] }),
);

const contents = once(() => ({
  queues: queuesKept(),
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
      queues: queuesGiven().default([]),
      categories: contentNames().default([]),
      groups: contentNames().default([]),
      databases: contentNames().default([]),
      users: usersInSight().prefault({}),
    })
    .meta({ id: 'NewRights' }),
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
      rightsRecord().extend({ preparing: preparing() }),
      ['prerequisites_missing', ...licenseProblems],
    ),
  'delete-rights': () => deleting(kind, 'Delete rights that nobody has', params()),
  'list-users-of-rights': () => readingUsers(kind, 'Who has these rights, of the users in sight', params()),
});
