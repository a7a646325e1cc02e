// What a bulk edit means for each user, or what became of each, in the order of the plan.

import { bulk as contract } from '#contract/bulk.ts';
import { outcomes, type Place } from '#domain/bulk/outcomes.ts';
import * as plans from '#domain/bulk/plan.ts';
import { serve } from '#serve/serve.ts';
import { openCursor, sealCursor } from '#table/cursor.ts';

export const handler = serve(contract['list-bulk-edit-users'], async ({ deps, request, caller }) => {
  const { limit, cursor, result } = request.query;
  const plan = await plans.require(deps, caller, request.params.planId);
  const sealer = await deps.sealer();
  const list = `outcomes ${plan.id} result=${result ?? 'any'} caller=${caller.user.id}`;
  const from = cursor === undefined ? undefined : openCursor<Place>(sealer, list, cursor);
  const { users, next } = await outcomes(deps, caller, plan, { limit, result }, from);
  return { users, ...(next && { next: sealCursor(sealer, list, { ...next }) }) };
});
