// How who talks to a customer is called, for webchat (S0-28, C8).

import { webchat as contract } from '#contract/webchat.ts';
import { requireInSight } from '#domain/users/in-sight.ts';
import { nameInWebchat } from '#domain/webchat/name.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['get-webchat-user'], async ({ deps, request, caller }) => {
  const user = await requireInSight(deps, caller, request.params.userId);
  return nameInWebchat(user, caller.definitions.settings);
});
