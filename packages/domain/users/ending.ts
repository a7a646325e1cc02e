// Users whose active dates are over (S4-10). Nothing of them is accepted from that instant on, to the millisecond; the sweep then
// deactivates them, as an administrator would. Found by the sparse index of due work, never by scanning.

import { userIdIn, userKeys } from '#table/keys.ts';
import { remove } from '#table/write.ts';
import { entry } from '../audit/audit.ts';
import type { Deps } from '../deps.ts';
import { deactivation } from '../leaving/deactivating.ts';
import { standingOf } from '../leaving/standing.ts';
import { eachDue } from '../schedules/due.ts';
import { retryMoved } from '../work/items.ts';
import { shown } from './shown.ts';
import type { User } from './user.ts';
import * as users from './users.ts';

/** @returns how many were deactivated */
export async function deactivateDue(deps: Deps): Promise<number> {
  return eachDue(deps, 'ending', ({ pk }) =>
    retryMoved(() => users.retryStale(() => deactivateDueOf(deps, userIdIn(pk)))),
  );
}

async function deactivateDueOf(deps: Deps, userId: string): Promise<boolean> {
  const user = await users.byId(deps, userId);
  if (!user) {
    await deps.table.write(remove(userKeys.ending(userId)));
    return false;
  }
  // The index may be a moment old: what has been moved, or is done, is not due.
  if (user.state === 'deactivated' || user.activeUntil === undefined || user.activeUntil > deps.now()) return false;
  await deactivate(deps, user);
  return true;
}

/** Whatever stands against it: it was decided when the date was set. @throws at commit WorkMoved */
async function deactivate(deps: Deps, before: User): Promise<void> {
  const { after, writes, receipt } = await deactivation(deps, await standingOf(deps, before));
  const happened = { event: 'user.deactivated', actor: 'system', subject: { type: 'user', id: before.id } };
  const told = entry(deps, { ...happened, before: shown(before), after: { ...shown(after), receipt } });
  await deps.table.transact([...writes, told]);
}
