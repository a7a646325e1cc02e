// Who has the access, of the users in sight.

import { accesses as contract } from '#contract/accesses.ts';
import { usersOfRecord } from '#domain/directory/paging.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['list-users-of-access'], ({ deps, request, caller }) =>
  usersOfRecord(deps, caller, { kind: 'access', id: request.params.accessId }, request.query),
);
