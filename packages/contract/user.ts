// A user in requests and answers: what is shown, what a new one needs, what can be changed.

import * as z from 'zod';
import {
  cidr,
  email,
  emoji,
  instant,
  language,
  login,
  mobile,
  title,
  typedPassword,
  userId,
  version,
} from './fields.ts';
import { accessId, changesSomething, mustChangeSomething, namesOnce, rightsId, roleId } from './grant-records.ts';
import { once } from './once.ts';
import { newToken } from './token.ts';
import { fieldMatrixInWords, secondFactor, userType, verifyType } from './user-types.ts';

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
      mobile: z.string().optional().meta({ description: 'Receives invites, resets and notices by SMS' }),
      verifyType: verifyType().optional(),
      secondFactor: secondFactor().optional(),
      sessionSeconds: z.number().optional(),
      maxSessions: z.number().optional(),
      allowedNetworks: z.array(z.string()).optional(),
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
      mobile: mobile().optional(),
      verifyType: verifyType().optional().meta({ description: 'Default: password' }),
      password: typedPassword()
        .optional()
        .meta({ description: 'Instead of an invite: good for 72 hours, and changed at the first sign-in (C3, K3)' }),
      apiToken: z.strictObject(newToken()).optional().meta({
        description: 'Create an API token with the user; its value is in the answer. Needs `tokens:change`, too (C6)',
      }),
      secondFactor: secondFactor().optional().meta({ description: 'Default: off' }),
      sessionSeconds: sessionSeconds().optional(),
      maxSessions: maxSessions().optional(),
      allowedNetworks: allowedNetworks().optional(),
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
      mobile: mobile().nullable().optional().meta({ description: 'null removes it' }),
      verifyType: verifyType().optional(),
      secondFactor: secondFactor().optional(),
      sessionSeconds: sessionSeconds().nullable().optional().meta({ description: 'null: the tenant’s' }),
      maxSessions: maxSessions().nullable().optional().meta({ description: 'null: the tenant’s' }),
      allowedNetworks: allowedNetworks().nullable().optional().meta({ description: 'null: from everywhere' }),
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

const sessionSeconds = once(() =>
  z
    .int()
    .min(60)
    .max(2_592_000)
    .meta({ description: 'Absolute limit of this user’s sessions instead of the tenant’s (S4-21)' }),
);

const maxSessions = once(() =>
  z.int().min(1).max(1000).meta({ description: 'Sessions at a time, instead of the tenant’s (S4-22)' }),
);

const allowedNetworks = once(() =>
  z.array(cidr()).max(20).meta({
    description:
      'Only from these networks, and those of the tenant, this user is let in; empty: from nowhere (S4-12, K13)',
  }),
);

const roleIds = once(() =>
  z
    .array(roleId())
    .max(10)
    .refine(...namesOnce),
);
