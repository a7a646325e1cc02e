// What signed-in users see and do of their own.

import * as z from 'zod';
import { instant } from './fields.ts';
import { once } from './once.ts';
import { domain } from './operation.ts';
import { type Permission, permissions } from './permissions.ts';
import { user } from './user.ts';

export const sessionId = once(() =>
  z
    .string()
    .regex(/^ses_[0-9a-f]{16}$/, 'must be an id of the form ses_… (16 hexadecimal digits)')
    .meta({ description: 'Id of a session', example: 'ses_0123456789abcdef' }),
);

const session = once(() =>
  z
    .object({
      id: sessionId(),
      current: z.boolean().meta({ description: 'The session that asks' }),
      createdAt: instant(),
      lastSeenAt: instant().meta({ description: 'To five minutes' }),
      expiresAt: instant(),
      amr: z
        .array(z.string())
        .meta({ description: 'How the user proved who they are (RFC 8176 and K2)', example: ['pwd', 'otp-email'] }),
      network: z.string().meta({ description: 'Where it was made from' }),
      device: z.string().meta({ description: 'User agent that made it' }),
    })
    .meta({ id: 'Session' }),
);

export const me = domain('me', {
  'get-me': () => ({
    method: 'GET',
    path: '/me',
    summary: 'Who am I, and what may I do?',
    caller: 'self',
    output: z.object({
      user: user(),
      permissions: z.array(z.enum(permissions as [Permission, ...Permission[]])),
      session: session().omit({ current: true }),
    }),
    status: 200,
    problems: [],
    needs: ['read', 'write'],
    audit: null,
  }),
  'list-my-sessions': () => ({
    method: 'GET',
    path: '/me/sessions',
    summary: 'Where am I signed in?',
    caller: 'self',
    output: z.object({ sessions: z.array(session()) }),
    status: 200,
    problems: [],
    needs: ['read', 'write'],
    audit: null,
  }),
  'end-my-session': () => ({
    method: 'DELETE',
    path: '/me/sessions/{sessionId}',
    summary: 'End one of my sessions',
    caller: 'self',
    params: z.strictObject({ sessionId: sessionId() }),
    output: null,
    status: 204,
    problems: ['session_not_found'],
    needs: ['read', 'write'],
    audit: 'session.ended',
  }),
});
