// Invites whose time is over are taken off their users, with an audit entry. Found by the sparse index of due work, never by scanning.

import { userIdIn } from '#table/keys.ts';
import { entry } from '../audit/audit.ts';
import type { Deps } from '../deps.ts';
import { eachDue } from '../schedules/due.ts';
import { changed } from '../users/edits.ts';
import * as users from '../users/users.ts';

/** @returns how many invites ended */
export async function expire(deps: Deps): Promise<number> {
  return eachDue(deps, 'invite', ({ pk }) => expireOf(deps, userIdIn(pk)));
}

async function expireOf(deps: Deps, userId: string): Promise<boolean> {
  return users.retryStale(async () => {
    const user = await users.byId(deps, userId);
    if (!user?.invite || user.invite.expiresAt > deps.now()) return false;
    const after = changed(user, deps.now(), { invite: undefined });
    const happened = { event: 'invite.expired', actor: 'system', subject: { type: 'user', id: user.id } };
    await deps.table.transact([...users.change(user, after), entry(deps, happened)]);
    return true;
  });
}
