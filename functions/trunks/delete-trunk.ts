// Deletes a SIP trunk: nothing names it but the platform.

import { trunks as contract } from '#contract/trunks.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['delete-trunk'], async ({ deps, request, caller, ifMatch, commit }) => {
  const before = await records.require(deps, 'trunk', request.params.trunkId);
  if (before.version !== ifMatch) throw records.stale('trunk', before);
  return commit({
    writes: [...records.deletion(before), ...stillHolds(caller)],
    subject: { type: 'trunk', id: before.id },
    before: shown(before),
    answer: null,
  });
});
