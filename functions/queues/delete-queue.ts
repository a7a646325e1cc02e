// Deletes a queue that no rights name, and that is nobody's target.

import { queues as contract } from '#contract/queues.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { checkNotNamed } from '#domain/queues/named-queues.ts';
import { shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { checkUnused } from '#domain/users/holders.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['delete-queue'], async ({ deps, request, caller, ifMatch, commit }) => {
  const before = await records.require(deps, 'queue', request.params.queueId);
  if (before.version !== ifMatch) throw records.stale('queue', before);
  checkNotNamed(caller, before);
  await checkUnused(deps, caller, before);
  return commit({
    writes: [...records.deletion(before), ...stillHolds(caller)],
    subject: { type: 'queue', id: before.id },
    before: shown(before),
    answer: null,
  });
});
