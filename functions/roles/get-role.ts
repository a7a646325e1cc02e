// A role, with how many users have it.

import { roles as contract } from '#contract/roles.ts';
import { shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['get-role'], async ({ deps, request }) =>
  shown(await records.require(deps, 'role', request.params.roleId)),
);
