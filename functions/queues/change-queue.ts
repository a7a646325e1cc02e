// Changes what a queue is called, for whom it is, and what becomes of its calls; rights that name it go on naming it.

import { queues as contract } from '#contract/queues.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { checkOfCalls } from '#domain/queues/of-calls.ts';
import { type Queue, shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['change-queue'], async ({ deps, request, caller, ifMatch, commit }) => {
  const before = await records.require(deps, 'queue', request.params.queueId);
  if (before.version !== ifMatch) throw records.stale('queue', before);
  checkOfCalls(before.channel, request.body);
  const after: Queue = records.edited(deps, before, request.body);
  return commit({
    writes: [...records.change(before, after), ...stillHolds(caller)],
    subject: { type: 'queue', id: after.id },
    before: shown(before),
    after: shown(after),
    answer: shown(after),
  });
});
