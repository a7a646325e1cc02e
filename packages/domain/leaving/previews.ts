// Previews: proof that who confirms has seen what stands against it. Sealed for one user and one action, and good for ten minutes as
// long as nothing has come since.

import type { Sealer } from '#table/seal.ts';
import type { Standing } from './standing.ts';

const GOOD_MS = 10 * 60_000;

export type Action = 'deactivate' | 'delete';

interface Seen {
  at: number;
  version: number;
  work: { epoch: number; revision: number };
  sessions: number;
}

export function previewOf(sealer: Sealer, action: Action, { user, work, sessions }: Standing, now: number): string {
  const { epoch, revision } = work;
  const seen: Seen = { at: now, version: user.version, work: { epoch, revision }, sessions: sessions.length };
  return sealer.seal(purpose(action, user.id), seen);
}

/** Does it show all that there is? Sessions that have ended since are fewer to be ended; nothing else may be otherwise. */
export function shows(
  sealer: Sealer,
  action: Action,
  preview: string,
  { user, work, sessions }: Standing,
  now: number,
): boolean {
  const seen = sealer.unseal(purpose(action, user.id), preview) as Seen | undefined;
  if (!seen || now >= seen.at + GOOD_MS) return false;
  const isWorkAsSeen = seen.work.epoch === work.epoch && seen.work.revision === work.revision;
  const hasNewSession = sessions.length > seen.sessions || sessions.some(({ createdAt }) => createdAt > seen.at);
  return seen.version === user.version && isWorkAsSeen && !hasNewSession;
}

const purpose = (action: Action, userId: string) => `${action} ${userId}`;
