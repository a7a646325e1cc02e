// Bulk edits: one change of many users. First a plan that says what would become of each, then the commit of exactly that (S1-34).

import * as z from 'zod';
import { instant, page, userId } from './fields.ts';
import { once } from './once.ts';
import { domain } from './operation.ts';
import { plannedMoney, plannedSeats } from './planned-seats.ts';
import { groupId, namesOnce, skillId, skillLevels, tagId, userGroupId } from './records.ts';
import { userChanges } from './user.ts';
import { userFilter } from './user-filter.ts';

const planId = once(() =>
  z
    .string()
    .regex(/^blk_[0-9a-f]{24}$/, 'must be an id of the form blk_… (24 hexadecimal digits)')
    .meta({ description: 'Id of a bulk edit', example: 'blk_0123456789abcdef01234567' }),
);

const params = once(() => z.strictObject({ planId: planId() }));

/** Taken out of and put into what each user has. */
const memberships = <Id extends z.ZodType>(id: Id) =>
  z
    .strictObject({
      add: z
        .array(id)
        .max(20)
        .refine(...namesOnce)
        .default([]),
      remove: z
        .array(id)
        .max(20)
        .refine(...namesOnce)
        .default([]),
    })
    .refine(({ add, remove }) => add.every((each) => !remove.includes(each)), 'must not both add and remove one');

const isOfOne = (remedy: string) =>
  z
    .never({ error: `belongs to one user alone, so it is not changed in bulk; ${remedy}` })
    .optional()
    .meta({ description: 'Never changes in bulk' });

/** As for one user, but for what is unique to a user or proves who they are. */
const bulkChanges = once(() =>
  userChanges()
    .safeExtend({
      authEmail: isOfOne('PATCH /v1/users/{userId}'),
      mobile: isOfOne('PATCH /v1/users/{userId}'),
      numericId: isOfOne('PATCH /v1/users/{userId}'),
      extension: isOfOne('PATCH /v1/users/{userId}'),
      virtualExtension: isOfOne('PATCH /v1/users/{userId}'),
      sipUri: isOfOne('PATCH /v1/users/{userId}'),
      sipUsername: isOfOne('PATCH /v1/users/{userId}'),
      sipPassword: isOfOne('PATCH /v1/users/{userId}'),
      calDavToken: isOfOne('PATCH /v1/users/{userId}'),
      queued: isOfOne('PATCH /v1/users/{userId}'),
      userGroup: z
        .never({ error: 'is a move: give it as `userGroup` beside `changes`' })
        .optional()
        .meta({ description: 'Beside `changes`' }),
    })
    .meta({ id: 'BulkChanges' }),
);

/** Which users: one of the two. */
const meant = once(() =>
  z
    .strictObject({
      ids: z
        .array(userId())
        .min(1, 'must name at least one user')
        .max(10_000, 'names more than 10,000 users; use a filter, or several bulk edits')
        .refine(...namesOnce)
        .optional(),
      filter: userFilter()
        .extend({
          deactivated: z.boolean().default(false).meta({ description: 'The deactivated ones instead (S0-56)' }),
          superUser: z.boolean().optional().meta({ description: 'SuperUsers only, or all others' }),
        })
        .optional(),
    })
    .refine(({ ids, filter }) => (ids === undefined) !== (filter === undefined), 'must have either ids or a filter')
    .meta({ description: 'By their ids, or all in sight that the filter finds' }),
);

const counts = once(() =>
  z.object({
    users: z.int().meta({ description: 'All that were meant' }),
    changes: z.int().meta({ description: 'Would become, or became, otherwise' }),
    unchanged: z.int().meta({ description: 'Are so already' }),
    refused: z.int(),
    signOuts: z.int().meta({ description: 'Are signed in, and signed out by it (C2)' }),
  }),
);

const bulkEdit = once(() =>
  z
    .object({
      id: planId(),
      state: z
        .enum(['planning', 'ready', 'committing', 'done'])
        .meta({ description: 'ready: the plan is complete and can be committed' }),
      createdAt: instant(),
      expiresAt: instant().meta({ description: 'Until then it can be committed' }),
      undoableUntil: instant()
        .optional()
        .meta({ description: 'Until then it can be taken back, by whoever planned it' }),
      done: z.int().meta({ description: 'Users planned or, from committing on, worked through' }),
      counts: counts(),
      seats: plannedSeats(),
      money: plannedMoney(),
      undoes: planId().optional().meta({ description: 'The bulk edit that it takes back' }),
      jobId: z.string().optional().meta({ description: 'What plans it or, from committing on, commits it' }),
    })
    .meta({ id: 'BulkEdit' }),
);

