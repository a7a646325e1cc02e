// Why a user was not reached. Apart from routing.ts, so that who decides calls carries no operation along.

/** Each leads to the target (C11). */
export const failures = ['no-answer', 'busy', 'rejected', 'no-device'] as const;

export type Failure = (typeof failures)[number];
