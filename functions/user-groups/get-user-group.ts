// A user group with its profiles, and what its users inherit.

import { userGroups as contract } from '#contract/user-groups.ts';
import { shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['get-user-group'], async ({ deps, request }) =>
  shown(await records.require(deps, 'user-group', request.params.userGroupId)),
);
