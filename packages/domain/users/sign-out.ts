// Ending everything that a user is signed in with, at once: what waited for that takes effect with it (C2).

import type { Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { sessionRemoval } from '../jobs/remove-sessions.ts';
import { reseated } from '../licenses/seating.ts';
import * as numbers from '../numbers/numbers.ts';
import type { Session } from '../sessions/sessions.ts';
import * as sessions from '../sessions/sessions.ts';
import { changed } from './edits.ts';
import { appliedEntry, waiting } from './queued.ts';
import type { User } from './user.ts';
import * as users from './users.ts';

/**
 * The user with these changes and without sessions, and the writes that make it so; what waited for the sign-out is applied.
 * @throws at commit what `users.change` throws
 */
export async function signedOut(
  deps: Deps,
  before: User,
  changes: Partial<User> = {},
): Promise<{ after: User; writes: Write[] }> {
  const ended = { epoch: before.epoch + 1, ...(before.queued && waiting(before.queued)), queued: undefined };
  const after = await reseated(deps, before, changed(before, deps.now(), { ...changes, ...ended }));
  const writes = [
    ...users.change(before, after),
    ...numbers.releases(before, after),
    sessionRemoval(deps, before.id, after.epoch),
    ...(before.queued ? [appliedEntry(deps, before, after)] : []),
  ];
  return { after, writes };
}

/**
 * The same, but for the session that asks, which goes on: for users who change their own password, factor or address.
 * What waits for their sign-out waits on.
 */
export function signedOutElsewhere(
  deps: Deps,
  before: User,
  session: Session,
  changes: Partial<User> = {},
): { after: User; writes: Write[] } {
  const after = changed(before, deps.now(), { ...changes, epoch: before.epoch + 1 });
  const writes = [
    ...users.change(before, after),
    sessions.keeping(session, after.epoch),
    sessionRemoval(deps, before.id, after.epoch),
  ];
  return { after, writes };
}
