// How far long work is, for who may ask.

import { jobs as contract } from '#contract/jobs.ts';
import * as jobs from '#domain/jobs/jobs.ts';
import { exhaustionFor } from '#domain/licenses/seats.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['get-job'], async ({ deps, request, caller }) => {
  const job = await jobs.require(deps, caller, request.params.jobId);
  return jobs.shown(job, (refusal) => exhaustionFor(caller, refusal));
});
