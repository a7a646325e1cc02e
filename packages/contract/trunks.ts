// SIP trunks and caller IDs: both sides of what is presented to who is called. A trunk's numbers count least, caller IDs most, with
// the user's and the queue's between them (S0-39, S1-22).

import * as z from 'zod';
import { plainText } from './fields.ts';
import { once } from './once.ts';
import { domain } from './operation.ts';
import { changing, creating, deleting, listing, reading } from './record-operations.ts';
import {
  callerIdsId,
  changesSomething,
  mustChangeSomething,
  recordDescription,
  recordFields,
  recordName,
  trunkId,
} from './records.ts';
import { outgoingNumbers } from './telephony.ts';

const named = once(() => ({ name: recordName(), description: recordDescription() }));

const ofTrunk = once(() => ({
  outgoingNumbers: outgoingNumbers().meta({
    description: 'Presented where neither user, nor queue, nor caller IDs say anything (S0-39)',
  }),
}));

const shownRecord = () => {
  const { usedBy: _usedBy, ...fields } = recordFields();
  return fields;
};

export const trunk = once(() =>
  z.object({ id: trunkId(), ...shownRecord(), outgoingNumbers: z.array(z.string()) }).meta({ id: 'Trunk' }),
);

const newTrunk = once(() =>
  z
    .strictObject({ name: named().name, description: named().description.optional(), ...ofTrunk() })
    .meta({ id: 'NewTrunk' }),
);

const trunkChanges = once(() =>
  z
    .strictObject({
      name: named().name.optional(),
      description: named().description.nullable().optional().meta({ description: 'null removes it' }),
      outgoingNumbers: ofTrunk().outgoingNumbers.optional(),
    })
    .refine(changesSomething, mustChangeSomething)
    .meta({ id: 'TrunkChanges' }),
);

const prefix = once(() =>
  plainText(24)
    .transform((value) => value.replace(/[\s()./-]/g, '').replace(/^00/, '+'))
    .pipe(
      z
        .string()
        .regex(/^\+([1-9]\d{0,14})?$/, 'must be the beginning of a number, like +420; + alone means all of them'),
    ),
);

const ofCallerIds = once(() => ({
  // Each is claimed: an edit that swaps all of them for others must fit into one transaction.
  prefixes: z
    .array(prefix())
    .min(1)
    .max(40)
    .refine((list) => new Set(list).size === list.length, 'names one twice')
    .meta({
      description:
        'Numbers that are called begin so; of several caller IDs those with the longest prefix count, and no prefix stands in two. + means every number',
      example: ['+420', '+421'],
    }),
  outgoingNumbers: outgoingNumbers()
    .min(1)
    .meta({ description: 'Presented to them, whatever trunk, user and queue say (S0-39)' }),
}));

export const callerIds = once(() =>
  z
    .object({
      id: callerIdsId(),
      ...shownRecord(),
      prefixes: z.array(z.string()),
      outgoingNumbers: z.array(z.string()),
    })
    .meta({ id: 'CallerIds' }),
);

const newCallerIds = once(() =>
  z
    .strictObject({ name: named().name, description: named().description.optional(), ...ofCallerIds() })
    .meta({ id: 'NewCallerIds' }),
);

const callerIdsChanges = once(() =>
  z
    .strictObject({
      name: named().name.optional(),
      description: named().description.nullable().optional().meta({ description: 'null removes it' }),
      prefixes: ofCallerIds().prefixes.optional(),
      outgoingNumbers: ofCallerIds().outgoingNumbers.optional(),
    })
    .refine(changesSomething, mustChangeSomething)
    .meta({ id: 'CallerIdsChanges' }),
);

const trunkParams = once(() => z.strictObject({ trunkId: trunkId() }));
const callerIdsParams = once(() => z.strictObject({ callerIdsId: callerIdsId() }));

const permissions = { read: 'trunks:read', change: 'trunks:change' } as const;
const trunkKind = { path: '/trunks', onePath: '/trunks/{trunkId}', noun: 'trunk', ...permissions } as const;
const callerIdsKind = {
  path: '/caller-ids',
  onePath: '/caller-ids/{callerIdsId}',
  noun: 'caller-ids',
  ...permissions,
} as const;

export const trunks = domain('trunks', {
  'list-trunks': () => listing(trunkKind, 'List SIP trunks', z.object({ trunks: z.array(trunk()) })),
  'create-trunk': () => creating(trunkKind, 'Create a SIP trunk', newTrunk(), trunk()),
  'get-trunk': () => reading(trunkKind, 'Read a SIP trunk', trunkParams(), trunk()),
  'change-trunk': () => changing(trunkKind, 'Change a SIP trunk', trunkParams(), trunkChanges(), trunk()),
  'delete-trunk': () => deleting(trunkKind, 'Delete a SIP trunk', trunkParams()),
  'list-caller-ids': () => listing(callerIdsKind, 'List caller IDs', z.object({ callerIds: z.array(callerIds()) })),
  'create-caller-ids': () =>
    creating(callerIdsKind, 'Create caller IDs', newCallerIds(), callerIds(), ['prefix_taken']),
  'get-caller-ids': () => reading(callerIdsKind, 'Read caller IDs', callerIdsParams(), callerIds()),
  'change-caller-ids': () =>
    changing(callerIdsKind, 'Change caller IDs', callerIdsParams(), callerIdsChanges(), callerIds(), ['prefix_taken']),
  'delete-caller-ids': () => deleting(callerIdsKind, 'Delete caller IDs', callerIdsParams()),
});
