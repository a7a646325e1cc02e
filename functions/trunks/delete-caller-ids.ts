// Deletes caller IDs; their prefixes are free for others.

import { trunks as contract } from '#contract/trunks.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['delete-caller-ids'], async ({ deps, request, caller, ifMatch, commit }) => {
  const before = await records.require(deps, 'caller-ids', request.params.callerIdsId);
  if (before.version !== ifMatch) throw records.stale('caller-ids', before);
  return commit({
    writes: [...records.deletion(before), ...stillHolds(caller)],
    subject: { type: 'caller-ids', id: before.id },
    before: shown(before),
    answer: null,
  });
});
