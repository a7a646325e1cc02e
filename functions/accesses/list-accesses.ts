// Accesses by name.

import { accesses as contract } from '#contract/accesses.ts';
import { shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['list-accesses'], async ({ deps }) => ({
  accesses: (await records.all(deps, 'access')).map(shown),
}));
