// A tag, with how many users have it.

import { tags as contract } from '#contract/tags.ts';
import { shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['get-tag'], async ({ deps, request }) =>
  shown(await records.require(deps, 'tag', request.params.tagId)),
);
