// How calls reach me: my forwarding, the devices that I have logged in to, my PIN (S1-18, S0-41, S3-5).

import * as z from 'zod';
import { deviceKinds } from './device-kinds.ts';
import { instant } from './fields.ts';
import { once } from './once.ts';
import { domain } from './operation.ts';
import { deviceId, namesOnce } from './records.ts';
import { reachable, ringing, telephonePin } from './telephony.ts';

const loggedIn = once(() =>
  z.object({ device: deviceId(), name: z.string(), kind: z.enum(deviceKinds), since: instant() }),
);

const myTelephony = once(() =>
  z
    .object({
      extension: z.string().optional(),
      virtualExtension: z.string().optional(),
      forwarding: z.string().optional(),
      mayCost: z
        .boolean()
        .meta({ description: 'My calls are forwarded to a number outside: charges may apply (S1-18)' }),
      devices: z.array(ringing()).meta({ description: 'Those that I have been given' }),
      loggedIn: z.array(loggedIn()),
      hasPin: z.boolean(),
      warnings: z.array(z.object({ pointer: z.string(), detail: z.string(), rule: z.string() })).optional(),
    })
    .meta({ id: 'MyTelephony' }),
);

const own = { caller: 'self', session: true, status: 200 } as const;

export const myTelephonyOperations = domain('me', {
  'get-my-telephony': () => ({
    ...own,
    duringCall: true,
    method: 'GET',
    path: '/me/telephony',
    summary: 'How do calls reach me?',
    output: myTelephony(),
    problems: ['wrong_type'],
    needs: ['read', 'write'],
    audit: null,
  }),
  'set-my-forwarding': () => ({
    ...own,
    method: 'PUT',
    path: '/me/forwarding',
    summary: 'Forward all my calls, or stop that with null (S1-18)',
    body: z.strictObject({ forwarding: reachable().nullable() }),
    output: myTelephony(),
    problems: ['wrong_type', 'forwarding_loop'],
    needs: ['read', 'write'],
    audit: 'user.changed',
  }),
  'list-free-devices': () => ({
    ...own,
    method: 'GET',
    path: '/me/devices',
    summary: 'Which devices can I log in to? (S0-41)',
    output: z.object({
      devices: z.array(
        z.object({
          device: deviceId(),
          name: z.string(),
          kind: z.enum(deviceKinds),
          state: z.enum(['free', 'mine', 'taken']),
        }),
      ),
    }),
    problems: ['wrong_type'],
    needs: ['read', 'write'],
    audit: null,
  }),
  'set-my-devices': () => ({
    ...own,
    method: 'PUT',
    path: '/me/devices',
    summary: 'Log in to devices and out of all others (S0-41, S1-18)',
    body: z.strictObject({
      devices: z
        .array(deviceId())
        .max(10)
        .refine(...namesOnce)
        .meta({ description: 'All of them; empty: logged out' }),
    }),
    output: myTelephony(),
    problems: ['wrong_type', 'record_not_found', 'device_taken'],
    needs: ['read', 'write'],
    audit: 'devices.logged-in',
  }),
  'set-my-pin': () => ({
    ...own,
    method: 'PUT',
    path: '/me/telephone-pin',
    summary: 'Set the PIN by which I log on to queues by telephone, with my numeric ID (S3-5)',
    body: z.strictObject({ pin: telephonePin() }),
    output: null,
    status: 204,
    problems: ['wrong_type', 'reauthentication_needed'],
    needs: ['read', 'write', 'hash'],
    audit: 'telephone-pin.set',
  }),
  'remove-my-pin': () => ({
    ...own,
    method: 'DELETE',
    path: '/me/telephone-pin',
    summary: 'Have no PIN any more: nobody logs on by telephone for me',
    output: null,
    status: 204,
    problems: ['wrong_type'],
    needs: ['read', 'write'],
    audit: 'telephone-pin.removed',
  }),
});
