// Sessions: a signed-in browser or program. An opaque token, of which only the hash is kept, with an absolute and an idle limit (K4).

import * as z from 'zod';
import { once } from '#contract/once.ts';
import { Problem } from '#contract/problems.ts';
import type { Settings } from '#contract/settings.ts';
import { userKeys } from '#table/keys.ts';
import { put, remove, update, type Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { isSecret, mintToken, readToken } from '../secrets/token.ts';
import { readUser, type User } from '../users/user.ts';
import { nothing, summaryOf } from '../work/work.ts';
import { isHeldByCall, isLive, isOver, lastEndOf } from './ends.ts';

const TOUCH_MS = 5 * 60_000;
const FRESH_MS = 5 * 60_000;

export const sessionItem = once(() =>
  z.object({
    type: z.literal('session'),
    v: z.literal(1),
    id: z.string(),
    userId: z.string(),
    secretHash: z.string(),
    /** The user's epoch at sign-in; a later one revokes this session. */
    epoch: z.number(),
    createdAt: z.number(),
    /** When the user last proved who they are; from then on factors can be changed for five minutes. */
    provenAt: z.number(),
    lastSeenAt: z.number(),
    expiresAt: z.number(),
    idleMs: z.number(),
    amr: z.array(z.string()),
    network: z.string(),
    device: z.string(),
  }),
);

export type Session = z.output<ReturnType<typeof sessionItem>>;

/** Where a sign-in comes from. */
export interface Origin {
  /** As the gateway saw it. */
  address: string;
  /** The address, or its /64. */
  network: string;
  device: string;
}

/** A new session. @param limits as they are in force for the user (S4-21) */
export function creation(
  deps: Deps,
  user: Pick<User, 'id' | 'epoch'>,
  { sessionSeconds, idleMinutes }: Pick<Settings, 'sessionSeconds' | 'idleMinutes'>,
  made: { amr: string[]; origin: Origin },
): { session: Session; token: string; write: Write } {
  const { token, itemId, secretHash } = mintToken(deps, 'rses', user.id);
  const now = deps.now();
  const expiresAt = now + sessionSeconds * 1000;
  const session: Session = {
    type: 'session',
    v: 1,
    id: `ses_${itemId}`,
    userId: user.id,
    secretHash,
    epoch: user.epoch,
    createdAt: now,
    provenAt: now,
    lastSeenAt: now,
    expiresAt,
    idleMs: idleMinutes * 60_000,
    amr: made.amr,
    network: made.origin.network,
    device: made.origin.device,
  };
  const until = lastEndOf(session);
  const place = { ...userKeys.session(user.id, session.id), ...userKeys.presentBySession(user.id, until) };
  return { session, token, write: put({ ...session, ...place, ttl: Math.ceil(until / 1000) }) };
}

/**
 * The session and its user, if the token is good at this moment: one consistent read. Last-seen is written at most every 5 minutes.
 * @param duringCall also a session that has run out, as long as a call goes on that began before: one more read then (C26)
 */
export async function byToken(
  deps: Deps,
  token: string,
  { duringCall } = { duringCall: false },
): Promise<{ session: Session; user: User } | undefined> {
  const read = readToken('rses', token);
  if (!read) return undefined;
  const sessionId = `ses_${read.itemId}`;
  const [sessionFound, userFound] = await deps.table.batchGet([
    userKeys.session(read.userId, sessionId),
    userKeys.user(read.userId),
  ]);
  if (!sessionFound || !userFound) return undefined;
  const session = sessionItem().parse(sessionFound);
  const user = readUser(userFound);
  if (!isSecret(read, session)) return undefined;
  const now = deps.now();
  if (isLive(session, user, now)) {
    if (now - session.lastSeenAt >= TOUCH_MS) await touch(deps, session);
    return { session, user };
  }
  // Not touched: what has run out idle must not come to life by it.
  if (!duringCall || isOver(session, user, now)) return undefined;
  return isHeldByCall(session, user, now, await summaryOf(deps, user.id)) ? { session, user } : undefined;
}

/**
 * The user's live sessions, newest first; also those that have run out and end with a call that is under way (C26).
 * @param consistent false costs half and may be a moment old: for a forecast
 */
export async function live(deps: Deps, user: User, { consistent } = { consistent: true }): Promise<Session[]> {
  const now = deps.now();
  const found: Session[] = [];
  const partition = userKeys.partition(user.id);
  for await (const item of deps.table.all({ partition, beginsWith: userKeys.sessionsPrefix, consistent })) {
    const session = sessionItem().parse(item);
    if (!isOver(session, user, now)) found.push(session);
  }
  const isAnyOut = found.some((session) => !isLive(session, user, now));
  const work = isAnyOut ? await summaryOf(deps, user.id) : nothing;
  return found
    .filter((session) => isLive(session, user, now) || isHeldByCall(session, user, now, work))
    .sort((a, b) => b.createdAt - a.createdAt);
}

/**
 * What users sign in with they change soon after proving who they are; a program with an API token cannot.
 * @throws Problem `reauthentication_needed`
 */
export function checkFresh(session: Session | undefined, now: number): void {
  if (session && now - session.provenAt <= FRESH_MS) return;
  throw new Problem('reauthentication_needed', {
    detail:
      'What you sign in with can be changed for five minutes after proving who you are: call POST /v1/me/re-authentication, and repeat',
    rule: 'ASVS 7.5.1',
    because: session ? new Date(session.provenAt).toISOString() : 'API token',
    remedy: 'POST /v1/me/re-authentication with your password',
  });
}

/** The user has just proved who they are, in this session. */
export function proving(session: Session, now: number): { until: number; write: Write } {
  const write = update(
    userKeys.session(session.userId, session.id),
    { set: { provenAt: now } },
    { if: ['exists', 'pk'], otherwise: gone },
  );
  return { until: now + FRESH_MS, write };
}

/** This session goes on under the user's new epoch, where all others end. @throws at commit Problem `not_signed_in` */
export function keeping(session: Session, epoch: number): Write {
  return update(
    userKeys.session(session.userId, session.id),
    { set: { epoch } },
    { if: ['exists', 'pk'], otherwise: gone },
  );
}

export function gone(): Problem {
  return new Problem('not_signed_in', { detail: 'The session has just ended' });
}

/** @throws at commit what `otherwise` says, when the session is gone already */
export function ending(userId: string, sessionId: string, otherwise: () => Error): Write {
  return remove(userKeys.session(userId, sessionId), { if: ['exists', 'pk'], otherwise });
}

/** The end of a sign-in: the token, for the only time. */
export function signedIn(session: Session, token: string) {
  return { step: 'signed-in' as const, token, expiresAt: new Date(session.expiresAt).toISOString() };
}

/** The session as the API shows it. */
export function shown(session: Session) {
  return {
    id: session.id,
    createdAt: new Date(session.createdAt).toISOString(),
    lastSeenAt: new Date(session.lastSeenAt).toISOString(),
    expiresAt: new Date(session.expiresAt).toISOString(),
    amr: session.amr,
    network: session.network,
    device: session.device,
  };
}

async function touch(deps: Deps, session: Session): Promise<void> {
  try {
    await deps.table.write(
      update(
        userKeys.session(session.userId, session.id),
        { set: { lastSeenAt: deps.now() } },
        { if: ['exists', 'pk'], otherwise: () => new Gone() },
      ),
    );
  } catch (error) {
    // Ended by another request since the read: this request was accepted before that and may finish.
    if (!(error instanceof Gone)) throw error;
  }
}

class Gone extends Error {
  override readonly name = 'Gone';
}
