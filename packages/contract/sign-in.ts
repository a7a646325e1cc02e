// Signing in: first factor, code, session. A sign-in under way is a challenge, which only these operations accept.

import * as z from 'zod';
import { code, instant, secret, signInName, typedPassword } from './fields.ts';
import { once } from './once.ts';
import { domain } from './operation.ts';

const challengeToken = once(() => secret('rchl', 'The sign-in under way'));

const signedIn = once(() =>
  z
    .object({
      step: z.literal('signed-in'),
      token: secret('rses', 'Session token, sent as Authorization: Bearer'),
      expiresAt: instant(),
    })
    .meta({ id: 'SignedIn' }),
);

const codeSent = once(() =>
  z
    .object({
      step: z.literal('code-sent'),
      challenge: challengeToken(),
      /** The address in part, so that the user knows where to look. */
      sentTo: z.string().meta({ description: 'Where the code went, masked', example: 'j…@example.com' }),
      expiresAt: instant(),
      resendAt: instant().meta({ description: 'From when on another code can be asked for' }),
    })
    .meta({ id: 'CodeSent' }),
);

const next = once(() => z.object({ next: z.discriminatedUnion('step', [signedIn(), codeSent()]) }));

export const signIn = domain('sign-in', {
  'sign-in': () => ({
    method: 'POST',
    path: '/sign-in',
    summary: 'Sign in with login or authentication email and password',
    caller: 'public',
    body: z.strictObject({ login: signInName(), password: typedPassword() }),
    output: next(),
    status: 200,
    problems: ['invalid_credentials', 'too_many_attempts', 'too_many_codes', 'network_not_allowed'],
    needs: ['read', 'write', 'seal', 'hash'],
    audit: 'session.created',
  }),
  'verify-code': () => ({
    method: 'POST',
    path: '/sign-in/verify',
    summary: 'Finish a sign-in with the code from the mail (S0-20)',
    caller: 'public',
    body: z.strictObject({ challenge: challengeToken(), code: code() }),
    output: z.object({ next: signedIn() }),
    status: 200,
    problems: [
      'challenge_over',
      'wrong_code',
      'code_expired',
      'code_used_up',
      'too_many_attempts',
      'network_not_allowed',
    ],
    needs: ['read', 'write', 'seal'],
    audit: 'session.created',
  }),
  'resend-code': () => ({
    method: 'POST',
    path: '/sign-in/resend',
    summary: 'Send a new code; the one before is dead (S0-20)',
    caller: 'public',
    body: z.strictObject({ challenge: challengeToken() }),
    output: z.object({ next: codeSent() }),
    status: 200,
    problems: ['challenge_over', 'resend_too_soon', 'too_many_codes', 'network_not_allowed'],
    needs: ['read', 'write', 'seal'],
    audit: null,
  }),
  'sign-out': () => ({
    method: 'POST',
    path: '/sign-out',
    summary: 'End the session that the request is made with',
    caller: 'self',
    output: null,
    status: 204,
    problems: [],
    needs: ['read', 'write'],
    audit: 'session.ended',
  }),
});
