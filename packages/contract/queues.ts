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
import { outgoingNumbers, recordingControl } from './telephony.ts';
import { recording } from './user-types.ts';

/** What a queue says of its calls; queues of other channels have none of it. */
const ofCalls = once(() => ({
  recording: recording().meta({
    description: 'Calls of the queue are recorded, whatever the user’s own setting says (S0-32); default: off',
  }),
  recordingControl: recordingControl(),
  outgoingNumbers: outgoingNumbers().meta({
    description: 'Presented by calls of the queue, in the place of the user’s own (S0-39, S1-22)',
  }),
}));

const params = once(() => z.strictObject({ queueId: queueId() }));

export const queue = once(() => {
  const { usedBy: _usedBy, ...fields } = recordFields();
  return z
    .object({
      id: queueId(),
      ...fields,
      channel: channel(),
      ...z.object(ofCalls()).partial().shape,
      namedBy: z.int().meta({ description: 'Rights that name it; those that say `all` are not counted' }),
    })
    .meta({ id: 'Queue' });
});

const newQueue = once(() =>
  z
    .strictObject({
      name: recordName(),
      description: recordDescription().optional(),
      channel: channel(),
      ...z.object(ofCalls()).partial().shape,
    })
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
      recording: recording().optional(),
      recordingControl: recordingControl().optional(),
      outgoingNumbers: outgoingNumbers().optional(),
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
  'change-queue': () =>
    changing(
      kind,
      'Change a queue: what it is called, and what becomes of its calls',
      params(),
      queueChanges(),
      queue(),
    ),
  'delete-queue': () => deleting(kind, 'Delete a queue that no rights name, and that is no user’s target', params()),
});
