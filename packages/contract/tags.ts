// Tags: labels of users (S4-24).

import * as z from 'zod';
import { once } from './once.ts';
import { domain } from './operation.ts';
import { changing, creating, deleting, listing, reading, readingUsers } from './record-operations.ts';
import {
  changesSomething,
  mustChangeSomething,
  recordDescription,
  recordFields,
  recordName,
  tagId,
} from './records.ts';

const params = once(() => z.strictObject({ tagId: tagId() }));

export const tag = once(() => z.object({ id: tagId(), ...recordFields() }).meta({ id: 'Tag' }));

const newTag = once(() =>
  z.strictObject({ name: recordName(), description: recordDescription().optional() }).meta({ id: 'NewTag' }),
);

const tagChanges = once(() =>
  z
    .strictObject({
      name: recordName().optional(),
      description: recordDescription().nullable().optional().meta({ description: 'null removes it' }),
    })
    .refine(changesSomething, mustChangeSomething)
    .meta({ id: 'TagChanges' }),
);

const kind = {
  path: '/tags',
  onePath: '/tags/{tagId}',
  read: 'tags:read',
  change: 'tags:change',
  noun: 'tag',
} as const;

export const tags = domain('tags', {
  'list-tags': () => listing(kind, 'List tags', z.object({ tags: z.array(tag()) })),
  'create-tag': () => creating(kind, 'Create a tag', newTag(), tag()),
  'get-tag': () => reading(kind, 'Read a tag', params(), tag()),
  'change-tag': () => changing(kind, 'Change a tag', params(), tagChanges(), tag()),
  'delete-tag': () => deleting(kind, 'Delete a tag that nobody has', params()),
  'list-users-of-tag': () => readingUsers(kind, 'Who has the tag, of the users in sight', params()),
});
