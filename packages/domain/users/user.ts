// A user: the stored shape, what is shown of it, and how it changes. Reads and writes stand in users.ts.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import type { Permission } from '#contract/permissions.ts';
import { userState } from '#contract/user.ts';
import { hasTelephony, recording, secondFactor, userType, verifyType } from '#contract/user-types.ts';
import { type Shelf, userIdIn } from '#table/keys.ts';
import type { Item } from '#table/write.ts';
import { defaultUserGroup } from '../records/record.ts';

/**
 * What every request needs, what lists show or find users by, and no more: this item is read by each session check, and its
 * attributes that table/schema.ts names are read 100 at a time by the list. What only the detail page shows stands in
 * details.ts.
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
    alias: z.string().optional(),
    numericId: z.string().optional(),
    /** Absent where a user has telephony: dynamic, chosen at log-on. */
    extension: z.string().optional(),
    /** Absent: off. */
    recording: recording().optional(),
    /** Absent: the default one. */
    userGroup: z.string().optional(),
    groups: z.array(z.string()).optional(),
    skills: z.array(z.object({ skill: z.string(), level: z.number() })).optional(),
    allSkills: z.literal(true).optional(),
    tags: z.array(z.string()).optional(),
    allTags: z.literal(true).optional(),
    /** Outside of these instants (epoch ms) nothing of the user is accepted. */
    activeFrom: z.number().optional(),
    activeUntil: z.number().optional(),
    /** Told by the stream when a session begins: beside the version, which it does not move. */
    lastSignInAt: z.number().optional(),
    /** Waits for the user to sign out (C2). */
    queued: z
      .object({
        access: z.string().optional(),
        rights: z.string().optional(),
        /** Is the user's already, so that nobody else takes it meanwhile; null: dynamic. */
        extension: z.string().nullable().optional(),
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

/** A user as the index of the list has them: the columns, and what sight and filters are judged by. */
const listedItem = once(() =>
  userItem().pick({
    id: true,
    title: true,
    emoji: true,
    userType: true,
    state: true,
    login: true,
    authEmail: true,
    access: true,
    rights: true,
    roles: true,
    superUser: true,
    userGroup: true,
    numericId: true,
    extension: true,
    secondFactor: true,
    lastSignInAt: true,
    queued: true,
  }),
);

export type ListedUser = z.output<ReturnType<typeof listedItem>>;

export function readListed(item: Item): ListedUser {
  return listedItem().parse({ ...item, id: userIdIn(item.pk) });
}

/** Letters that are no letter with an accent to Unicode, but are to people. */
const LIKE: Readonly<Record<string, string>> = {
  ł: 'l',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ŧ: 't',
  ı: 'i',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  þ: 'th',
};

/** How names are compared and found: accents and case aside. */
export function folded(text: string): string {
  const bare = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().normalize('NFC');
  return bare.replace(/[łøđðħŧıßæœþ]/g, (letter) => LIKE[letter] as string);
}

/** Order of the list: by title. Cut between characters: half a surrogate pair is no text. */
export function sortTitle(title: string): string {
  return Array.from(folded(title)).slice(0, 32).join('');
}

/** Which list the user stands in. */
export function shelfOf({ userType, state }: Pick<User, 'userType' | 'state'>): Shelf {
  const tab = userType === 'ai-coworker' ? 'ai-coworkers' : 'agents';
  return state === 'deactivated' ? `deactivated-${tab}` : tab;
}

/** Is this the time of the user's active dates? (S4-10) */
export function isInActiveDates({ activeFrom, activeUntil }: Pick<User, 'activeFrom' | 'activeUntil'>, now: number) {
  return (activeFrom === undefined || activeFrom <= now) && (activeUntil === undefined || now < activeUntil);
}

/** Is anything of the user accepted at this moment: a session, a token, a sign-in? */
export function isAdmitted(user: Pick<User, 'state' | 'activeFrom' | 'activeUntil'>, now: number): boolean {
  return user.state === 'active' && isInActiveDates(user, now);
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
    alias: user.alias,
    numericId: user.numericId,
    ...(hasTelephony(user.userType) && { extension: user.extension ?? 'dynamic', recording: user.recording ?? 'off' }),
    ...(!hasTelephony(user.userType) && user.extension !== undefined && { extension: user.extension }),
    userGroup: user.userGroup ?? defaultUserGroup,
    groups: user.groups,
    skills: user.skills,
    allSkills: user.allSkills,
    tags: user.tags,
    allTags: user.allTags,
    activeFrom: iso(user.activeFrom),
    activeUntil: iso(user.activeUntil),
    lastSignInAt: iso(user.lastSignInAt),
    queued: user.queued && {
      access: user.queued.access,
      rights: user.queued.rights,
      extension: user.queued.extension === null ? 'dynamic' : user.queued.extension,
      by: user.queued.by,
      at: new Date(user.queued.at).toISOString(),
    },
    inviteExpiresAt: iso(user.invite?.expiresAt),
    createdAt: new Date(user.createdAt).toISOString(),
    updatedAt: new Date(user.updatedAt).toISOString(),
  };
}

function iso(at: number | undefined): string | undefined {
  return at === undefined ? undefined : new Date(at).toISOString();
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
  | 'alias'
  | 'numericId'
  | 'extension'
  | 'recording'
  | 'groups'
  | 'skills'
  | 'tags'
>;

/** What is written otherwise than it is kept: an instant as text, a flag that is only kept when it is on. */
interface Written {
  superUser?: boolean | undefined;
  allSkills?: boolean | undefined;
  allTags?: boolean | undefined;
  activeFrom?: string | null | undefined;
  activeUntil?: string | null | undefined;
}

/**
 * The next version of a user with an administrator's changes; null takes a value away. Another address, number or factor ends
 * sessions, challenges and resets: they were proven under the old one.
 */
export function changesOf(before: User, changes: UserChanges, now: number): User {
  const after = changed(before, now, keptOf(changes));
  if (after.authEmail !== before.authEmail) after.authEmailTrouble = undefined;
  return isProvenAnew(before, after) ? { ...after, epoch: before.epoch + 1 } : after;
}

/** Changes of the user's item; what else a request names is not its concern. */
export type UserChanges = { [Field in keyof Editable]?: Editable[Field] | null | undefined } & Written;

const editable = [
  'title',
  'emoji',
  'authEmail',
  'mobile',
  'verifyType',
  'secondFactor',
  'sessionSeconds',
  'maxSessions',
  'allowedNetworks',
  'language',
  'access',
  'rights',
  'roles',
  'queued',
  'alias',
  'numericId',
  'extension',
  'recording',
  'groups',
  'skills',
  'tags',
] as const satisfies readonly (keyof Editable)[];

const flags = ['superUser', 'allSkills', 'allTags'] as const;
const instants = ['activeFrom', 'activeUntil'] as const;
const written = [...flags, ...instants] as const;

/** Fields of a request as they are kept on the user's item. */
export function keptOf(changes: UserChanges): Partial<User> {
  const given = [...editable, ...written].filter((field) => changes[field] !== undefined);
  const values = given.map((field) => {
    const value = changes[field];
    if (value === null || value === false) return [field, undefined];
    return [field, (instants as readonly string[]).includes(field) ? Date.parse(value as string) : value];
  });
  return Object.fromEntries(values);
}

/** Was anything changed by which the user proves who they are? What was proven before is then worth nothing. */
function isProvenAnew(before: User, after: User): boolean {
  return (['authEmail', 'mobile', 'secondFactor', 'verifyType'] as const).some(
    (field) => after[field] !== before[field],
  );
}
