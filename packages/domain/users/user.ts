// A user: the stored shape, and what follows from it. What is shown stands in shown.ts, how it changes in edits.ts, reads and
// writes in users.ts.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import { userState } from '#contract/user.ts';
import { recording, secondFactor, userType, verifyType } from '#contract/user-types.ts';
import { type Shelf, userIdIn } from '#table/keys.ts';
import type { Item } from '#table/write.ts';

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
    /** Another internal number of theirs. */
    virtualExtension: z.string().optional(),
    /** Absent: off. */
    recording: recording().optional(),
    recordingControl: z.literal(true).optional(),
    /** An extension, or a number outside with +. */
    forwarding: z.string().optional(),
    /** The same, or the id of a queue. */
    target: z.string().optional(),
    /** Absent: devices that they have logged in to. */
    devices: z.array(z.object({ device: z.string(), delaySeconds: z.number(), ringSeconds: z.number() })).optional(),
    staticLogin: z.literal(true).optional(),
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
    /** Licenses that the user holds a seat of, and since when (licenses/seats.ts). Absent: from before there were any. */
    seats: z.object({ edition: z.number(), held: z.record(z.string(), z.number()) }).optional(),
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

/** What the index must hold; table/schema.ts names it. */
export function listedFields(): string[] {
  return Object.keys(listedItem().shape);
}

export type ListedUser = z.output<ReturnType<typeof listedItem>>;

export function readListed(item: Item): ListedUser {
  return listedItem().parse({ ...item, id: userIdIn(item.pk) });
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
