// New caller IDs, whose prefixes no others have: which count for a number is never in doubt (S0-39).

import { trunks as contract } from '#contract/trunks.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { type CallerIds, shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['create-caller-ids'], async ({ deps, request, caller, commit }) => {
  await records.checkRoomAmong(deps, 'caller-ids');
  const callerIds: CallerIds = { type: 'caller-ids', ...records.fresh(deps, 'caller-ids'), ...request.body };
  return commit({
    writes: [...records.creation(callerIds), ...stillHolds(caller)],
    subject: { type: 'caller-ids', id: callerIds.id },
    after: shown(callerIds),
    answer: shown(callerIds),
  });
});
