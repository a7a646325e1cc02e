// Who has the role, of the users in sight.

import { roles as contract } from '#contract/roles.ts';
import { usersOfRecord } from '#domain/directory/paging.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['list-users-of-role'], ({ deps, request, caller }) =>
  usersOfRecord(deps, caller, { kind: 'role', id: request.params.roleId }, request.query),
);
