// Groups: a relation to any number of users, without inheritance (S1-29, C13).

import * as z from 'zod';
import { once } from './once.ts';
import { domain } from './operation.ts';
import { changing, creating, deleting, listing, reading, readingUsers } from './record-operations.ts';
import {
  changesSomething,
  groupId,
  mustChangeSomething,
  recordDescription,
  recordFields,
  recordName,
} from './records.ts';

const params = once(() => z.strictObject({ groupId: groupId() }));

export const group = once(() => z.object({ id: groupId(), ...recordFields() }).meta({ id: 'Group' }));

const newGroup = once(() =>
  z.strictObject({ name: recordName(), description: recordDescription().optional() }).meta({ id: 'NewGroup' }),
);

const groupChanges = once(() =>
  z
    .strictObject({
      name: recordName().optional(),
      description: recordDescription().nullable().optional().meta({ description: 'null removes it' }),
    })
    .refine(changesSomething, mustChangeSomething)
    .meta({ id: 'GroupChanges' }),
);

const kind = {
  path: '/groups',
  onePath: '/groups/{groupId}',
  read: 'groups:read',
  change: 'groups:change',
  noun: 'group',
} as const;

export const groups = domain('groups', {
  'list-groups': () => listing(kind, 'List groups', z.object({ groups: z.array(group()) })),
  'create-group': () => creating(kind, 'Create a group', newGroup(), group()),
  'get-group': () => reading(kind, 'Read a group', params(), group()),
  'change-group': () => changing(kind, 'Change a group', params(), groupChanges(), group()),
  'delete-group': () => deleting(kind, 'Delete a group that nobody has', params()),
  'list-users-of-group': () => readingUsers(kind, 'Who has the group, of the users in sight', params()),
});
