// Begins the upload of the caller's own picture.

import { pictures as contract } from '#contract/pictures.ts';
import { stillSignedIn } from '#domain/sessions/own-change.ts';
import { beginUpload } from '#pictures/begin-upload.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['change-my-picture'], async ({ deps, caller, commit }) => {
  const { write, answer } = await beginUpload(deps, caller.user.id, caller.user.id);
  return commit({
    writes: [write, stillSignedIn(caller)],
    subject: { type: 'user', id: caller.user.id },
    answer,
  });
});
