// Sets the PIN by which the user logs on to queues by telephone (S3-5); like a factor, soon after proving who they are.

import { myTelephonyOperations as contract } from '#contract/my-telephony.ts';
import { chosen } from '#domain/presence/pin.ts';
import { stillSignedIn } from '#domain/sessions/own-change.ts';
import { checkFresh } from '#domain/sessions/sessions.ts';
import { checkLogsOnByTelephone } from '#domain/users/my-telephony.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['set-my-pin'], async ({ deps, request, caller, commit }) => {
  const { user, session } = caller;
  checkLogsOnByTelephone(user);
  checkFresh(session, deps.now());
  return commit({
    writes: [await chosen(deps, user, request.body.pin), stillSignedIn(caller)],
    subject: { type: 'user', id: user.id },
    answer: null,
  });
});
