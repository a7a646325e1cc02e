// What customers in webchat see of who talks to them (C8); their picture is among pictures.

import * as z from 'zod';
import { userId } from './fields.ts';
import { domain } from './operation.ts';
import { webchatName } from './webchat-name.ts';

export const webchat = domain('webchat', {
  'get-webchat-user': () => ({
    method: 'GET',
    path: '/webchat/users/{userId}',
    summary: 'How who talks to a customer is called in webchat, as the settings say (S0-28, S1-15, C8)',
    caller: 'pictures:read',
    token: true,
    params: z.strictObject({ userId: userId() }),
    output: z.object({ name: z.string(), from: webchatName() }),
    status: 200,
    problems: ['user_not_found'],
    needs: ['read', 'write'],
    audit: null,
  }),
});
