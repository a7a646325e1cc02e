// What a user has under way: activities, campaign records, the log-on to queues. The contact-center platform keeps them up to
// date; they stand against deactivating and deleting (S1-30, S3-11), and are closed by it (S1-33).

import * as z from 'zod';
import { instant, plainText, userId, workId } from './fields.ts';
import { once } from './once.ts';
import { domain } from './operation.ts';
import { namesOnce } from './records.ts';

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
      readiness: z.enum(['ready', 'unready', 'logged-off']),
      unreadyReason: z.string().optional(),
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
    summary: 'To which queues a user is logged on, and are they ready?',
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
    summary: 'Say to which queues a user is logged on, and whether they are ready; none: logged off',
    caller: 'work:change',
    params: z.strictObject({ userId: userId() }),
    body: z
      .strictObject({
        queues: z
          .array(plainText(64))
          .max(200)
          .refine(...namesOnce)
          .meta({ description: 'All of them; empty: logged off' }),
        ready: z.boolean().default(true).meta({
          description: 'Takes calls; false never with a static login (S1-21, C7)',
        }),
        unreadyReason: plainText(60).optional().meta({ description: 'For example: lunch; of who is not ready' }),
      })
      .refine(({ ready, unreadyReason }) => !ready || unreadyReason === undefined, {
        error: 'is for who is not ready; send ready: false with it',
        path: ['unreadyReason'],
      }),
    output: queueLogOn(),
    ...kept,
    problems: [...kept.problems, 'static_login'],
    audit: 'queue-log-on.changed',
  }),
});
