// Forgotten passwords and first passwords. Asking never tells whether an account exists (K14).

import * as z from 'zod';
import { secret, signInName, typedPassword } from './fields.ts';
import { domain } from './operation.ts';

export const passwords = domain('passwords', {
  'request-password-reset': () => ({
    method: 'POST',
    path: '/password-resets',
    summary: 'Ask for a link by mail, or for a code by SMS, to choose a new password; always 202 (K14)',
    caller: 'public',
    body: z.strictObject({
      login: signInName(),
      by: z.enum(['email', 'sms']).default('email').meta({ description: 'sms: to the mobile number (S3-4)' }),
    }),
    output: null,
    status: 202,
    problems: ['network_not_allowed'],
    needs: ['read', 'write', 'seal'],
    audit: null,
  }),
  'complete-password-reset': () => ({
    method: 'POST',
    path: '/password-resets/complete',
    summary:
      'Choose a new password with the link from the mail or the code from the SMS; ends all sessions and signs nobody in',
    caller: 'public',
    body: z
      .strictObject({
        token: secret('rrst', 'Token from the link').optional(),
        login: signInName().optional().meta({ description: 'With a code: as it was asked for' }),
        code: z
          .string()
          .regex(/^\d{8}$/, 'must be eight digits')
          .optional()
          .meta({ description: 'The eight digits from the SMS' }),
        password: typedPassword(),
      })
      .refine(
        ({ token, login, code }) =>
          token === undefined ? login !== undefined && code !== undefined : login === undefined && code === undefined,
        {
          error: 'must hold either token, or login and code',
        },
      ),
    output: null,
    status: 204,
    problems: ['link_over', 'password_refused', 'network_not_allowed'],
    needs: ['read', 'write', 'seal', 'hash'],
    audit: 'password.reset',
  }),
  'accept-invite': () => ({
    method: 'POST',
    path: '/invites/accept',
    summary: 'Choose the first password with the link from the invite',
    caller: 'public',
    body: z.strictObject({ token: secret('rinv', 'Token from the link'), password: typedPassword() }),
    output: z.object({ login: z.string().meta({ description: 'The name to sign in with' }) }),
    status: 200,
    problems: ['link_over', 'password_refused', 'network_not_allowed'],
    needs: ['read', 'write', 'hash'],
    audit: 'invite.accepted',
  }),
});
