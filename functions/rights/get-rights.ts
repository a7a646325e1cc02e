// Rights, with how many users have it.

import { rights as contract } from '#contract/rights.ts';
import { shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['get-rights'], async ({ deps, request }) =>
  shown(await records.require(deps, 'rights', request.params.rightsId)),
);
