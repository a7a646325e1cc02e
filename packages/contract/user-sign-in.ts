// How users sign in, as administrators see and change it: passwords, factors, sessions, locks.

import * as z from 'zod';
import { instant, plainText, sessionId, typedPassword, userId } from './fields.ts';
import { once } from './once.ts';
import { domain } from './operation.ts';
import { session } from './session.ts';

const userParams = once(() => z.strictObject({ userId: userId() }));

export const userSignIn = domain('users', {
  'set-user-password': () => ({
    method: 'POST',
    path: '/users/{userId}/password',
    summary: 'Set a temporary password: good for 72 hours, changed at the first sign-in; the user is told (K3)',
    caller: 'users:change',
    session: true,
    params: userParams(),
    body: z.strictObject({
      password: typedPassword().optional().meta({ description: 'Without it one is made' }),
    }),
    output: z.object({
      password: z.string().optional().meta({ description: 'The one that was made; shown only here' }),
      expiresAt: instant(),
    }),
    status: 200,
    problems: ['user_not_found', 'outranked', 'caller_changed', 'password_refused', 'not_invitable'],
    needs: ['read', 'write', 'seal', 'hash'],
    audit: 'password.set-temporary',
  }),
  'reset-second-factor': () => ({
    method: 'POST',
    path: '/users/{userId}/reset-second-factor',
    summary: 'Remove the authenticator and the recovery codes of a user; ends their sessions, and they are told',
    caller: 'users:change',
    session: true,
    params: userParams(),
    body: z.strictObject({ reason: plainText(300).meta({ description: 'Why; kept in the audit' }) }),
    output: null,
    status: 204,
    problems: ['user_not_found', 'outranked', 'caller_changed', 'authenticator_absent'],
    needs: ['read', 'write', 'seal'],
    audit: 'authenticator.reset',
  }),
  'list-user-sessions': () => ({
    method: 'GET',
    path: '/users/{userId}/sessions',
    summary: 'Where a user is signed in',
    caller: 'users:read-details',
    params: userParams(),
    output: z.object({ sessions: z.array(session().omit({ current: true })) }),
    status: 200,
    problems: ['user_not_found'],
    needs: ['read', 'write'],
    audit: null,
  }),
  'end-user-session': () => ({
    method: 'DELETE',
    path: '/users/{userId}/sessions/{sessionId}',
    summary: 'End one session of a user',
    caller: 'users:change',
    params: z.strictObject({ userId: userId(), sessionId: sessionId() }),
    output: null,
    status: 204,
    problems: ['user_not_found', 'outranked', 'caller_changed', 'session_not_found'],
    needs: ['read', 'write'],
    audit: 'session.ended',
  }),
  'get-user-locks': () => ({
    method: 'GET',
    path: '/users/{userId}/locks',
    summary: 'What keeps a user from signing in for now: failures that were counted, and until when',
    caller: 'users:read-details',
    params: userParams(),
    output: z.object({
      locks: z.array(
        z.object({
          what: z.string().meta({ description: 'What was counted', example: 'wrong passwords' }),
          count: z.int(),
          blocked: z.boolean(),
          until: instant().meta({
            description: 'Blocked: from then on another try is let in; else: when the count ends',
          }),
        }),
      ),
    }),
    status: 200,
    problems: ['user_not_found'],
    needs: ['read', 'write'],
    audit: null,
  }),
  'lift-user-locks': () => ({
    method: 'DELETE',
    path: '/users/{userId}/locks',
    summary: 'Forget the failures that were counted: the user may try again at once',
    caller: 'users:change',
    params: userParams(),
    output: null,
    status: 204,
    problems: ['user_not_found', 'outranked', 'caller_changed'],
    needs: ['read', 'write'],
    audit: 'user.locks-lifted',
  }),
});
