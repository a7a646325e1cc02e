// A new SIP trunk, with the numbers that its calls present where nothing else says any (S0-39).

import { trunks as contract } from '#contract/trunks.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { shown, type Trunk } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['create-trunk'], async ({ deps, request, caller, commit }) => {
  await records.checkRoomAmong(deps, 'trunk');
  const trunk: Trunk = { type: 'trunk', ...records.fresh(deps, 'trunk'), ...request.body };
  return commit({
    writes: [...records.creation(trunk), ...stillHolds(caller)],
    subject: { type: 'trunk', id: trunk.id },
    after: shown(trunk),
    answer: shown(trunk),
  });
});
