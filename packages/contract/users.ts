// Users as administrators see them: create by invitation, list, read, change, deactivate.

import * as z from 'zod';
import { page, userId } from './fields.ts';
import { once } from './once.ts';
import { domain } from './operation.ts';
import { type Permission, permissions } from './permissions.ts';
import { tokenWithValue } from './token.ts';
import { newUser, user, userChanges } from './user.ts';

const userParams = once(() => z.strictObject({ userId: userId() }));

const grantSource = once(() =>
  z.object({
    from: z.enum(['superUser', 'access', 'role']),
    id: z.string().optional(),
    name: z.string().optional(),
    through: z.string().optional().meta({ description: 'The role that includes this one' }),
  }),
);

const when = once(() =>
  z.strictObject({
    when: z.enum(['signOutNow', 'nextSignOut']).optional().meta({
      description:
        'For a change of access or rights of a signed-in user: sign them out now, or wait until they sign out (C2)',
    }),
    force: z.stringbool().default(false).meta({
      description: 'true: also when your own address would not be allowed any more (K13)',
      type: 'boolean',
    }),
  }),
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
    output: user().extend({ apiToken: tokenWithValue().optional() }),
    status: 201,
    problems: [
      'login_taken',
      'email_taken',
      'mobile_taken',
      'password_refused',
      'token_value_in_title',
      'session_needed',
      'prerequisites_missing',
      'grants_too_much',
      'caller_changed',
    ],
    needs: ['read', 'write', 'seal', 'hash'],
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
    query: when(),
    body: userChanges(),
    ifMatch: true,
    output: user(),
    status: 200,
    problems: [
      'user_not_found',
      'email_taken',
      'mobile_taken',
      'last_superuser',
      'would_lock_yourself_out',
      'reauthentication_needed',
      'outranked',
      'prerequisites_missing',
      'grants_too_much',
      'user_signed_in',
      'caller_changed',
    ],
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
    problems: ['user_not_found', 'already_deactivated', 'last_superuser', 'outranked', 'caller_changed'],
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
    problems: ['user_not_found', 'outranked', 'caller_changed'],
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
    problems: ['user_not_found', 'not_invitable', 'outranked', 'caller_changed'],
    needs: ['read', 'write', 'seal'],
    audit: 'user.invited',
  }),
  'get-user-permissions': () => ({
    method: 'GET',
    path: '/users/{userId}/permissions',
    summary: 'What a user may do, where each permission comes from, and what would grant the others',
    caller: 'users:read-details',
    params: userParams(),
    output: z.object({
      permissions: z.array(
        z.object({
          name: z.enum(permissions as [Permission, ...Permission[]]),
          granted: z.boolean(),
          from: z.array(grantSource()).meta({ description: 'What grants it; empty when nothing does' }),
          wouldGrant: z
            .array(grantSource())
            .meta({ description: 'Accesses and roles that hold it, for one that is not granted' }),
        }),
      ),
    }),
    status: 200,
    problems: ['user_not_found'],
    needs: ['read', 'write'],
    audit: null,
  }),
});
