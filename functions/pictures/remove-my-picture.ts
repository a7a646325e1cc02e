// Removes the caller's own picture, and what is on its way to become it.

import { pictures as contract } from '#contract/pictures.ts';
import { removalOnce } from '#domain/pictures/pictures.ts';
import { stillSignedIn } from '#domain/sessions/own-change.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['remove-my-picture'], async ({ caller, commit }) =>
  commit({
    writes: [removalOnce(caller.user.id), stillSignedIn(caller)],
    subject: { type: 'user', id: caller.user.id },
    answer: null,
  }),
);
