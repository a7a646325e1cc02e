// About the tenant itself: is it up, what does it offer.

import * as z from 'zod';
import { domain } from './operation.ts';

export const tenant = domain('tenant', {
  'get-health': () => ({
    method: 'GET',
    path: '/health',
    summary: 'Is the tenant up? Reads the table once.',
    caller: 'public',
    output: z.object({ status: z.literal('ok') }),
    status: 200,
    problems: [],
    needs: ['read'],
    audit: null,
  }),
  'get-openapi': () => ({
    method: 'GET',
    path: '/openapi.json',
    summary: 'This API as OpenAPI 3.1',
    caller: 'public',
    output: z.looseObject({ openapi: z.string() }),
    status: 200,
    problems: [],
    needs: [],
    audit: null,
  }),
});
