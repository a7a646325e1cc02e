// Permanent API tokens of a user (S0-44…S0-53): for programs, without signing in. The value is shown once, at creation.

import * as z from 'zod';
import { tokenId, userId } from './fields.ts';
import { once } from './once.ts';
import { domain } from './operation.ts';
import { changesSomething, mustChangeSomething } from './records.ts';
import { expiry, extendWithUse, newToken, scopes, token, tokenTitle, tokenWithValue } from './token.ts';

const ofUser = once(() => z.strictObject({ userId: userId() }));
const ofToken = once(() => z.strictObject({ userId: userId(), tokenId: tokenId() }));

const COMMON = ['user_not_found', 'outranked', 'caller_changed'] as const;

export const tokens = domain('tokens', {
  'list-tokens': () => ({
    method: 'GET',
    path: '/users/{userId}/tokens',
    summary: 'API tokens of a user, newest first; never their values',
    caller: 'tokens:read',
    params: ofUser(),
    output: z.object({ tokens: z.array(token()) }),
    status: 200,
    problems: ['user_not_found'],
    needs: ['read', 'write'],
    audit: null,
  }),
  'create-token': () => ({
    method: 'POST',
    path: '/users/{userId}/tokens',
    summary: 'Create an API token; its value is in this answer and never again (S0-51)',
    caller: 'tokens:change',
    session: true,
    params: ofUser(),
    body: z.strictObject(newToken()),
    output: tokenWithValue(),
    status: 201,
    problems: [...COMMON, 'token_value_in_title', 'too_many_tokens'],
    needs: ['read', 'write', 'seal'],
    audit: 'token.created',
  }),
  'import-token': () => ({
    method: 'POST',
    path: '/users/{userId}/tokens/import',
    summary: 'Let a token of another system work on, by its hash (S0-52)',
    caller: 'tokens:change',
    session: true,
    params: ofUser(),
    body: z.strictObject({
      ...newToken(),
      sha256: z
        .string()
        .regex(/^[0-9a-f]{64}$/, 'must be the SHA-256 of the token as 64 hexadecimal digits')
        .meta({ description: 'SHA-256 of the token as it is sent, in hexadecimal' }),
    }),
    output: token(),
    status: 201,
    problems: [...COMMON, 'token_value_in_title', 'too_many_tokens', 'token_known'],
    needs: ['read', 'write', 'seal'],
    audit: 'token.imported',
  }),
  'change-token': () => ({
    method: 'PATCH',
    path: '/users/{userId}/tokens/{tokenId}',
    summary: 'Change title, state, validity or scopes of an API token (S0-45…S0-50)',
    caller: 'tokens:change',
    session: true,
    params: ofToken(),
    body: z
      .strictObject({
        title: tokenTitle().optional(),
        enabled: z.boolean().optional(),
        expiresAt: expiry().nullable().optional().meta({ description: 'null: 365 days from the creation again' }),
        extendWithUse: extendWithUse().optional(),
        scopes: scopes().nullable().optional().meta({ description: 'null: all that the owner may do' }),
      })
      .refine(changesSomething, mustChangeSomething),
    ifMatch: true,
    output: token(),
    status: 200,
    problems: [...COMMON, 'token_not_found', 'token_value_in_title'],
    needs: ['read', 'write'],
    audit: 'token.changed',
  }),
  'delete-token': () => ({
    method: 'DELETE',
    path: '/users/{userId}/tokens/{tokenId}',
    summary: 'Delete an API token; it is dead at once',
    caller: 'tokens:change',
    session: true,
    params: ofToken(),
    output: null,
    status: 204,
    problems: [...COMMON, 'token_not_found'],
    needs: ['read', 'write'],
    audit: 'token.deleted',
  }),
});
