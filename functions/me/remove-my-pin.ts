// Takes the user's own PIN away: nobody logs on by telephone for them. Less is open by it, so that it takes no fresh proof.

import { myTelephonyOperations as contract } from '#contract/my-telephony.ts';
import { removal } from '#domain/presence/pin.ts';
import { stillSignedIn } from '#domain/sessions/own-change.ts';
import { checkLogsOnByTelephone } from '#domain/users/my-telephony.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['remove-my-pin'], async ({ caller, commit }) => {
  checkLogsOnByTelephone(caller.user);
  return commit({
    writes: [removal(caller.user.id), stillSignedIn(caller)],
    subject: { type: 'user', id: caller.user.id },
    answer: null,
  });
});
