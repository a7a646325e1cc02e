// What is due by the clock: invites that are over, API tokens that end or will end, changes that waited for a sign-out, users whose
// active dates are over, deleted users whom nobody can restore any more, and what has waited too long in the outbox, or stands still half done, and is woken.

import { expire } from '#domain/invites/expiry.ts';
import { wakeStalled } from '#domain/jobs/jobs.ts';
import { purgeDue } from '#domain/leaving/purging.ts';
import { wake } from '#domain/outbox/delivery.ts';
import { sweep } from '#domain/tokens/expiry.ts';
import { deactivateDue } from '#domain/users/ending.ts';
import { applyDue } from '#domain/users/queued.ts';
import { onSchedule } from '#serve/on-schedule.ts';

// Each step finds what is due by itself, and judges each thing by the write that ends it: nothing is missed when a run is, and two
// at once do nothing twice.
export const handler = onSchedule('expire-tokens', async (deps) => {
  const invites = await expire(deps);
  const { expired: tokens, told } = await sweep(deps);
  const queued = await applyDue(deps);
  const deactivated = await deactivateDue(deps);
  const { woken, oldestSeconds } = await wake(deps);
  const jobs = await wakeStalled(deps);
  const purged = await purgeDue(deps);
  // Said at each run, also when it is 0: an alarm watches it.
  deps.log({
    level: 'info',
    event: 'swept',
    invites,
    tokens,
    told,
    queued,
    deactivated,
    woken,
    jobs,
    purged,
    metric: 'OldestMailSeconds',
    value: oldestSeconds,
  });
  return { invites, tokens, told, queued, deactivated, woken, jobs, purged };
});
