// Which types of users may have what under way (S0-7).

import type { UserTypeName } from './user-types.ts';

/** Which types of user have it (S0-7): whoever is back-office or uses just a phone is in no queue. */
export const workTypes = {
  activity: ['contact-center', 'back-office', 'cloudphone', 'ai-coworker'],
  'campaign-record': ['contact-center', 'back-office', 'ai-coworker'],
  queues: ['contact-center', 'ai-coworker'],
} as const satisfies Record<string, readonly UserTypeName[]>;

export type WorkName = keyof typeof workTypes;
