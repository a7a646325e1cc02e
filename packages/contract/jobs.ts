// Jobs: long work that goes on after the request that began it.

import * as z from 'zod';
import { instant } from './fields.ts';
import { once } from './once.ts';
import { domain } from './operation.ts';

const job = once(() =>
  z.object({
    id: z.string(),
    kind: z.string(),
    state: z.enum(['running', 'done']),
    done: z.int(),
    total: z.int().optional(),
    refusal: z
      .object({ code: z.string(), detail: z.string().optional(), remedy: z.string().optional() })
      .optional()
      .meta({ description: 'Why it was given up; then nothing has changed' }),
    createdAt: instant(),
    updatedAt: instant(),
  }),
);

export const jobs = domain('jobs', {
  'get-job': () => ({
    method: 'GET',
    path: '/jobs/{jobId}',
    summary: 'How far long work is: for who began it, for SuperUsers, and for everybody where others wait for it',
    caller: 'self',
    params: z.strictObject({ jobId: z.string().regex(/^job_[0-9a-f]{24}$/, 'must be an id of the form job_…') }),
    output: job(),
    status: 200,
    problems: ['job_not_found'],
    needs: ['read', 'write'],
    audit: null,
  }),
});
