// Queues by name.

import { queues as contract } from '#contract/queues.ts';
import { shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['list-queues'], async ({ deps }) => ({
  queues: (await records.all(deps, 'queue')).map(shown),
}));
