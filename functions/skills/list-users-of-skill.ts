// Who has the skill, or all skills there are, of the users in sight.

import { skills as contract } from '#contract/skills.ts';
import { usersOfRecord } from '#domain/directory/paging.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['list-users-of-skill'], ({ deps, request, caller }) =>
  usersOfRecord(deps, caller, { kind: 'skill', id: request.params.skillId }, request.query),
);
