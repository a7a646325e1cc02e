// Rights by name.

import { rights as contract } from '#contract/rights.ts';
import { shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['list-rights'], async ({ deps }) => ({
  rights: (await records.all(deps, 'rights')).map(shown),
}));
