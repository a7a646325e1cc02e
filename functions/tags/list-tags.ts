// Tags by name.

import { tags as contract } from '#contract/tags.ts';
import { shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['list-tags'], async ({ deps }) => ({
  tags: (await records.all(deps, 'tag')).map(shown),
}));
