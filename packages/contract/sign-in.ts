// Signing in, step by step: password, second factor, and what must be set up or chosen first. A sign-in under way is a
// challenge, which only these operations accept; each answer names the next step.

import * as z from 'zod';
import { authenticatorSetup, recoveryCodes } from './authenticator.ts';
import { code, instant, recoveryCode, secret, signInName, typedPassword } from './fields.ts';
import { once } from './once.ts';
import { domain } from './operation.ts';

const challengeToken = once(() => secret('rchl', 'The sign-in under way'));

const signedIn = once(() =>
  z
    .object({
      step: z.literal('signed-in'),
      token: secret('rses', 'Session token, sent as Authorization: Bearer'),
      expiresAt: instant(),
      device: secret(
        'rdev',
        'Names this device at the next sign-in, so that strangers’ guesses do not lock it out',
      ).optional(),
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

const waiting = <Step extends string>(step: Step, id: string, description: string) =>
  z.object({ step: z.literal(step), challenge: challengeToken(), expiresAt: instant() }).meta({ id, description });

const next = once(() =>
  z.object({
    next: z.discriminatedUnion('step', [
      signedIn(),
      codeSent(),
      waiting('authenticator-code', 'AuthenticatorCode', 'The authenticator’s code, or a recovery code, is asked for'),
      waiting('authenticator-setup', 'AuthenticatorSetup', 'An authenticator must be set up first (S0-22)'),
      waiting('new-password', 'NewPassword', 'A new password must be chosen first (K3)'),
    ]),
  }),
);

const device = once(() => secret('rdev', 'As an earlier sign-in on this device answered it').optional());

/** What every step but the first can answer of the sign-in itself. */
const STEP_PROBLEMS = ['challenge_over', 'too_many_attempts', 'network_not_allowed'] as const;

export const signIn = domain('sign-in', {
  'sign-in': () => ({
    method: 'POST',
    path: '/sign-in',
    summary: 'Sign in with login or authentication email and password',
    caller: 'public',
    body: z.strictObject({
      login: signInName(),
      password: typedPassword(),
      code: code()
        .optional()
        .meta({ description: 'The authenticator’s code, for who knows that it will be asked for' }),
      device: device(),
    }),
    output: next(),
    status: 200,
    problems: [
      'invalid_credentials',
      'wrong_code',
      'too_many_attempts',
      'too_many_codes',
      'too_many_sessions',
      'network_not_allowed',
    ],
    needs: ['read', 'write', 'seal', 'hash'],
    audit: 'session.created',
  }),
  'verify-code': () => ({
    method: 'POST',
    path: '/sign-in/verify',
    summary: 'Go on with the code from the mail or the authenticator, or with a recovery code (S0-20)',
    caller: 'public',
    body: z
      .strictObject({
        challenge: challengeToken(),
        code: code().optional(),
        recoveryCode: recoveryCode().optional(),
        device: device(),
      })
      .refine((body) => (body.code === undefined) !== (body.recoveryCode === undefined), {
        error: 'must hold either code or recoveryCode',
      }),
    output: next(),
    status: 200,
    problems: [...STEP_PROBLEMS, 'wrong_code', 'code_expired', 'code_used_up', 'too_many_sessions'],
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
  'start-totp-setup': () => ({
    method: 'POST',
    path: '/sign-in/totp-setup',
    summary: 'Get the key for the authenticator that must be set up; asking again makes another (S0-22)',
    caller: 'public',
    body: z.strictObject({ challenge: challengeToken() }),
    output: authenticatorSetup(),
    status: 200,
    problems: ['challenge_over', 'network_not_allowed'],
    needs: ['read', 'write', 'seal'],
    audit: null,
  }),
  'confirm-totp-setup': () => ({
    method: 'POST',
    path: '/sign-in/totp-setup/confirm',
    summary: 'Prove the authenticator with a code of it; the recovery codes are shown only here (S0-22)',
    caller: 'public',
    body: z.strictObject({ challenge: challengeToken(), code: code(), device: device() }),
    output: next().extend({ recoveryCodes: recoveryCodes() }),
    status: 200,
    problems: [...STEP_PROBLEMS, 'wrong_code', 'code_used_up', 'too_many_sessions'],
    needs: ['read', 'write', 'seal'],
    audit: 'authenticator.set-up',
  }),
  'choose-new-password': () => ({
    method: 'POST',
    path: '/sign-in/new-password',
    summary: 'Choose a password in the place of a temporary or an old one, and be signed in (K3)',
    caller: 'public',
    body: z.strictObject({ challenge: challengeToken(), password: typedPassword(), device: device() }),
    output: next(),
    status: 200,
    problems: [...STEP_PROBLEMS, 'password_refused', 'too_many_sessions'],
    needs: ['read', 'write', 'seal', 'hash'],
    audit: 'password.changed',
  }),
  'sign-out': () => ({
    method: 'POST',
    path: '/sign-out',
    summary: 'End the session that the request is made with, or all of mine',
    caller: 'self',
    session: true,
    duringCall: true,
    query: z.strictObject({
      everywhere: z.stringbool().default(false).meta({ description: 'true: all my sessions', type: 'boolean' }),
    }),
    output: null,
    status: 204,
    problems: [],
    // Seals the answer to a request that may be repeated.
    needs: ['read', 'write', 'seal'],
    audit: 'session.ended',
  }),
});
