// Begins the upload of a picture of a user within reach.

import { pictures as contract } from '#contract/pictures.ts';
import { Problem } from '#contract/problems.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { requireInReach } from '#domain/users/in-sight.ts';
import { beginUpload } from '#pictures/begin-upload.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['change-user-picture'], async ({ deps, request, caller, commit }) => {
  const user = await requireInReach(deps, caller, request.params.userId);
  if (user.state === 'deactivated') {
    throw new Problem('already_deactivated', {
      detail: `${user.title} is deactivated, and so is shown to nobody`,
      rule: 'S0-54',
      because: user.state,
    });
  }
  const { write, answer } = await beginUpload(deps, user.id, caller.user.id);
  return commit({
    writes: [write, ...stillHolds(caller, user.id)],
    subject: { type: 'user', id: user.id },
    answer,
  });
});
