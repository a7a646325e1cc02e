// Opening a session at the end of a sign-in: never more than the user may have (I4), on a device that is remembered.

import { Problem } from '#contract/problems.ts';
import type { Settings } from '#contract/settings.ts';
import { userKeys } from '#table/keys.ts';
import { absent, type Item, remove, update, type Write } from '#table/write.ts';
import { entry } from '../audit/audit.ts';
import * as definitions from '../definitions/definitions.ts';
import type { Deps } from '../deps.ts';
import { recognized, remembering } from '../devices/devices.ts';
import { effective } from '../inheritance/inheritance.ts';
import { notice } from '../notices/notice.ts';
import type { Account } from '../sign-in/account.ts';
import { writesAtEnd } from '../users/queued.ts';
import type { User } from '../users/user.ts';
import * as users from '../users/users.ts';
import { isLive } from './ends.ts';
import * as sessions from './sessions.ts';

/** Sign-ins of one user that lost their turn try again; so many may meet. */
const TURNS_MAX = 60;

export interface Opened {
  session: sessions.Session;
  /** For its owner, once. */
  token: string;
  /** A new device's token, once. */
  device?: string;
  writes: Write[];
}

/**
 * Commits a new session. Where sessions are limited, sign-ins of one user take turns: each counts what the one before left.
 * @throws Problem `too_many_sessions`, and what the commit throws
 */
export async function open<T>(
  deps: Deps,
  account: Account & { user: User },
  made: { amr: string[]; origin: sessions.Origin; deviceToken: string | undefined },
  commit: (opened: Opened) => Promise<T>,
): Promise<T> {
  const { user } = account;
  const { origin, deviceToken } = made;
  const known = await definitions.currentFor(deps, user);
  const limits = { ...known.settings, ...effective(user, known) };
  const { session, token, write } = sessions.creation(deps, user, limits, made);
  const { device, writes } = remembering(deps, account.devices, user.id, origin, deviceToken);
  const common = [write, ...writes, ...(await newDeviceNotice(deps, account, made))];
  return inTurn(deps, account.sessionTurn, user, limits, async (room) =>
    // What waited for a sign-out and found no sessions left takes effect before this one begins.
    users.retryStale(async () => {
      const applying = await writesAtEnd(deps, user, room.ending);
      return commit({
        session,
        token,
        ...(device !== undefined && { device }),
        writes: [...common, ...room.writes, ...applying],
      });
    }),
  );
}

/** The entry that tells of it, where the change itself is told as something else. */
export function openedEntry(deps: Deps, session: sessions.Session): Write {
  return entry(deps, {
    event: 'session.created',
    actor: session.userId,
    session: session.id,
    network: session.network,
    subject: { type: 'user', id: session.userId },
  });
}

async function newDeviceNotice(
  deps: Deps,
  { user, devices }: Account & { user: User },
  { origin, deviceToken }: { origin: sessions.Origin; deviceToken: string | undefined },
): Promise<Write[]> {
  const { byDevice, byNetwork, isFirst } = recognized(devices, user.id, origin, deviceToken, deps.now());
  if (byDevice || byNetwork || isFirst) return [];
  return notice(deps, user, 'new-device', { network: origin.network, device: origin.device });
}

interface Room {
  /** Ids of the sessions that make room. */
  ending: string[];
  writes: Write[];
}

async function inTurn<T>(
  deps: Deps,
  asRead: Item | undefined,
  user: User,
  { maxSessions: max, atSessionLimit }: Pick<Settings, 'maxSessions' | 'atSessionLimit'>,
  run: (room: Room) => Promise<T>,
): Promise<T> {
  if (max === null) return run({ ending: [], writes: [] });
  let turn = asRead;
  for (let tries = 1; ; tries++) {
    try {
      return await run(await makeRoom(deps, user, max, atSessionLimit, turn));
    } catch (error) {
      if (!(error instanceof TurnTaken)) throw error;
      if (tries === TURNS_MAX) throw new Problem('try_again', { retryAfterSeconds: 1, cause: error });
      turn = error.found;
    }
  }
}

/** @throws Problem `too_many_sessions`; at commit TurnTaken when another sign-in came between */
async function makeRoom(
  deps: Deps,
  user: User,
  max: number,
  atLimit: Settings['atSessionLimit'],
  turn: Item | undefined,
): Promise<Room> {
  // Read after the turn was: what has changed since then makes the turn another one.
  // What ends with a call takes no room: nothing new is accepted of it (C26).
  const now = deps.now();
  const live = (await sessions.live(deps, user)).filter((session) => isLive(session, user, now));
  if (live.length >= max && atLimit === 'refuse') throw tooMany(live, max);
  const ending = live.slice(max - 1).map(({ id }) => id);
  const taken = (turn?.count as number | undefined) ?? 0;
  const next = update(
    userKeys.sessionTurn(user.id),
    { set: { type: 'session-turn', v: 1, count: taken + 1 } },
    { if: turn ? ['=', 'count', taken] : absent, otherwise: (found) => new TurnTaken(found) },
  );
  return { ending, writes: [next, ...ending.map((id) => remove(userKeys.session(user.id, id)))] };
}

function tooMany(live: readonly sessions.Session[], max: number): Problem {
  const first = Math.min(...live.map(({ expiresAt, lastSeenAt, idleMs }) => Math.min(expiresAt, lastSeenAt + idleMs)));
  return new Problem('too_many_sessions', {
    detail: `You are signed in ${live.length} times, and ${max} is the limit; sign out elsewhere, or wait until ${new Date(first).toISOString()}`,
    rule: 'S4-22',
    because: { sessions: live.length, max },
    remedy: 'Sign out on another device, or ask an administrator to end a session',
  });
}

class TurnTaken extends Error {
  override readonly name = 'TurnTaken';
  readonly found: Item | undefined;
  constructor(found: Item | undefined) {
    super('Another sign-in of this user was faster');
    this.found = found;
  }
}
