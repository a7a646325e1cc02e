// A user: the stored shape, what is shown of it, and how it changes. Reads and writes stand in users.ts.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import type { Permission } from '#contract/permissions.ts';
import { userState } from '#contract/user.ts';
import { secondFactor, userType, verifyType } from '#contract/user-types.ts';
import { userIdIn } from '#table/keys.ts';
import type { Item } from '#table/write.ts';

/**
 * What lists show and what every request needs, and no more: this item is read by each session check and, 100 at a time,
 * by the list (6 read units = 480 bytes each). What only the detail page shows goes into an item of its own.
 */
const userItem = once(() =>
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
    mobile: z.string().optional(),
    /** Absent: password. */
    verifyType: verifyType().optional(),
    secondFactor: secondFactor(),
    sessionSeconds: z.number().optional(),
    maxSessions: z.number().optional(),
    allowedNetworks: z.array(z.string()).optional(),
    language: z.string().optional(),
    access: z.string().optional(),
    rights: z.string().optional(),
    roles: z.array(z.string()).optional(),
    superUser: z.literal(true).optional(),
    /** Waits for the user to sign out (C2). */
    queued: z
      .object({
        access: z.string().optional(),
        rights: z.string().optional(),
        by: z.string(),
        at: z.number(),
        dueAt: z.number(),
      })
      .optional(),
    /** Sessions, challenges and resets of an older epoch are dead: raising it revokes them all at once. */
    epoch: z.number(),
    invite: z.object({ secretHash: z.string(), expiresAt: z.number() }).optional(),
    createdAt: z.number(),
    updatedAt: z.number(),
  }),
);

export type User = z.output<ReturnType<typeof userItem>>;

/** A user from its item. The id is in the key, and is not kept a second time. */
export function readUser(item: Item): User {
  return userItem().parse({ ...item, id: userIdIn(item.pk) });
}

/** Order of the list: by title, accents and case aside. */
export function sortTitle(title: string): string {
  return title.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().slice(0, 32);
}

/** The user as the API shows it to who may see everything of them. */
export function shown(user: User) {
  return {
    ...shownToAll(user),
    login: user.login,
    authEmail: user.authEmail,
    authEmailTrouble: user.authEmailTrouble,
    mobile: user.mobile,
    verifyType: user.verifyType,
    secondFactor: user.secondFactor,
    sessionSeconds: user.sessionSeconds,
    maxSessions: user.maxSessions,
    allowedNetworks: user.allowedNetworks,
    language: user.language,
    access: user.access,
    rights: user.rights,
    roles: user.roles,
    superUser: user.superUser ?? false,
    queued: user.queued && {
      access: user.queued.access,
      rights: user.queued.rights,
      by: user.queued.by,
      at: new Date(user.queued.at).toISOString(),
    },
    inviteExpiresAt: user.invite && new Date(user.invite.expiresAt).toISOString(),
    createdAt: new Date(user.createdAt).toISOString(),
    updatedAt: new Date(user.updatedAt).toISOString(),
  };
}

/** What everybody sees of the users in sight: no login, no way to reach them, nothing of what they may do. */
export function shownToAll(user: User) {
  return {
    id: user.id,
    version: user.version,
    title: user.title,
    emoji: user.emoji,
    type: user.userType,
    state: user.state,
  };
}

/** The user as a caller with these permissions sees them. */
export function shownTo(
  permissions: ReadonlySet<Permission>,
  user: User,
): ReturnType<typeof shownToAll> | ReturnType<typeof shown> {
  return permissions.has('users:read-details') ? shown(user) : shownToAll(user);
}

/** The next version of a user: changes applied, counted, dated. */
export function changed(user: User, now: number, changes: Partial<User>): User {
  return { ...user, ...changes, version: user.version + 1, updatedAt: now };
}

type Editable = Pick<
  User,
  | 'title'
  | 'emoji'
  | 'authEmail'
  | 'mobile'
  | 'verifyType'
  | 'secondFactor'
  | 'sessionSeconds'
  | 'maxSessions'
  | 'allowedNetworks'
  | 'language'
  | 'access'
  | 'rights'
  | 'roles'
  | 'queued'
>;

/**
 * The next version of a user with an administrator's changes; null takes a value away. Another address, number or factor ends
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
  return isProvenAnew(before, after) ? { ...after, epoch: before.epoch + 1 } : after;
}

/** Was anything changed by which the user proves who they are? What was proven before is then worth nothing. */
function isProvenAnew(before: User, after: User): boolean {
  return (['authEmail', 'mobile', 'secondFactor', 'verifyType'] as const).some(
    (field) => after[field] !== before[field],
  );
}
