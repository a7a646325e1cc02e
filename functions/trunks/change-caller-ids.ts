// Changes caller IDs; prefixes that they give up are free for others with it.

import { trunks as contract } from '#contract/trunks.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { type CallerIds, shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['change-caller-ids'], async ({ deps, request, caller, ifMatch, commit }) => {
  const before = await records.require(deps, 'caller-ids', request.params.callerIdsId);
  if (before.version !== ifMatch) throw records.stale('caller-ids', before);
  const after: CallerIds = records.edited(deps, before, request.body);
  return commit({
    writes: [...records.change(before, after), ...stillHolds(caller)],
    subject: { type: 'caller-ids', id: after.id },
    before: shown(before),
    after: shown(after),
    answer: shown(after),
  });
});
