// What rights are made of: content of the platform, and which users are in sight.

import * as z from 'zod';
import { plainText, userId } from './fields.ts';
import { once } from './once.ts';
import { namesOnce, queueId, rightsId } from './records.ts';
import { userType } from './user-types.ts';

/** Each is counted with the rights that name it, all in one transaction. */
const QUEUES_MAX = 60;

export const queuesGiven = once(() =>
  z
    .union(
      [
        z.literal('all'),
        z
          .array(queueId())
          .max(QUEUES_MAX)
          .refine(...namesOnce),
      ],
      { error: `must be all, or at most ${QUEUES_MAX} ids of queues, each once; whoever is to serve more has all` },
    )
    .meta({
      description: `\`all\`, present and future; or ids of at most ${QUEUES_MAX} queues. Which channels these have decides about licenses (S0-14)`,
      example: ['que_0123456789ab'],
    }),
);

export const contentNames = once(() =>
  z
    .union([z.literal('all'), z.array(plainText(64)).max(200)])
    .meta({ description: '`all`, or names as the contact-center platform knows them', example: ['Inbound', 'Sales'] }),
);

export const usersInSight = once(() =>
  z
    .union([
      z.literal('all'),
      z.strictObject({
        types: z
          .array(userType())
          .max(7)
          .refine(...namesOnce)
          .default([]),
        rights: z
          .array(rightsId())
          .max(50)
          .refine(...namesOnce)
          .default([])
          .meta({ description: 'Users who have these rights' }),
        ids: z
          .array(userId())
          .max(100)
          .refine(...namesOnce)
          .default([]),
      }),
    ])
    .meta({ description: 'All, or the users of these types, with these rights, or with these ids; oneself always' }),
);
