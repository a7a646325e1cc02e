// Numbers that belong to one user at a time: numeric IDs and extensions (S3-5, S3-6, S0-40).

import * as z from 'zod';
import { instant, page, userId } from './fields.ts';
import { domain } from './operation.ts';

export const numbers = domain('numbers', {
  'list-numbers': () => ({
    method: 'GET',
    path: '/numbers/{kind}',
    summary: 'Which numbers are used, by whom; which are reserved or rest; and the next free one (S3-6)',
    caller: 'numbers:read',
    params: z.strictObject({ kind: z.enum(['numeric-ids', 'extensions']) }),
    query: z.strictObject({
      ...page(),
      from: z
        .string()
        .regex(/^\d{1,6}$/, 'must be a number of at most six digits')
        .optional()
        .meta({
          description:
            'List and look for the next free one from this number on; default: 1 for numeric IDs, 200 for extensions',
        }),
    }),
    output: z.object({
      numbers: z.array(
        z.object({
          number: z.string(),
          state: z.enum(['used', 'resting']).meta({ description: 'resting: free again when its quarantine is over' }),
          user: z
            .object({ id: userId(), title: z.string() })
            .optional()
            .meta({ description: 'Whose it is; absent for who is out of sight' }),
          freeAt: instant().optional(),
        }),
      ),
      reserved: z.array(z.string()).meta({ description: 'Numbers and ranges that nobody is given' }),
      nextFree: z
        .string()
        .optional()
        .meta({ description: 'On the first page; the lowest one where the numbers before have no gap' }),
      next: z
        .string()
        .optional()
        .meta({ description: 'Cursor of the next page; a page may hold fewer than asked for' }),
    }),
    status: 200,
    problems: ['invalid_cursor'],
    needs: ['read', 'write', 'seal'],
    audit: null,
  }),
});
