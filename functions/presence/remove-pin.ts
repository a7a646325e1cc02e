// Takes a user's PIN away; none is set for them, so that nobody else ever knows it.

import { presenceOperations as contract } from '#contract/presence.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { removal } from '#domain/presence/pin.ts';
import { requireInReach } from '#domain/users/in-sight.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['remove-pin'], async ({ deps, request, caller, commit }) => {
  const { id } = await requireInReach(deps, caller, request.params.userId);
  return commit({
    writes: [removal(id), ...stillHolds(caller, id)],
    subject: { type: 'user', id },
    answer: null,
  });
});
