// What is due by the clock: invites that are over, API tokens that end or will end, changes that waited for a sign-out, users whose
// active dates are over, deleted users whom nobody can restore any more, and what has waited too long in the outbox, or stands still half done, and is woken.

import type { Deps } from '#domain/deps.ts';
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
  const failed: string[] = [];
  /** Whatever becomes of one, the others are done. */
  const step = async <T>(name: string, work: (deps: Deps) => Promise<T>): Promise<T | undefined> => {
    try {
      return await work(deps);
    } catch (error) {
      deps.log({ level: 'error', event: 'sweep_step_failed', step: name, error });
      failed.push(name);
      return undefined;
    }
  };
  const invites = await step('invites', expire);
  const tokens = await step('tokens', sweep);
  const queued = await step('queued', applyDue);
  const deactivated = await step('ending', deactivateDue);
  const outbox = await step('outbox', wake);
  const jobs = await step('jobs', wakeStalled);
  const purged = await step('deleted', purgeDue);
  const { expired, told } = tokens ?? {};
  const came = { invites, tokens: expired, told, queued, deactivated, woken: outbox?.woken, jobs, purged };
  // Said at each run, also when it is 0: an alarm watches it.
  const oldest = outbox && { metric: 'OldestMailSeconds', value: outbox.oldestSeconds };
  deps.log({ level: 'info', event: 'swept', ...came, ...oldest });
  // Only a run that fails is repeated, and seen by the alarm on reactions.
  if (failed.length > 0) throw new Error(`Steps of the sweep failed: ${failed.join(', ')}`);
  return came;
});
