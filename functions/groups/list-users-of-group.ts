// Who is in the group, of the users in sight.

import { groups as contract } from '#contract/groups.ts';
import { usersOfRecord } from '#domain/directory/paging.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['list-users-of-group'], ({ deps, request, caller }) =>
  usersOfRecord(deps, caller, { kind: 'group', id: request.params.groupId }, request.query),
);
