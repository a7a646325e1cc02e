// User groups by name, with their profiles.

import { userGroups as contract } from '#contract/user-groups.ts';
import { shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['list-user-groups'], async ({ deps }) => ({
  userGroups: (await records.all(deps, 'user-group')).map(shown),
}));
