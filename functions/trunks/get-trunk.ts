// A SIP trunk.

import { trunks as contract } from '#contract/trunks.ts';
import { shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['get-trunk'], async ({ deps, request }) =>
  shown(await records.require(deps, 'trunk', request.params.trunkId)),
);
