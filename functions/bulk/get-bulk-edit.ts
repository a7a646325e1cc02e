// How far a bulk edit is, and what it comes to.

import { bulk as contract } from '#contract/bulk.ts';
import * as plans from '#domain/bulk/plan.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['get-bulk-edit'], async ({ deps, request, caller }) =>
  plans.shown(await plans.require(deps, caller, request.params.planId), caller),
);
