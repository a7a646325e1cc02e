// The use of each license, once a day however often the schedule fires; days that it missed are caught up. Before that all seats are
// counted anew.

import { tellUnused } from '#domain/licenses/notices.ts';
import { recount } from '#domain/licenses/recount.ts';
import { daysDue, take } from '#domain/licenses/snapshots.ts';
import { onSchedule } from '#serve/on-schedule.ts';

export const handler = onSchedule('snapshot-licenses', async (deps, { scheduledAt, lastDoneAt, held }) => {
  const { users, drift, busy, unseated, ...counted } = await recount(deps, held);
  // Said at each run, also when it is 0: an alarm watches it.
  deps.log({
    level: drift > 0 || busy.length > 0 ? 'warn' : 'info',
    event: 'seats_recounted',
    ...counted,
    busy,
    // A line of the log must not grow with the tenant; `value` counts all of them.
    unseated: unseated.slice(0, 100),
    metric: 'SeatDrift',
    value: drift,
  });
  const due = daysDue(deps.now(), lastDoneAt, scheduledAt);
  const taken = await take(deps, due, held, users);
  const last = taken.at(-1);
  if (last !== undefined) await tellUnused(deps, last, held);
  deps.log({ level: 'info', event: 'snapshots_taken', taken, metric: 'ScheduledRunsMissed', value: due.length - 1 });
  return { taken };
});
