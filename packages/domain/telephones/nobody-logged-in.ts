// A device goes only when nobody is logged in to it: their calls would ring nowhere, and nobody would say so.

import { Problem } from '#contract/problems.ts';
import { deviceLogOnKey } from '#table/keys.ts';
import { absent, check, remove, type Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { isInSight, type Viewer } from '../grants/sight.ts';
import type { Device } from '../records/record.ts';
import type { User } from '../users/user.ts';
import { deviceLogOn } from './log-on.ts';
import { asRead, holderOf } from './logging-in.ts';

/**
 * What it stands on, decided at the commit; a log-on that was left behind goes with the device. Who it is, is told before that, to
 * whoever has them in sight.
 * @throws Problem `record_in_use`, now or at commit
 */
export async function nobodyLoggedIn(deps: Deps, viewer: Viewer, device: Device): Promise<Write[]> {
  const key = deviceLogOnKey(device.id);
  const item = await deps.table.get(key);
  const otherwise = () => loggedIn(device);
  if (!item) return [check(key, absent, otherwise)];
  const held = deviceLogOn().parse(item);
  const holder = await holderOf(deps, device.id, held);
  if (holder) throw loggedIn(device, isInSight(viewer, holder.user) ? holder.user : undefined);
  return [remove(key, { if: ['or', absent, asRead(held)], otherwise })];
}

/** @param holder absent: somebody whom the caller does not see */
function loggedIn({ name }: Device, holder?: User): Problem {
  const remedy = holder
    ? `Have them log out of it, or log them out first: PUT /v1/users/${holder.id}/device-logon`
    : 'Have them log out of it first';
  return new Problem('record_in_use', {
    detail: `${holder?.title ?? 'Somebody'} is logged in to ${name}, and their calls ring there. ${remedy}`,
    rule: 'S1-25',
    because: holder?.id ?? 'logged-in',
    remedy,
  });
}
