// How far long work is, for who may ask.

import { jobs as contract } from '#contract/jobs.ts';
import * as jobs from '#domain/jobs/jobs.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['get-job'], async ({ deps, request, caller }) =>
  jobs.shown(await jobs.require(deps, caller, request.params.jobId)),
);
