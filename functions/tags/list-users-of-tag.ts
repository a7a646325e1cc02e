// Who has the tag, or all tags there are, of the users in sight.

import { tags as contract } from '#contract/tags.ts';
import { usersOfRecord } from '#domain/directory/paging.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['list-users-of-tag'], ({ deps, request, caller }) =>
  usersOfRecord(deps, caller, { kind: 'tag', id: request.params.tagId }, request.query),
);
