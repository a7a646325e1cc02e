// When a session ends. It runs out at its absolute limit, or when nothing was heard of it for too long; if a call is under way then that
// began before, it ends with that call, at most an hour later: until then nothing new is accepted of it, and its user counts as
// signed in (C26). Nothing is written when the call ends: who asks, learns it from the call. Pure.

import { isAdmitted, type User } from '../users/user.ts';
import { hasCallFromBefore } from '../work/calls.ts';
import type { Summary } from '../work/work.ts';
import type { Session } from './sessions.ts';

const CALL_MS = 60 * 60_000;

type Ending = Pick<Session, 'epoch' | 'expiresAt' | 'lastSeenAt' | 'idleMs'>;
type Owner = Pick<User, 'state' | 'activeFrom' | 'activeUntil' | 'epoch' | 'staticLogin'>;

/**
 * The idle limit is for screens that nobody sits at. It is off where login is static (K4); and as C26 says of the absolute one, it
 * ends nobody's session in the middle of a call.
 */
export function endOf({ expiresAt, lastSeenAt, idleMs }: Ending, { staticLogin }: Pick<Owner, 'staticLogin'>): number {
  return staticLogin ? expiresAt : Math.min(expiresAt, lastSeenAt + idleMs);
}

/** Whatever call is under way, it has ended by then. */
export function lastEndOf({ expiresAt }: Pick<Session, 'expiresAt'>): number {
  return expiresAt + CALL_MS;
}

/** How long a call can hold it. */
export function callEndOf(session: Ending, user: Owner): number {
  return endOf(session, user) + CALL_MS;
}

export function isLive(session: Ending, user: Owner, now: number): boolean {
  return isNotRevoked(session, user, now) && now < endOf(session, user);
}

/** Nothing can hold it any more. */
export function isOver(session: Ending, user: Owner, now: number): boolean {
  return !isNotRevoked(session, user, now) || now >= callEndOf(session, user);
}

/** It has run out, and ends with a call that began before. */
export function isHeldByCall(session: Ending, user: Owner, now: number, work: Pick<Summary, 'callsOpen'>): boolean {
  if (isOver(session, user, now) || isLive(session, user, now)) return false;
  return hasCallFromBefore(work, endOf(session, user));
}

function isNotRevoked({ epoch }: Pick<Session, 'epoch'>, user: Owner, now: number): boolean {
  return isAdmitted(user, now) && epoch === user.epoch;
}
