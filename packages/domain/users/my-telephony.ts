// How calls reach users, as they see it of themselves (S1-18, S0-41, S3-5).

import { Problem } from '#contract/problems.ts';
import { fieldMatrix, hasTelephony } from '#contract/user-types.ts';
import { workTypes } from '#contract/work-types.ts';
import { deviceLogOnKey, userKeys } from '#table/keys.ts';
import type { Deps } from '../deps.ts';
import * as records from '../records/records.ts';
import { deviceLogOn } from '../telephones/log-on.ts';
import { readSummary } from '../work/work.ts';
import type { User } from './user.ts';
import { isOutside } from './way-of-calls.ts';

/**
 * @param user as they are, or as they are about to become
 * @param loggingIn all devices that they are about to be logged in to; absent: as it is
 */
export async function myTelephonyOf(deps: Deps, user: User, loggingIn?: readonly string[]) {
  const [work, pin] = await deps.table.batchGet([userKeys.work(user.id), userKeys.pin(user.id)]);
  const { extension, virtualExtension, forwarding, devices = [] } = user;
  return {
    ...(extension !== undefined && { extension }),
    ...(virtualExtension !== undefined && { virtualExtension }),
    ...(forwarding !== undefined && { forwarding }),
    mayCost: isOutside(forwarding),
    devices,
    loggedIn: await loggedInOf(deps, user.id, loggingIn ?? readSummary(work).devices),
    hasPin: pin !== undefined,
  };
}

/** @throws Problem `wrong_type` for who takes no calls */
export function checkTakesCalls({ userType, title }: User): void {
  if (hasTelephony(userType)) return;
  throw wrongType(userType, `${title} is of type ${userType}, whom no call reaches: there is nothing of telephony`);
}

/** @throws Problem `wrong_type` for who has no queue to log on to, or no numeric ID to do it by */
export function checkLogsOnByTelephone({ userType, title }: User): void {
  const isInQueues = (workTypes.queues as readonly string[]).includes(userType);
  if (isInQueues && fieldMatrix().numericId[userType] !== 'no') return;
  throw wrongType(userType, `${title} is of type ${userType}, who is in no queue: there is nothing to log on to`);
}

function wrongType(userType: string, detail: string): Problem {
  return new Problem('wrong_type', { detail, rule: 'S0-7', because: userType });
}

/** A device that is gone from the records is nobody's way to be reached; one that is being logged in to is the user's from now on. */
async function loggedInOf(deps: Deps, userId: string, ids: readonly string[]) {
  if (ids.length === 0) return [];
  const wanted = ids.map((id) => ({ kind: 'device' as const, id }));
  const [known, items] = await Promise.all([records.byIds(deps, wanted), deps.table.batchGet(ids.map(deviceLogOnKey))]);
  return ids.flatMap((id, n) => {
    const device = known[n];
    if (!device) return [];
    const item = items[n] && deviceLogOn().parse(items[n]);
    const since = item?.userId === userId ? item.since : deps.now();
    return [{ device: id, name: device.name, kind: device.kind, since: new Date(since).toISOString() }];
  });
}
