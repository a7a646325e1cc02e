// An access, with how many users have it.

import { accesses as contract } from '#contract/accesses.ts';
import { shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['get-access'], async ({ deps, request }) =>
  shown(await records.require(deps, 'access', request.params.accessId)),
);