const outcome = once(() =>
  z
    .object({
      userId: userId(),
      title: z.string().optional(),
      result: z.enum(['planned', 'changed', 'unchanged', 'refused']),
      changes: z
        .record(z.string(), z.object({ before: z.unknown().optional(), after: z.unknown().optional() }))
        .optional()
        .meta({ description: 'By field; as `licenses` those that the user takes, where they become others' }),
      signsOut: z.boolean().optional(),
      problem: z
        .object({ code: z.string(), detail: z.string(), pointer: z.string().optional() })
        .optional()
        .meta({ description: 'Why the user was refused' }),
      warnings: z.array(z.string()).optional(),
    })
    .meta({ id: 'BulkOutcome' }),
);

export const bulk = domain('bulk', {
  'plan-bulk-edit': () => ({
    method: 'POST',
    path: '/bulk-edits',
    summary: 'Plan a change of many users: what would become of each, and who would be refused or signed out',
    caller: 'users:change',
    body: z
      .strictObject({
        users: meant().optional(),
        changes: bulkChanges().optional(),
        groups: memberships(groupId()).optional(),
        tags: memberships(tagId()).optional(),
        skills: z
          .strictObject({
            add: skillLevels()
              .max(20)
              .default([])
              .meta({ description: 'With their levels; whoever has one gets this level' }),
            remove: z
              .array(skillId())
              .max(20)
              .refine(...namesOnce)
              .default([]),
          })
          .refine(
            ({ add, remove }) => add.every(({ skill }) => !remove.includes(skill)),
            'must not both add and remove one',
          )
          .optional(),
        userGroup: userGroupId().optional().meta({ description: 'Move them all to this user group (S3-12…S3-14)' }),
        undo: planId().optional().meta({ description: 'Instead of all else: plan to take this bulk edit back' }),
      })
      .refine(({ undo, users }) => (undo === undefined) !== (users === undefined), {
        error: 'must name either users or undo',
      })
      .refine(
        ({ undo, changes, groups, tags, skills, userGroup }) =>
          undo === undefined
            ? [changes, groups, tags, skills, userGroup].some((each) => each !== undefined)
            : [changes, groups, tags, skills, userGroup].every((each) => each === undefined),
        { error: 'must say what to change, or what to undo and nothing else' },
      )
      .superRefine(({ changes, groups, tags, skills }, { addIssue }) => {
        for (const [field, part] of Object.entries({ groups, tags, skills })) {
          if (!part || changes?.[field as 'groups'] === undefined) continue;
          addIssue({
            code: 'custom',
            path: ['changes', field],
            message: 'replaces all; give either this, or add and remove',
          });
        }
      }),
    bodyBytesMax: 512 * 1024,
    output: bulkEdit(),
    status: 202,
    problems: [
      'prerequisites_missing',
      'grants_too_much',
      'plan_not_found',
      'plan_not_ready',
      'plan_over',
      'caller_changed',
    ],
    needs: ['read', 'write', 'seal'],
    audit: 'bulk-edit.planned',
  }),
  'get-bulk-edit': () => ({
    method: 'GET',
    path: '/bulk-edits/{planId}',
    summary: 'How far a bulk edit is, and what it comes to',
    caller: 'users:change',
    params: params(),
    output: bulkEdit(),
    status: 200,
    problems: ['plan_not_found'],
    needs: ['read', 'write'],
    audit: null,
  }),
  'list-bulk-edit-users': () => ({
    method: 'GET',
    path: '/bulk-edits/{planId}/users',
    summary: 'What a bulk edit means, or meant, for each user: values before and after, refusals, sign-outs',
    caller: 'users:change',
    params: params(),
    query: z.strictObject({
      ...page(),
      result: z
        .enum(['planned', 'changed', 'unchanged', 'refused'])
        .optional()
        .meta({ description: 'Only users with this result' }),
    }),
    output: z.object({
      users: z.array(outcome()),
      next: z
        .string()
        .optional()
        .meta({ description: 'Cursor of the next page; a page may hold fewer than asked for' }),
    }),
    status: 200,
    problems: ['plan_not_found', 'invalid_cursor'],
    needs: ['read', 'write', 'seal'],
    audit: null,
  }),
  'commit-bulk-edit': () => ({
    method: 'POST',
    path: '/bulk-edits/{planId}/commit',
    summary: 'Do exactly what was planned; users that were changed since are refused one by one',
    caller: 'users:change',
    params: params(),
    output: bulkEdit(),
    status: 202,
    problems: ['plan_not_found', 'plan_not_ready', 'plan_over', 'caller_changed'],
    needs: ['read', 'write', 'seal'],
    audit: 'bulk-edit.committed',
  }),
});
