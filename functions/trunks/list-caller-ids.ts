// Caller IDs by name.

import { trunks as contract } from '#contract/trunks.ts';
import { shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['list-caller-ids'], async ({ deps }) => ({
  callerIds: (await records.all(deps, 'caller-ids')).map(shown),
}));
