// What a clone of a user would take over (S0-6), and which licenses it will take.

import { users as contract } from '#contract/users.ts';
import { never, preview } from '#domain/clones/clones.ts';
import { requireSource } from '#domain/clones/source.ts';
import { planClone } from '#domain/plans/clone.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['preview-clone'], async ({ deps, request, caller }) => {
  const source = await requireSource(deps, caller, request.params.userId);
  const maySee = caller.permissions.has('users:read-details');
  const licenses = await planClone(deps, caller.definitions, source.user);
  return {
    parts: preview(source).map(({ part, values }) => ({ part, ...(maySee && { values }) })),
    never: [...never],
    licenses: licenses.map(({ causes, ...license }) => ({ ...license, ...(maySee && { causes }) })),
  };
});
