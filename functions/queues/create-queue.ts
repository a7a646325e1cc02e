// A new queue, which no rights name yet but those that name all, and which is nobody's target.

import { queues as contract } from '#contract/queues.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { checkOfCalls } from '#domain/queues/of-calls.ts';
import { type Queue, shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['create-queue'], async ({ deps, request, caller, commit }) => {
  checkOfCalls(request.body.channel, request.body);
  await records.checkRoomAmong(deps, 'queue');
  const queue: Queue = { type: 'queue', ...records.fresh(deps, 'queue'), ...request.body, namedBy: 0 };
  return commit({
    writes: [...records.creation(queue), ...stillHolds(caller)],
    subject: { type: 'queue', id: queue.id },
    after: shown(queue),
    answer: shown(queue),
  });
});
