// A user: the stored shape, and the rules that decide on a user alone. Reads and writes stand in users.ts.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import { Problem } from '#contract/problems.ts';
import { secondFactor, type UserTypeName, userType, userTypes } from '#contract/user-types.ts';
import { userState } from '#contract/users.ts';

/**
 * What lists show and what every request needs, and no more: this item is read by each session check and, 100 at a time,
 * by the list (6 read units = 480 bytes each). What only the detail page shows goes into an item of its own.
 */
export const userItem = once(() =>
  z.object({
    type: z.literal('user'),
    v: z.literal(1),
    id: z.string(),
    version: z.number(),
    login: z.string(),
    title: z.string(),
    emoji: z.string().optional(),
    userType: userType(),
    state: userState(),
    authEmail: z.string().optional(),
    authEmailTrouble: z.enum(['bounced', 'complained']).optional(),
    secondFactor: secondFactor(),
    language: z.string().optional(),
    superUser: z.literal(true).optional(),
    /** Sessions, challenges and resets of an older epoch are dead: raising it revokes them all at once. */
    epoch: z.number(),
    invite: z.object({ secretHash: z.string(), expiresAt: z.number() }).optional(),
    createdAt: z.number(),
    updatedAt: z.number(),
  }),
);

export type User = z.output<ReturnType<typeof userItem>>;

/** Checks what only the type decides. @throws Problem `invalid_input` that names type and field (S0-7, S0-25). */
export function checkFieldsOfType(
  type: UserTypeName,
  fields: { authEmail?: string | undefined; secondFactor?: string | undefined },
): void {
  const { needsEmail, signsIn } = userTypes[type];
  const errors = [];
  if (needsEmail && !fields.authEmail) {
    errors.push({ pointer: '/body/authEmail', detail: `is required for a user of type ${type} (S0-25)` });
  }
  if (!needsEmail && fields.authEmail) {
    errors.push({ pointer: '/body/authEmail', detail: `does not apply to a user of type ${type}; remove it (S0-7)` });
  }
  if (!signsIn && fields.secondFactor && fields.secondFactor !== 'off') {
    errors.push({
      pointer: '/body/secondFactor',
      detail: `does not apply to a user of type ${type}, who never signs in; use "off" (S0-7)`,
    });
  }
  if (errors.length > 0) {
    throw new Problem('invalid_input', {
      detail: errors.map((each) => `${each.pointer} ${each.detail}`).join('; '),
      errors,
    });
  }
}

/** Order of the list: by title, accents and case aside. */
export function sortTitle(title: string): string {
  return title.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().slice(0, 32);
}

/** The user as the API shows it. */
export function shown(user: User) {
  return {
    id: user.id,
    version: user.version,
    login: user.login,
    title: user.title,
    emoji: user.emoji,
    type: user.userType,
    state: user.state,
    authEmail: user.authEmail,
    authEmailTrouble: user.authEmailTrouble,
    secondFactor: user.secondFactor,
    language: user.language,
    superUser: user.superUser ?? false,
    inviteExpiresAt: user.invite && new Date(user.invite.expiresAt).toISOString(),
    createdAt: new Date(user.createdAt).toISOString(),
    updatedAt: new Date(user.updatedAt).toISOString(),
  };
}

/** The next version of a user: changes applied, counted, dated. */
export function changed(user: User, now: number, changes: Partial<User>): User {
  return { ...user, ...changes, version: user.version + 1, updatedAt: now };
}

type Editable = Pick<User, 'title' | 'emoji' | 'authEmail' | 'secondFactor' | 'language'>;

/**
 * The next version of a user with an administrator's changes; null takes a value away. Another address or factor ends
 * sessions, challenges and resets: they were proven under the old one.
 */
export function changesOf(
  before: User,
  changes: { [Field in keyof Editable]?: Editable[Field] | null | undefined } & { superUser?: boolean | undefined },
  now: number,
): User {
  const { superUser, ...fields } = changes;
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  const values = Object.fromEntries(given.map(([field, value]) => [field, value ?? undefined])) as Partial<User>;
  const after = changed(before, now, values);
  if (superUser !== undefined) after.superUser = superUser || undefined;
  if (after.authEmail !== before.authEmail) after.authEmailTrouble = undefined;
  const isProvenAnew = after.authEmail !== before.authEmail || after.secondFactor !== before.secondFactor;
  return isProvenAnew ? { ...after, epoch: before.epoch + 1 } : after;
}
