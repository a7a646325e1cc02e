// Ending everything that a user is signed in with, at once: what waited for that takes effect with it (C2).

import type { Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import * as jobs from '../jobs/jobs.ts';
import { applied, appliedEntry } from './queued.ts';
import { changed, type User } from './user.ts';
import * as users from './users.ts';

/** The user with these changes and without sessions, and the writes that make it so. @throws at commit what `users.change` throws */
export function signedOut(deps: Deps, before: User, changes: Partial<User> = {}): { after: User; writes: Write[] } {
  const { access, rights } = applied(before, deps.now());
  const ended = { epoch: before.epoch + 1, access, rights, queued: undefined };
  const after = changed(before, deps.now(), { ...changes, ...ended });
  const writes = [
    ...users.change(before, after),
    jobs.sessionRemoval(deps, before.id, after.epoch),
    ...(before.queued ? [appliedEntry(deps, before, after)] : []),
  ];
  return { after, writes };
}
