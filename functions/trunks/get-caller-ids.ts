// Caller IDs: which numbers are called with which ones presented.

import { trunks as contract } from '#contract/trunks.ts';
import { shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['get-caller-ids'], async ({ deps, request }) =>
  shown(await records.require(deps, 'caller-ids', request.params.callerIdsId)),
);
