// The day's counts, once a day however often the schedule fires.

import { take } from '#domain/licenses/snapshots.ts';
import { react } from '#serve/react.ts';

export const handler = react('snapshot-licenses', async (deps, event: { scheduledAt?: string }) => {
  const day = (event.scheduledAt ?? new Date(deps.now()).toISOString()).slice(0, 10);
  return take(deps, day);
});
