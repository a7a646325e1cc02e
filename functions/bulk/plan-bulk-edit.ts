// Plans a change of many users. Nobody is changed by it: a job says what would become of each, and a second request commits that.

import { bulk as contract } from '#contract/bulk.ts';
import { askerOf } from '#domain/bulk/actor.ts';
import { planningJob } from '#domain/bulk/jobs.ts';
import * as plans from '#domain/bulk/plan.ts';
import * as requests from '#domain/bulk/request.ts';
import { newId } from '#domain/deps.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['plan-bulk-edit'], async ({ deps, request, caller, origin, commit }) => {
  const { body } = request;
  requests.checkMayMean(caller, body);
  await requests.checkGrantable(deps, caller, body);
  if (body.undo !== undefined) plans.checkUndoable(await plans.require(deps, caller, body.undo));
  const id = newId(deps, 'blk');
  const job = planningJob(deps, id, caller.user.id);
  const plan = plans.fresh({ id, by: caller.user.id, jobId: job.id, createdAt: deps.now(), undoes: body.undo });
  const { users, ...wanted } = body;
  return commit({
    writes: [
      plans.creation(plan),
      requests.creation(plan, body, { asker: askerOf(caller), address: origin.address }),
      job.write,
      ...stillHolds(caller),
    ],
    subject: { type: 'bulk-edit', id },
    // Which users they were, each of their entries tells; ten thousand ids are no entry.
    after: {
      ...wanted,
      ...(users?.ids && { users: users.ids.length }),
      ...(users?.filter && { filter: users.filter }),
    },
    answer: plans.shown(plan, caller),
  });
});
