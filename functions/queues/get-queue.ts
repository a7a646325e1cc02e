// A queue, with how many rights name it.

import { queues as contract } from '#contract/queues.ts';
import { shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['get-queue'], async ({ deps, request }) =>
  shown(await records.require(deps, 'queue', request.params.queueId)),
);
