// Users who leave, and come back: deactivated (kept), deleted (gone from view, sealed for a while), restored (S0-54…S0-56, C1, C14).

import * as z from 'zod';
import { extension, instant, mobile, numericId, page, userId } from './fields.ts';
import { once } from './once.ts';
import { domain } from './operation.ts';
import { accessId, rightsId } from './records.ts';
import { user, userChanges } from './user.ts';

const params = once(() => z.strictObject({ userId: userId() }));

/** What stands against it: each is closed by confirming, where the tenant's setting `offboarding` is `confirm` (C1). */
export const blockers = once(() =>
  z
    .object({
      sessions: z.int(),
      queues: z.array(z.string()).meta({ description: 'Queues that the user is logged on to' }),
      activities: z.int().meta({ description: 'Open ones' }),
      campaignRecords: z.int().meta({ description: 'Not assigned or rescheduled ones' }),
    })
    .meta({ id: 'Blockers' }),
);

const pointer = once(() =>
  z.object({
    what: z.enum(['rights', 'api-tokens', 'forwarding', 'target']),
    id: z.string(),
    name: z.string().optional().meta({ description: 'Absent for who may not see these' }),
    effect: z.string().meta({ description: 'What becomes of it' }),
  }),
);

const receipt = once(() =>
  z
    .object({
      sessionsEnded: z.int(),
      queuesLoggedOff: z.array(z.string()),
      activitiesClosed: z.int(),
      campaignRecordsLeft: z.int().meta({ description: 'Records that the user was taken out of' }),
      tokensStopped: z.int().meta({ description: 'API tokens that worked until now' }),
    })
    .meta({ id: 'LeavingReceipt', description: 'What was closed by it' }),
);

const confirmation = once(() =>
  z.strictObject({
    preview: z
      .string()
      .max(2000)
      .optional()
      .meta({ description: '`preview` of removal-impact, or of the refusal that listed what stands against it (C1)' }),
  }),
);

export const leaving = domain('leaving', {
  'get-removal-impact': () => ({
    method: 'GET',
    path: '/users/{userId}/removal-impact',
    summary: 'What stands against deactivating or deleting a user, and what points at them',
    caller: 'users:deactivate',
    params: params(),
    output: z.object({
      blockers: blockers(),
      strict: z.boolean().meta({ description: 'Blockers must be lifted first (setting `offboarding`)' }),
      remedies: z.array(z.string()).meta({ description: 'How to lift the blockers by hand (S1-31)' }),
      pointers: z.array(pointer()).meta({ description: 'What refers to the user' }),
      warnings: z.array(z.string()),
      preview: z.object({ deactivate: z.string(), delete: z.string() }).meta({
        description: 'Confirms what is listed here, for ten minutes and as long as it is so',
      }),
    }),
    status: 200,
    problems: ['user_not_found'],
    needs: ['read', 'write', 'seal'],
    audit: null,
  }),
  'deactivate-user': () => ({
    method: 'POST',
    path: '/users/{userId}/deactivate',
    summary: 'Deactivate: kept and recoverable, but nothing of the user works any more (S0-54)',
    caller: 'users:deactivate',
    params: params(),
    body: confirmation(),
    output: user().extend({ receipt: receipt() }),
    status: 200,
    problems: [
      'user_not_found',
      'already_deactivated',
      'blockers_stand',
      'last_superuser',
      'outranked',
      'caller_changed',
    ],
    needs: ['read', 'write', 'seal'],
    audit: 'user.deactivated',
  }),
  'delete-user': () => ({
    method: 'DELETE',
    path: '/users/{userId}',
    summary:
      'Delete: gone from every list, search and report at once; a SuperUser can restore them for some days (C14)',
    caller: 'users:delete',
    params: params(),
    query: z.strictObject({
      preview: z.string().max(2000).optional().meta({ description: '`preview.delete` of removal-impact (C1)' }),
    }),
    output: z.object({
      receipt: receipt(),
      restorableUntil: instant().optional().meta({ description: 'Absent: gone for good (setting `deletedDays` is 0)' }),
    }),
    status: 200,
    problems: ['user_not_found', 'blockers_stand', 'last_superuser', 'outranked', 'caller_changed'],
    needs: ['read', 'write', 'seal'],
    audit: 'user.deleted',
  }),
  'restore-user': () => ({
    method: 'POST',
    path: '/users/{userId}/restore',
    summary: 'Bring a deactivated user back; everything is checked again (S0-56)',
    caller: 'users:deactivate',
    params: params(),
    body: z.strictObject({
      changes: userChanges().optional().meta({ description: 'What has to become otherwise for it' }),
    }),
    output: user().extend({
      tokensWorking: z.int().meta({ description: 'API tokens that work again: those that have not expired' }),
    }),
    status: 200,
    problems: [
      'user_not_found',
      'not_deactivated',
      'email_taken',
      'license_exhausted',
      'mobile_taken',
      'sip_username_taken',
      'number_taken',
      'forwarding_loop',
      'prerequisites_missing',
      'grants_too_much',
      'outranked',
      'caller_changed',
    ],
    needs: ['read', 'write', 'seal'],
    audit: 'user.restored',
  }),
  'list-deleted-users': () => ({
    method: 'GET',
    path: '/deleted-users',
    summary: 'Deleted users that can still be restored; for SuperUsers',
    caller: 'users:delete',
    superUser: true,
    query: z.strictObject(page()),
    output: z.object({
      deletedUsers: z.array(
        z.object({
          id: userId(),
          title: z.string(),
          login: z.string(),
          deletedAt: instant(),
          deletedBy: z.string().meta({ description: 'Id of who did it' }),
          restorableUntil: instant(),
        }),
      ),
      next: z.string().optional(),
    }),
    status: 200,
    problems: ['invalid_cursor'],
    needs: ['read', 'write', 'seal'],
    audit: null,
  }),
  'restore-deleted-user': () => ({
    method: 'POST',
    path: '/deleted-users/{userId}/restore',
    summary: 'Bring a deleted user back whole, deactivated or active as they were; for SuperUsers (C14)',
    caller: 'users:delete',
    session: true,
    superUser: true,
    params: params(),
    body: z.strictObject({
      numericId: numericId().nullable().optional().meta({ description: 'Another than before; null: none' }),
      extension: extension().nullable().optional().meta({ description: 'Another than before; null: none' }),
      virtualExtension: extension().nullable().optional().meta({ description: 'Another than before; null: none' }),
      forwarding: z.null().optional().meta({ description: 'null: none; another is set once they are back' }),
      target: z.null().optional().meta({ description: 'null: none; another is set once they are back' }),
      mobile: mobile().nullable().optional().meta({ description: 'Another than before; null: none' }),
      access: accessId().optional().meta({ description: 'Another than before' }),
      rights: rightsId().optional().meta({ description: 'Another than before' }),
      leaveOutMissing: z.boolean().default(false).meta({
        description:
          'true: without the roles, groups, skills, tags and devices, the user group and the target that are gone',
      }),
    }),
    output: user().extend({
      tokensWorking: z.int().meta({ description: 'API tokens that work again: those that have not expired' }),
    }),
    status: 200,
    problems: [
      'deleted_user_not_found',
      'license_exhausted',
      'number_taken',
      'mobile_taken',
      'forwarding_loop',
      'prerequisites_missing',
      'caller_changed',
    ],
    needs: ['read', 'write', 'seal'],
    audit: 'user.deleted-restored',
  }),
});
