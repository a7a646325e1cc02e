// Devices: telephones that calls of users ring on (S0-41, S1-25). Users have them with a delay and a duration each, or log in to them.

import * as z from 'zod';
import { deviceKinds } from './device-kinds.ts';
import { once } from './once.ts';
import { domain } from './operation.ts';
import { changing, creating, deleting, listing, reading, readingUsers } from './record-operations.ts';
import {
  changesSomething,
  deviceId,
  mustChangeSomething,
  recordDescription,
  recordFields,
  recordName,
} from './records.ts';

const kindOf = once(() =>
  z.enum(deviceKinds).meta({
    description: 'A SIP telephone, a number outside, or a user of Microsoft Teams (S1-25); never changes',
  }),
);

const address = once(() =>
  z.string().max(254).meta({
    description:
      'sip: a SIP URI; external: a number with + or 00 and the country code; teams: the name one signs in with',
    example: 'sip:desk-12@pbx.example.com',
  }),
);

export const device = once(() =>
  z.object({ id: deviceId(), ...recordFields(), kind: kindOf(), address: z.string() }).meta({ id: 'Device' }),
);

const newDevice = once(() =>
  z
    .strictObject({
      name: recordName(),
      description: recordDescription().optional(),
      kind: kindOf(),
      address: address(),
    })
    .meta({ id: 'NewDevice' }),
);

const deviceChanges = once(() =>
  z
    .strictObject({
      name: recordName().optional(),
      description: recordDescription().nullable().optional().meta({ description: 'null removes it' }),
      kind: z
        .never({ error: 'cannot be changed after creation; create another device instead' })
        .optional()
        .meta({ description: 'Never changes' }),
      address: address().optional(),
    })
    .refine(changesSomething, mustChangeSomething)
    .meta({ id: 'DeviceChanges' }),
);

const params = once(() => z.strictObject({ deviceId: deviceId() }));

const kind = {
  path: '/devices',
  onePath: '/devices/{deviceId}',
  read: 'devices:read',
  change: 'devices:change',
  noun: 'device',
} as const;

export const devices = domain('devices', {
  'list-devices': () => listing(kind, 'List devices', z.object({ devices: z.array(device()) })),
  'create-device': () => creating(kind, 'Create a device', newDevice(), device()),
  'get-device': () => reading(kind, 'Read a device', params(), device()),
  'change-device': () => changing(kind, 'Change a device', params(), deviceChanges(), device()),
  'delete-device': () => deleting(kind, 'Delete a device that no user has', params()),
  'list-users-of-device': () => readingUsers(kind, 'Who has the device, of the users in sight', params()),
});
