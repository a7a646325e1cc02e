// Saving an access, rights or a role: at once where nobody takes other licenses by it; otherwise by the job, which whoever saves
// waits for as long as a request may wait.

import { jobKey } from '#table/keys.ts';
import * as definitions from '../definitions/definitions.ts';
import type { Deps } from '../deps.ts';
import { advance } from '../jobs/jobs.ts';
import { moveLicenses } from './moving-users.ts';
import { beginMoving, type DefiningRecord, type MovingFacts, outcomeOf } from './redefining.ts';

/** Of the 29 seconds that the gateway waits. */
const PATIENCE_MS = 12_000;
const kinds = { 'move-licenses': moveLicenses };

/**
 * @returns `preparing` with its job, where it takes longer; until then nothing of it is in force
 * @throws Problem `license_exhausted`, `licenses_moving`, and what the record's own writes throw; then nothing has changed
 */
export async function editByJob(
  deps: Deps,
  known: definitions.Definitions,
  { before, after, told }: { before: DefiningRecord; after: DefiningRecord; told: MovingFacts['told'] },
): Promise<{ outcome: 'applied' | 'preparing'; jobId: string }> {
  const { jobId, writes } = beginMoving(deps, known.licensing, after, { before, told });
  await deps.table.transact(writes);
  definitions.forget(deps);
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    await advance(deps, jobId, kinds);
    const job = await deps.table.get(jobKey(jobId));
    if (job?.state === 'done' || Date.now() > until) {
      return { outcome: outcomeOf(job as never), jobId };
    }
  }
}
