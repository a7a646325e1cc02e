// Calls under way: when each of them began, so that a session that runs out meanwhile goes on until that very call has ended (C26).
// Pure; kept in the summary as a set, so that parallel calls need not wait for each other.

import { type UserTypeName, userTypes } from '#contract/user-types.ts';
import type { Activity } from './items.ts';
import type { Summary } from './work.ts';

/** Nobody talks to so many at once: what a platform forgets to close must not make the summary grow without end. */
const CALLS_MAX = 50;
const INSTANT = '2026-03-02T08:00:00.000Z'.length;

/** Calls are remembered of who can be signed in, for sessions are all that it is for. */
export function isRemembered(userType: UserTypeName, { callsOpen }: Summary): boolean {
  return userTypes[userType].signsIn && (callsOpen?.size ?? 0) < CALLS_MAX;
}

/** As the summary has it. */
export function callOf({ id, openedAt }: Pick<Activity, 'id' | 'openedAt'>): string {
  return `${new Date(openedAt).toISOString()} ${id}`;
}

/** Is a call under way that began before that instant? */
export function hasCallFromBefore({ callsOpen = new Set() }: Pick<Summary, 'callsOpen'>, at: number): boolean {
  return [...callsOpen].some((call) => Date.parse(call.slice(0, INSTANT)) < at);
}
