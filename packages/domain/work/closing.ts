// Closing at once what a user has under way: everything when they leave (S1-33), their activities as a supervisor does (S1-31).
// However much it is, it is one write, under which nothing of it is open any more; taking the items away is left to a job.

import type { Condition } from '#table/condition.ts';
import { userKeys, workKey } from '#table/keys.ts';
import { check, remove, type Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { loggingOut } from '../telephones/logging-in.ts';
import { workRemoval } from './clearing.ts';
import { going } from './counting.ts';
import { notFound, openOf } from './items.ts';
import { asSeen, isFree, moved, nextEpoch, nothing, replacing, type Summary } from './work.ts';

/** Everything that was seen, and the devices are free for others. @throws at commit WorkMoved */
export async function closing(deps: Deps, userId: string, seen: Summary): Promise<Write[]> {
  if (isFree(seen) && seen.devices.length === 0) return [check(userKeys.work(userId), asSeen(seen), moved)];
  const { activities, calls, campaignRecords, queues, devices } = nothing;
  const closed = { activities, calls, callsOpen: undefined, campaignRecords, devices, ...loggedOff, queues };
  const epochs = { epoch: nextEpoch(seen), activityEpoch: undefined };
  return [replacing(userId, seen, { ...closed, ...epochs }).write, ...(await loggingOut(deps, userId, seen.devices))];
}

/** Off all queues and devices; nobody is, while activities are open. @throws at commit WorkMoved */
export async function leaving(deps: Deps, userId: string, seen: Summary): Promise<Write[]> {
  if (seen.queues.length + seen.devices.length === 0) return [check(userKeys.work(userId), asSeen(seen), moved)];
  return [
    replacing(userId, seen, { ...loggedOff, queues: [], devices: [] }).write,
    ...(await loggingOut(deps, userId, seen.devices)),
  ];
}

/** Activities alone; campaign records stay pending. @throws at commit WorkMoved */
export function closingActivities(deps: Deps, userId: string, seen: Summary): Write[] {
  if (seen.activities === 0) return [check(userKeys.work(userId), asSeen(seen), moved)];
  const activityEpoch = nextEpoch(seen);
  const closed = { activities: 0, calls: 0, callsOpen: undefined, activityEpoch };
  return [replacing(userId, seen, closed).write, workRemoval(deps, userId, activityEpoch, ['activity'])];
}

/**
 * Just these, two writes each and one for all of them.
 * @throws Problem `work_not_found`; at commit WorkMoved when one of them was closed, handed over or told anew
 */
export async function closingNamed(
  deps: Deps,
  userId: string,
  seen: Summary,
  ids: readonly string[],
): Promise<Write[]> {
  const found = await deps.table.batchGet(ids.map((id) => userKeys.workItem(userId, 'activity', id)));
  const some = ids.map((id, n) => {
    const open = found[n] && openOf('activity', found[n], seen);
    if (!open) throw notFound('activity', id);
    return open;
  });
  const removals = some.flatMap(({ id, epoch, channel, openedAt }) => {
    const asRead: Condition = ['and', ['=', 'epoch', epoch], ['=', 'channel', channel], ['=', 'openedAt', openedAt]];
    const theirs: Condition = ['and', ['=', 'userId', userId], ['=', 'epoch', epoch]];
    return [
      remove(userKeys.workItem(userId, 'activity', id), { if: asRead, otherwise: moved }),
      remove(workKey('activity', id), { if: theirs, otherwise: moved }),
    ];
  });
  return [...removals, going(userId, seen, some)];
}

const loggedOff = { queuesSince: undefined, ready: undefined, unreadyReason: undefined };
