// What a clone of a user would take over (S0-6).

import { users as contract } from '#contract/users.ts';
import { never, preview } from '#domain/clones/clones.ts';
import { requireSource } from '#domain/clones/source.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['preview-clone'], async ({ deps, request, caller }) => {
  const parts = preview(await requireSource(deps, caller, request.params.userId));
  const maySee = caller.permissions.has('users:read-details');
  return {
    parts: parts.map(({ part, values }) => ({ part, ...(maySee && { values }) })),
    never: [...never],
  };
});
