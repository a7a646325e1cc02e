// Who is in the user group, of the users in sight.

import { userGroups as contract } from '#contract/user-groups.ts';
import { usersOfRecord } from '#domain/directory/paging.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['list-users-of-user-group'], ({ deps, request, caller }) =>
  usersOfRecord(deps, caller, { kind: 'user-group', id: request.params.userGroupId }, request.query),
);
