// Users as administrators see them: create by invitation, list, read, change, deactivate.

import * as z from 'zod';
import { email, emoji, instant, language, login, page, title, userId, version } from './fields.ts';
import { once } from './once.ts';
import { domain } from './operation.ts';
import { secondFactor, userType } from './user-types.ts';

const userParams = once(() => z.strictObject({ userId: userId() }));

export const userState = once(() =>
  z
    .enum(['invited', 'active', 'deactivated'])
    .meta({ description: 'invited: has not chosen a password yet; deactivated: off but kept' }),
);

export const user = once(() =>
  z
    .object({
      id: userId(),
      version: version(),
      login: z.string().meta({ description: 'As typed at creation' }),
      title: z.string(),
      emoji: z.string().optional(),
      type: userType(),
      state: userState(),
      authEmail: z.string().optional().meta({ description: 'Receives codes, invites and resets; also signs in' }),
      authEmailTrouble: z.enum(['bounced', 'complained']).optional().meta({
        description: 'Mail to the authentication email came back, or was reported as spam',
      }),
      secondFactor: secondFactor(),
      language: z.string().optional(),
      superUser: z.boolean(),
      inviteExpiresAt: instant().optional(),
      createdAt: instant(),
      updatedAt: instant(),
    })
    .meta({ id: 'User' }),
);

const newUser = once(() =>
  z
    .strictObject({
      title: title(),
      login: login(),
      type: userType(),
      authEmail: email().optional().meta({ description: 'Required but for system users and AI coworkers (S0-25)' }),
      secondFactor: secondFactor().default('off'),
      emoji: emoji().optional(),
      language: language().optional(),
      superUser: z
        .boolean()
        .default(false)
        .meta({ description: 'Holds every permission; only a SuperUser may grant it (C12)' }),
    })
    .meta({ id: 'NewUser' }),
);

const userChanges = once(() =>
  z
    .strictObject({
      login: z
        .never({ error: 'cannot be changed after creation (S0-9); create another user instead' })
        .optional()
        .meta({ description: 'Never changes' }),
      title: title().optional(),
      emoji: emoji().nullable().optional().meta({ description: 'null removes it' }),
      authEmail: email().optional(),
      secondFactor: secondFactor().optional(),
      language: language().nullable().optional().meta({ description: 'null: the tenant’s' }),
      superUser: z.boolean().optional(),
    })
    .refine(
      (changes) => Object.values(changes).some((value) => value !== undefined),
      'must name at least one field to change',
    )
    .meta({ id: 'UserChanges' }),
);

export const users = domain('users', {
  'list-users': () => ({
    method: 'GET',
    path: '/users',
    summary: 'List users by title, page by page',
    caller: 'users:read',
    query: z.strictObject({
      ...page(),
      deactivated: z
        .stringbool()
        .default(false)
        .meta({ description: 'true: the deactivated ones instead (S0-56)', type: 'boolean' }),
    }),
    output: z.object({
      users: z.array(user()),
      next: z.string().optional().meta({ description: 'Cursor of the next page' }),
    }),
    status: 200,
    problems: ['invalid_cursor'],
    needs: ['read', 'write', 'seal'],
    audit: null,
  }),
  'create-user': () => ({
    method: 'POST',
    path: '/users',
    summary: 'Create a user; who can sign in gets an invite by mail, without a password (S3-7)',
    caller: 'users:create',
    body: newUser(),
    output: user(),
    status: 201,
    problems: ['login_taken', 'email_taken'],
    needs: ['read', 'write', 'seal'],
    audit: 'user.created',
  }),
  'get-user': () => ({
    method: 'GET',
    path: '/users/{userId}',
    summary: 'Read a user',
    caller: 'users:read',
    params: userParams(),
    output: user(),
    status: 200,
    problems: ['user_not_found'],
    needs: ['read', 'write'],
    audit: null,
  }),
  'change-user': () => ({
    method: 'PATCH',
    path: '/users/{userId}',
    summary: 'Change the fields that the body names',
    caller: 'users:change',
    params: userParams(),
    body: userChanges(),
    ifMatch: true,
    output: user(),
    status: 200,
    problems: ['user_not_found', 'email_taken', 'last_superuser'],
    needs: ['read', 'write', 'seal'],
    audit: 'user.changed',
  }),
  'deactivate-user': () => ({
    method: 'POST',
    path: '/users/{userId}/deactivate',
    summary: 'Deactivate: kept and recoverable, but nothing of the user works any more (S0-54)',
    caller: 'users:deactivate',
    params: userParams(),
    output: user(),
    status: 200,
    problems: ['user_not_found', 'already_deactivated', 'last_superuser'],
    needs: ['read', 'write', 'seal'],
    audit: 'user.deactivated',
  }),
  'sign-out-user': () => ({
    method: 'POST',
    path: '/users/{userId}/sign-out',
    summary: 'End all sessions of a user',
    caller: 'users:change',
    params: userParams(),
    output: null,
    status: 204,
    problems: ['user_not_found'],
    needs: ['read', 'write', 'seal'],
    audit: 'user.signed-out',
  }),
  'invite-user': () => ({
    method: 'POST',
    path: '/users/{userId}/invite',
    summary: 'Invite again; the link before is dead',
    caller: 'users:create',
    params: userParams(),
    output: user(),
    status: 200,
    problems: ['user_not_found', 'not_invitable'],
    needs: ['read', 'write', 'seal'],
    audit: 'user.invited',
  }),
});
