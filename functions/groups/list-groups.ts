// Groups by name.

import { groups as contract } from '#contract/groups.ts';
import { shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['list-groups'], async ({ deps }) => ({
  groups: (await records.all(deps, 'group')).map(shown),
}));
