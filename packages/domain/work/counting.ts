// What the summary says when activities and campaign records come and go. By no revision as read, wherever that does: parallel
// changes of one user's work need not wait for each other.

import type { UserTypeName } from '#contract/user-types.ts';
import type { Condition } from '#table/condition.ts';
import { userKeys, type WorkKind } from '#table/keys.ts';
import { absent, update, type Write } from '#table/write.ts';
import { callOf, isRemembered } from './calls.ts';
import type { Activity, CampaignRecord } from './items.ts';
import { asSeen, countOf, isPresent, moved, placeOf, replacing, type Summary, sameEpoch } from './work.ts';

type Open = Activity | CampaignRecord;

/** One more of the user's. @throws at commit WorkMoved */
export function coming(user: { id: string; userType: UserTypeName }, seen: Summary, item: Open): Write {
  const call = isCall(item) ? item : undefined;
  const { epoch, activityEpoch } = seen;
  const isFirstEver = epoch === 1 && activityEpoch === undefined;
  const condition = sameEpoch(item.type, seen);
  return update(
    userKeys.work(user.id),
    {
      // Said each time: the index is written only where that moves the user into it.
      set: { type: 'work', v: 1, epoch, ...(item.type === 'activity' && userKeys.presentByWork(user.id)) },
      increase: { [countOf[item.type]]: 1, ...(call && { calls: 1 }), revision: 1 },
      ...(call && isRemembered(user.userType, seen) && { addTo: { callsOpen: new Set([callOf(call)]) } }),
    },
    { if: isFirstEver ? ['or', absent, condition] : condition, otherwise: moved },
  );
}

/** These are the user's no more, all of one kind. @throws at commit WorkMoved */
export function going(userId: string, seen: Summary, items: readonly Open[]): Write {
  const kind = items[0]?.type ?? 'activity';
  const calls = items.filter(isCall);
  const after = {
    ...seen,
    [countOf[kind]]: seen[countOf[kind]] - items.length,
    calls: seen.calls - calls.length,
  };
  const isLeaving = kind === 'activity' && !isPresent(after);
  return update(
    userKeys.work(userId),
    {
      ...(isLeaving && { remove: placeOf(userId, after).remove }),
      increase: { [countOf[kind]]: -items.length, ...(calls.length > 0 && { calls: -calls.length }), revision: 1 },
      ...(calls.length > 0 && { takeFrom: { callsOpen: new Set(calls.map(callOf)) } }),
    },
    {
      if: isLeaving ? asSeen(seen) : ['and', sameEpoch(kind, seen), ...staying(items.length, kind, after)],
      otherwise: moved,
    },
  );
}

/** With their last activity a user may leave the index; or something else keeps them there, whatever goes meanwhile. */
function staying(count: number, kind: WorkKind, { activities, queues }: Summary): Condition[] {
  if (kind === 'campaign-record') return [];
  if (activities > 0) return [['>', 'activities', count]];
  return queues.length > 0 ? [['exists', 'queuesSince']] : [['size>', 'devices', 0]];
}

/** The platform says something else of what the user has already: it may be a call now, or have begun at another time. */
export function retold(user: { id: string; userType: UserTypeName }, seen: Summary, was: Open, is: Open): Write[] {
  const [had, has] = [was, is].map((item) => (isCall(item) ? callOf(item) : undefined));
  if (had === has) return [];
  const callsOpen = new Set([...(seen.callsOpen ?? [])].filter((call) => call !== had));
  if (has !== undefined && isRemembered(user.userType, { ...seen, callsOpen })) callsOpen.add(has);
  const calls = seen.calls + (has === undefined ? 0 : 1) - (had === undefined ? 0 : 1);
  const changes = { calls, callsOpen: callsOpen.size > 0 ? callsOpen : undefined };
  return [replacing(user.id, seen, changes).write];
}

function isCall(item: Open): item is Activity {
  return item.type === 'activity' && item.call === true;
}
