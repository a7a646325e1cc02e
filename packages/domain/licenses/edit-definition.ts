// Saving an access, rights or a role by which users take other licenses: the job brings it about, and whoever saves waits for it as
// long as a request may take.

import { operationSeconds } from '#contract/operation.ts';
import type { Definitions } from '../definitions/definitions.ts';
import * as definitions from '../definitions/definitions.ts';
import type { Deps } from '../deps.ts';
import { type Granter, stillHolds } from '../grants/limits.ts';
import { advance, byId } from '../jobs/jobs.ts';
import { movingFor } from './moving-users.ts';
import { beginMoving, type DefiningRecord, type MovingFacts, outcomeOf } from './redefining.ts';

/** Of the request's time. A turn that is begun ends within its own time and that of one more page of users. */
export const waiting = { patienceMs: operationSeconds * 400, turnMs: operationSeconds * 200 };

interface Saving {
  caller: Granter;
  before: DefiningRecord;
  after: DefiningRecord;
  told: MovingFacts['told'];
}

/**
 * @returns `preparing` with its job, where it takes longer; until then nothing of it is in force, and the stream goes on with it
 * @throws Problem `license_exhausted`, `licenses_moving`, `caller_changed`, and what the record's own writes throw; then nothing has
 * changed
 */
export async function editByJob(
  deps: Deps,
  known: Definitions,
  { caller, before, after, told }: Saving,
  { patienceMs, turnMs } = waiting,
): Promise<{ outcome: 'applied' | 'preparing'; jobId: string }> {
  const { jobId, writes } = beginMoving(deps, known.licensing, after, { before, told });
  await deps.table.transact([...writes, ...stillHolds(caller)]);
  definitions.forget(deps);
  const kinds = { 'move-licenses': movingFor(turnMs) };
  const until = Date.now() + patienceMs;
  for (;;) {
    await advance(deps, jobId, kinds);
    const job = await byId(deps, jobId);
    if (!job) throw new Error(`The job ${jobId} has just been begun, and is gone`);
    if (job.state === 'done' || Date.now() >= until) return { outcome: outcomeOf(job), jobId };
  }
}
