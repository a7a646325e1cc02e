// Intervals of the ledger as the API shows them: by the names of today.

import { userKeys } from '#table/keys.ts';
import type { Deps } from '../deps.ts';
import { type Causes, queueNames, told } from '../licenses/causes.ts';
import type { Rules } from '../licenses/consumption.ts';
import { readUser } from '../users/user.ts';
import type { Interval } from './interval.ts';

export async function shownIntervals(deps: Deps, intervals: readonly Interval[], rules: Rules) {
  const causes: Causes[] = intervals.map((each) => new Map([[each.license, each.causes]]));
  const [titles, queues] = await Promise.all([titlesOf(deps, intervals), queueNames(deps, causes)]);
  return intervals.map(({ user: id, from, to, causes }) => {
    const title = titles.get(id);
    return {
      user: { id, ...(title !== undefined && { title }) },
      since: new Date(from).toISOString(),
      ...(to !== undefined && { until: new Date(to).toISOString() }),
      causes: causes.map((cause) => told(cause, rules, queues)),
    };
  });
}

/** Of all users, whoever asks: seats are the tenant's. */
async function titlesOf(deps: Deps, intervals: readonly Interval[]): Promise<Map<string, string>> {
  const ids = [...new Set(intervals.map(({ user }) => user))];
  if (ids.length === 0) return new Map();
  const items = await deps.table.batchGet(ids.map(userKeys.user), { consistent: false });
  return new Map(items.filter((item) => item !== undefined).map((item) => [readUser(item).id, readUser(item).title]));
}
