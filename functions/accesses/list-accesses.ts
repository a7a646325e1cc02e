// Accesses by name.

import { accesses as contract } from '#contract/accesses.ts';
import { shown } from '#domain/grants/record.ts';
import * as records from '#domain/grants/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['list-accesses'], async ({ deps }) => ({
  accesses: (await records.all(deps, 'access')).map(shown),
}));
