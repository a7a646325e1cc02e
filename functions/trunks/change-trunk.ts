// Changes a SIP trunk: what it is called, and which numbers it presents.

import { trunks as contract } from '#contract/trunks.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { shown, type Trunk } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['change-trunk'], async ({ deps, request, caller, ifMatch, commit }) => {
  const before = await records.require(deps, 'trunk', request.params.trunkId);
  if (before.version !== ifMatch) throw records.stale('trunk', before);
  const after: Trunk = records.edited(deps, before, request.body);
  return commit({
    writes: [...records.change(before, after), ...stillHolds(caller)],
    subject: { type: 'trunk', id: after.id },
    before: shown(before),
    after: shown(after),
    answer: shown(after),
  });
});
