// Does exactly what was planned, in the name of whoever planned it. Asked twice it is done once, by one job.

import { bulk as contract } from '#contract/bulk.ts';
import { checkStillJudged } from '#domain/bulk/actor.ts';
import { committingJob } from '#domain/bulk/jobs.ts';
import * as plans from '#domain/bulk/plan.ts';
import { ofPlan } from '#domain/bulk/request.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['commit-bulk-edit'], async (visit) => {
  const { deps, request, caller, origin, requestId, commit } = visit;
  const plan = await plans.require(deps, caller, request.params.planId);
  if (plans.isBegun(plan)) return plans.shown(plan, caller);
  plans.checkCommittable(deps, plan, caller);
  checkStillJudged(caller, (await ofPlan(deps, plan.id)).asker);
  const told = { session: caller.session?.id, token: caller.token?.id, network: origin.network, request: requestId };
  const job = committingJob(deps, plan, told);
  try {
    return await commit({
      writes: [plans.committing(plan.id, job.id), job.write, ...stillHolds(caller)],
      subject: { type: 'bulk-edit', id: plan.id },
      after: plan.counts,
      answer: plans.shown(plans.begun(plan, job.id), caller),
    });
  } catch (error) {
    if (!(error instanceof plans.Begun)) throw error;
    return plans.shown(await plans.require(deps, caller, plan.id), caller);
  }
});
