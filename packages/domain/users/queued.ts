// Changes of access, rights and extension that wait until the user has signed out (C2). They are applied in the transaction that
// ends the last session; where sessions just run out, by the next sign-in or by the sweep, whichever comes first.

import { userIdIn } from '#table/keys.ts';
import type { Write } from '#table/write.ts';
import { entry } from '../audit/audit.ts';
import * as definitions from '../definitions/definitions.ts';
import type { Deps } from '../deps.ts';
import { reseated } from '../licenses/seating.ts';
import * as numbers from '../numbers/numbers.ts';
import { eachDue } from '../schedules/due.ts';
import * as sessions from '../sessions/sessions.ts';
import { changed } from './edits.ts';
import { shown } from './shown.ts';
import type { User } from './user.ts';
import * as users from './users.ts';

/**
 * What never changes under a user who is signed in (C2). The virtual extension is none of it: S1-23 is about the number that their
 * phone has; by the other they are only called.
 */
export const locked = ['access', 'rights', 'extension'] as const;
export type Locked = Partial<Pick<User, (typeof locked)[number]>>;

/** What waits, as it will be; an extension that becomes dynamic will be none. */
export function waiting(queued: NonNullable<User['queued']>): Locked {
  const fields = locked.filter((field) => queued[field] !== undefined);
  return Object.fromEntries(fields.map((field) => [field, queued[field] ?? undefined]));
}

/** The user as they are once what was queued has taken effect. */
export function applied(user: User, now: number): User {
  if (!user.queued) return user;
  return changed(user, now, { ...waiting(user.queued), queued: undefined });
}

/** The entry that tells of it, in the name of who queued it. */
export function appliedEntry(deps: Deps, before: User, after: User): Write {
  return entry(deps, {
    event: 'user.queued-change-applied',
    actor: before.queued?.by ?? 'system',
    subject: { type: 'user', id: before.id },
    before: shown(before),
    after: shown(after),
  });
}

/** Writes that apply what is queued when these sessions end and no other is live; none otherwise. */
export async function writesAtEnd(deps: Deps, asRead: User, ending: readonly string[]): Promise<Write[]> {
  if (!asRead.queued) return [];
  // Read again, so that a repeat after a lost race sees what is there now.
  const user = await users.byId(deps, asRead.id);
  if (!user?.queued) return [];
  const others = (await sessions.live(deps, user)).filter(({ id }) => !ending.includes(id));
  if (others.length > 0) return [];
  return applyingWrites(deps, user);
}

async function applyingWrites(deps: Deps, user: User): Promise<Write[]> {
  const after = await reseated(deps, user, applied(user, deps.now()));
  return [...users.change(user, after), ...numbers.releases(user, after), appliedEntry(deps, user, after)];
}

/** Applies what is due of users whose sessions have run out; looks again later where one is live. @returns how many */
export async function applyDue(deps: Deps): Promise<number> {
  return eachDue(deps, 'queued', ({ pk }) =>
    definitions.retryMoved(deps, () => users.retryStale(() => applyDueOf(deps, userIdIn(pk)))),
  );
}

async function applyDueOf(deps: Deps, userId: string): Promise<boolean> {
  const user = await users.byId(deps, userId);
  if (!user?.queued) return false;
  const live = await sessions.live(deps, user);
  const isOver = live.length === 0;
  const writes = isOver ? await applyingWrites(deps, user) : postponingWrites(deps, user, user.queued, live);
  await deps.table.transact(writes);
  return isOver;
}

function postponingWrites(
  deps: Deps,
  user: User,
  queued: NonNullable<User['queued']>,
  live: readonly sessions.Session[],
): Write[] {
  const dueAt = Math.max(deps.now() + 60_000, ...live.map(({ expiresAt }) => expiresAt));
  return users.change(user, changed(user, deps.now(), { queued: { ...queued, dueAt } }));
}
