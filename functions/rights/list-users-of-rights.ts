// Who has the rights, of the users in sight.

import { rights as contract } from '#contract/rights.ts';
import { usersOfRecord } from '#domain/directory/paging.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['list-users-of-rights'], ({ deps, request, caller }) =>
  usersOfRecord(deps, caller, { kind: 'rights', id: request.params.rightsId }, request.query),
);
