// Why somebody takes a license, as every answer says it that tells of licenses.

import * as z from 'zod';
import { once } from './once.ts';
import { userType } from './user-types.ts';

export const licenseCause = once(() =>
  z
    .object({
      field: z.enum(['type', 'access', 'rights', 'roles', 'recording']).meta({ description: 'Which field decides it' }),
      text: z.string().meta({ example: 'rights Sales include queue Inbound and 3 more' }),
      queued: z.literal(true).optional().meta({
        description: 'By what waits for the user’s next sign-out (C2); it needs its seat already',
      }),
      coming: z.literal(true).optional().meta({
        description: 'By an edit of access, rights, role or catalogue that is being prepared',
      }),
      ids: z
        .object({
          type: userType().optional(),
          access: z.string().optional(),
          rights: z.string().optional(),
          role: z.string().optional(),
          queue: z.string().optional(),
          queues: z.int().optional().meta({ description: 'How many queues of the channel' }),
          permission: z.string().optional(),
        })
        .meta({ description: 'The same as data' }),
    })
    .meta({ id: 'LicenseCause' }),
);
