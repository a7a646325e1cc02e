// A user in requests and answers: what is shown, what a new one needs, what can be changed.

import * as z from 'zod';
import { email, emoji, instant, language, login, title, userId, version } from './fields.ts';
import { accessId, changesSomething, mustChangeSomething, namesOnce, rightsId, roleId } from './grant-records.ts';
import { once } from './once.ts';
import { fieldMatrixInWords, secondFactor, userType } from './user-types.ts';

export const userState = once(() =>
  z
    .enum(['invited', 'active', 'deactivated'])
    .meta({ description: 'invited: has not chosen a password yet; deactivated: off but kept' }),
);

const queuedChange = once(() =>
  z
    .object({ access: accessId().optional(), rights: rightsId().optional(), by: userId(), at: instant() })
    .meta({ description: 'What changes at the next sign-out (C2)' }),
);

/** What lists show to everybody who may see the user; the rest needs `users:read-details`. */
export const user = once(() =>
  z
    .object({
      id: userId(),
      version: version(),
      title: z.string(),
      emoji: z.string().optional(),
      type: userType(),
      state: userState(),
      login: z.string().optional().meta({ description: 'As typed at creation' }),
      authEmail: z.string().optional().meta({ description: 'Receives codes, invites and resets; also signs in' }),
      authEmailTrouble: z.enum(['bounced', 'complained']).optional().meta({
        description: 'Mail to the authentication email came back, or was reported as spam',
      }),
      secondFactor: secondFactor().optional(),
      language: z.string().optional(),
      access: accessId().optional(),
      rights: rightsId().optional(),
      roles: z.array(roleId()).optional(),
      superUser: z.boolean().optional(),
      queued: queuedChange().optional(),
      inviteExpiresAt: instant().optional(),
      createdAt: instant().optional(),
      updatedAt: instant().optional(),
    })
    .meta({ id: 'User', description: 'Fields that the caller may not see are absent (`users:read-details`)' }),
);

export const newUser = once(() =>
  z
    .strictObject({
      title: title(),
      login: login(),
      type: userType(),
      authEmail: email().optional().meta({ description: 'Required but for system users and AI coworkers (S0-25)' }),
      secondFactor: secondFactor().optional().meta({ description: 'Default: off' }),
      emoji: emoji().optional(),
      language: language().optional(),
      access: accessId().optional(),
      rights: rightsId().optional(),
      roles: roleIds().optional(),
      superUser: z
        .boolean()
        .optional()
        .meta({ description: 'Holds every permission; only a SuperUser may grant it (C12)' }),
    })
    .meta({ id: 'NewUser', description: `Which type has which field:\n\n${fieldMatrixInWords()}` }),
);

export const userChanges = once(() =>
  z
    .strictObject({
      login: z
        .never({ error: 'cannot be changed after creation (S0-9); create another user instead' })
        .optional()
        .meta({ description: 'Never changes' }),
      title: title().optional(),
      emoji: emoji().nullable().optional().meta({ description: 'null removes it' }),
      authEmail: email().optional(),
      secondFactor: secondFactor().optional(),
      language: language().nullable().optional().meta({ description: 'null: the tenant’s' }),
      access: accessId().optional(),
      rights: rightsId().optional(),
      roles: roleIds().optional().meta({ description: 'All of them; replaces the roles before' }),
      superUser: z.boolean().optional(),
      queued: z.null().optional().meta({ description: 'null takes back what was queued for the next sign-out' }),
    })
    .refine(changesSomething, mustChangeSomething)
    .meta({ id: 'UserChanges' }),
);

const roleIds = once(() =>
  z
    .array(roleId())
    .max(10)
    .refine(...namesOnce),
);
