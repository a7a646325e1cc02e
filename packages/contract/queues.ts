// Queues: what rights name, each of one channel (S0-14). No user has a queue: rights let a user into it.

import * as z from 'zod';
import { channel } from './channels.ts';
import { once } from './once.ts';
import { domain } from './operation.ts';
import { changing, creating, deleting, listing, reading } from './record-operations.ts';
import {
  changesSomething,
  mustChangeSomething,
  queueId,
  recordDescription,
  recordFields,
  recordName,
} from './records.ts';

const params = once(() => z.strictObject({ queueId: queueId() }));

export const queue = once(() => {
  const { usedBy: _usedBy, ...fields } = recordFields();
  return z
    .object({
      id: queueId(),
      ...fields,
      channel: channel(),
      namedBy: z.int().meta({ description: 'Rights that name it; those that say `all` are not counted' }),
    })
    .meta({ id: 'Queue' });
});

const newQueue = once(() =>
  z
    .strictObject({ name: recordName(), description: recordDescription().optional(), channel: channel() })
    .meta({ id: 'NewQueue' }),
);

const queueChanges = once(() =>
  z
    .strictObject({
      name: recordName().optional(),
      description: recordDescription().nullable().optional().meta({ description: 'null removes it' }),
      // Licenses of all who have rights to the queue follow from it; nobody has looked at them here.
      channel: z
        .never({ error: 'cannot be changed after creation; create another queue instead' })
        .optional()
        .meta({ description: 'Never changes' }),
    })
    .refine(changesSomething, mustChangeSomething)
    .meta({ id: 'QueueChanges' }),
);

const kind = {
  path: '/queues',
  onePath: '/queues/{queueId}',
  read: 'queues:read',
  change: 'queues:change',
  noun: 'queue',
} as const;

export const queues = domain('queues', {
  'list-queues': () => listing(kind, 'List queues', z.object({ queues: z.array(queue()) })),
  'create-queue': () => creating(kind, 'Create a queue; its channel never changes', newQueue(), queue()),
  'get-queue': () => reading(kind, 'Read a queue', params(), queue()),
  'change-queue': () => changing(kind, 'Change what a queue is called', params(), queueChanges(), queue()),
  'delete-queue': () => deleting(kind, 'Delete a queue that no rights name', params()),
});
