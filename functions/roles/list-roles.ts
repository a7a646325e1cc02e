// Roles by name.

import { roles as contract } from '#contract/roles.ts';
import { shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['list-roles'], async ({ deps }) => ({
  roles: (await records.all(deps, 'role')).map(shown),
}));
