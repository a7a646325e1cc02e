// What a user has under way: activities, campaign records, the log-on to queues. The contact-center platform keeps them up to
// date; they stand against deactivating and deleting (S1-30, S3-11), and are closed by it (S1-33).

import * as z from 'zod';
import { instant, plainText, userId } from './fields.ts';
import { once } from './once.ts';
import { domain } from './operation.ts';
import { namesOnce } from './records.ts';

/** As the platform names its own things. */
const workId = once(() =>
  z
    .string()
    .regex(/^[A-Za-z0-9._:-]{1,64}$/, 'must be 1 to 64 letters, digits, . _ : or -')
    .meta({ description: 'Id as the contact-center platform knows it', example: 'call-20260131-0042' }),
);

const activity = once(() =>
  z
    .object({
      id: workId(),
      userId: userId(),
      channel: z.string(),
      title: z.string().optional(),
      openedAt: instant(),
    })
    .meta({ id: 'Activity' }),
);

const campaignRecord = once(() =>
  z
    .object({
      id: workId(),
      userId: userId(),
      campaign: z.string(),
      action: z.enum(['not-assigned', 'rescheduled']),
      dueAt: instant().optional(),
    })
    .meta({ id: 'CampaignRecord' }),
);

const queueLogOn = once(() =>
  z
    .object({
      queues: z.array(z.string()).meta({ description: 'Empty: logged off' }),
      since: instant().optional(),
    })
    .meta({ id: 'QueueLogOn' }),
);

const ofUser = once(() =>
  z.strictObject({ userId: userId(), limit: z.coerce.number().int().min(1).max(100).default(100) }),
);

const kept = { status: 200, problems: ['user_not_found', 'user_deactivated'], needs: ['read', 'write'] } as const;

export const work = domain('work', {
  'list-activities': () => ({
    method: 'GET',
    path: '/activities',
    summary: 'Open activities of a user',
    caller: 'work:read',
    query: ofUser(),
    output: z.object({ activities: z.array(activity()), total: z.int() }),
    status: 200,
    problems: ['user_not_found'],
    needs: ['read', 'write'],
    audit: null,
  }),
  'put-activity': () => ({
    method: 'PUT',
    path: '/activities/{activityId}',
    summary: 'Say that a user has an activity open; again with another user: it was handed over',
    caller: 'work:change',
    params: z.strictObject({ activityId: workId() }),
    body: z.strictObject({
      userId: userId(),
      channel: z.enum(['call', 'email', 'chat', 'ticket', 'sms', 'other']),
      title: plainText(100).optional(),
      openedAt: instant().optional(),
    }),
    output: activity(),
    ...kept,
    audit: 'activity.opened',
  }),
  'close-activity': () => ({
    method: 'DELETE',
    path: '/activities/{activityId}',
    summary: 'Say that an activity is closed',
    caller: 'work:change',
    params: z.strictObject({ activityId: workId() }),
    output: null,
    status: 204,
    problems: ['work_not_found'],
    needs: ['read', 'write'],
    audit: 'activity.closed',
  }),
  'list-campaign-records': () => ({
    method: 'GET',
    path: '/campaign-records',
    summary: 'Campaign records of a user that are pending: not assigned or rescheduled (S1-30)',
    caller: 'work:read',
    query: ofUser(),
    output: z.object({ campaignRecords: z.array(campaignRecord()), total: z.int() }),
    status: 200,
    problems: ['user_not_found'],
    needs: ['read', 'write'],
    audit: null,
  }),
  'put-campaign-record': () => ({
    method: 'PUT',
    path: '/campaign-records/{recordId}',
    summary: 'Say that a campaign record is a user’s and pending; again with another user: it was handed over',
    caller: 'work:change',
    params: z.strictObject({ recordId: workId() }),
    body: z.strictObject({
      userId: userId(),
      campaign: plainText(100),
      action: z.enum(['not-assigned', 'rescheduled']),
      dueAt: instant().optional(),
    }),
    output: campaignRecord(),
    ...kept,
    audit: 'campaign-record.pending',
  }),
  'close-campaign-record': () => ({
    method: 'DELETE',
    path: '/campaign-records/{recordId}',
    summary: 'Say that a campaign record is done, or no longer a user’s (S1-31)',
    caller: 'work:change',
    params: z.strictObject({ recordId: workId() }),
    output: null,
    status: 204,
    problems: ['work_not_found'],
    needs: ['read', 'write'],
    audit: 'campaign-record.closed',
  }),
  'get-queue-log-on': () => ({
    method: 'GET',
    path: '/users/{userId}/queue-logon',
    summary: 'To which queues a user is logged on',
    caller: 'work:read',
    params: z.strictObject({ userId: userId() }),
    output: queueLogOn(),
    status: 200,
    problems: ['user_not_found'],
    needs: ['read', 'write'],
    audit: null,
  }),
  'put-queue-log-on': () => ({
    method: 'PUT',
    path: '/users/{userId}/queue-logon',
    summary: 'Say to which queues a user is logged on; none: logged off',
    caller: 'work:change',
    params: z.strictObject({ userId: userId() }),
    body: z.strictObject({
      queues: z
        .array(plainText(64))
        .max(200)
        .refine(...namesOnce)
        .meta({ description: 'All of them; empty: logged off' }),
    }),
    output: queueLogOn(),
    ...kept,
    audit: 'queue-log-on.changed',
  }),
});
