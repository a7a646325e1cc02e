// Who is there: signed in, logged on to queues, ready, on a call. What the platform tells, what people do by telephone, and what a
// supervisor sees and ends (S1-31, S3-5, C7, C26).

import * as z from 'zod';
import { instant, numericId, page, userId, workId } from './fields.ts';
import { once } from './once.ts';
import { domain } from './operation.ts';
import { deviceId, namesOnce } from './records.ts';
import { userType } from './user-types.ts';

const presence = once(() =>
  z
    .object({
      user: z.object({ id: userId(), title: z.string(), emoji: z.string().optional(), type: userType() }),
      signedIn: z.boolean(),
      sessions: z.int().meta({ description: 'How many are live' }),
      endsWithCall: instant().optional().meta({
        description: 'Every session has run out, and ends with the call under way, or then at the latest (C26)',
      }),
      queues: z.array(z.string()).meta({ description: 'Logged on to these' }),
      loggedOnSince: instant().optional(),
      readiness: z.enum(['ready', 'unready', 'logged-off']).meta({
        description: 'Ready without a session and a log-on, too, where login is static (S0-38, C7)',
      }),
      unreadyReason: z.string().optional(),
      staticLogin: z.boolean(),
      calls: z.int().meta({ description: 'Calls under way' }),
      activities: z.int(),
      devices: z.array(deviceId()).meta({ description: 'Logged in to these' }),
    })
    .meta({ id: 'Presence' }),
);

const params = once(() => z.strictObject({ userId: userId() }));

export const presenceOperations = domain('presence', {
  'list-presence': () => ({
    method: 'GET',
    path: '/realtime',
    summary: 'Who of the users in sight is signed in, logged on, or has work open (S1-31)',
    caller: 'realtime:read',
    query: z.strictObject({
      ...page(),
      only: z.enum(['signed-in', 'logged-on', 'on-a-call']).optional(),
    }),
    output: z.object({
      users: z.array(presence()),
      next: z
        .string()
        .optional()
        .meta({ description: 'Cursor of the next page; a page may hold fewer than asked for' }),
    }),
    status: 200,
    problems: ['invalid_cursor'],
    needs: ['read', 'write', 'seal'],
    audit: null,
  }),
  'get-presence': () => ({
    method: 'GET',
    path: '/users/{userId}/presence',
    summary: 'Is a user there, and what are they doing?',
    caller: 'realtime:read',
    params: params(),
    output: presence(),
    status: 200,
    problems: ['user_not_found'],
    needs: ['read', 'write'],
    audit: null,
  }),
  'close-activities': () => ({
    method: 'POST',
    path: '/users/{userId}/close-activities',
    summary:
      'Close activities of a user, all or some: the first of the two steps before they can be logged out (S1-31)',
    caller: 'realtime:change',
    params: params(),
    body: z.strictObject({
      activities: z
        .array(workId())
        .min(1)
        .max(40)
        .refine(...namesOnce)
        .optional()
        .meta({ description: 'Absent: all' }),
    }),
    output: z.object({ closed: z.int(), left: z.int() }),
    status: 200,
    problems: ['user_not_found', 'work_not_found', 'caller_changed'],
    needs: ['read', 'write', 'seal'],
    audit: 'activities.closed',
  }),
  'log-out-user': () => ({
    method: 'POST',
    path: '/users/{userId}/log-out',
    summary: 'Log a user off all queues and devices, and end their sessions; refused while activities are open (S1-31)',
    caller: 'realtime:change',
    params: params(),
    body: z.strictObject({}),
    output: z.object({ sessionsEnded: z.int(), queuesLeft: z.array(z.string()), devicesLeft: z.array(deviceId()) }),
    status: 200,
    problems: ['user_not_found', 'user_deactivated', 'activities_open', 'outranked', 'caller_changed'],
    needs: ['read', 'write', 'seal'],
    audit: 'user.logged-out',
  }),
  'put-device-log-on': () => ({
    method: 'PUT',
    path: '/users/{userId}/device-logon',
    summary: 'Say to which devices a user is logged in; none: to none (S0-41, S1-25)',
    caller: 'work:change',
    params: params(),
    body: z.strictObject({
      devices: z
        .array(deviceId())
        .max(10)
        .refine(...namesOnce)
        .meta({ description: 'All of them; empty: logged out' }),
    }),
    output: z.object({ devices: z.array(deviceId()) }),
    status: 200,
    problems: ['user_not_found', 'user_deactivated', 'record_not_found', 'device_taken'],
    needs: ['read', 'write'],
    audit: 'devices.logged-in',
  }),
  'log-on-by-telephone': () => ({
    method: 'POST',
    path: '/telephone/queue-logon',
    summary: 'Log a user on to queues or off them by their numeric ID and PIN, as they dial them (S3-5)',
    caller: 'telephone:log-on',
    token: true,
    body: z.strictObject({
      numericId: numericId(),
      pin: z
        .string()
        .regex(/^\d{1,12}$/, 'must be digits')
        .meta({ description: 'As it was dialled', format: 'password' }),
      do: z.enum(['log-on', 'log-off', 'ready', 'unready']),
    }),
    output: z.object({
      user: z.object({ id: userId(), title: z.string() }),
      queues: z
        .array(z.string())
        .meta({ description: 'Logged on to these: all that the user’s rights name for calls' }),
      readiness: z.enum(['ready', 'unready', 'logged-off']),
    }),
    status: 200,
    problems: ['invalid_credentials', 'too_many_attempts', 'static_login', 'no_queues', 'not_logged_on'],
    needs: ['read', 'write', 'seal', 'hash'],
    audit: 'queue-log-on.changed',
  }),
  'remove-pin': () => ({
    method: 'DELETE',
    path: '/users/{userId}/telephone-pin',
    summary: 'Take a user’s PIN away, should somebody else know it; only they themselves set another',
    caller: 'users:change',
    params: params(),
    output: null,
    status: 204,
    problems: ['user_not_found', 'outranked', 'caller_changed'],
    needs: ['read', 'write'],
    audit: 'telephone-pin.removed',
  }),
});
