// Users forward their own calls, or stop that (S0-31, S1-18): at once, with whatever session they have.

import { myTelephonyOperations as contract } from '#contract/my-telephony.ts';
import { changingOneself } from '#domain/sessions/own-change.ts';
import { changed } from '#domain/users/edits.ts';
import { callsLead } from '#domain/users/forwarding.ts';
import { checkTakesCalls, myTelephonyOf } from '#domain/users/my-telephony.ts';
import { recommendations } from '#domain/users/recommendations.ts';
import { shown } from '#domain/users/shown.ts';
import * as users from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['set-my-forwarding'], async ({ deps, request, caller, commit }) => {
  checkTakesCalls(caller.user);
  return changingOneself(deps, caller, async ({ user }) => {
    const forwarding = request.body.forwarding ?? undefined;
    const after = changed(user, deps.now(), { forwarding });
    return commit({
      writes: [...users.change(user, after), ...(await callsLead(deps, caller, user, after))],
      subject: { type: 'user', id: user.id },
      before: shown(user),
      after: shown(after),
      answer: { ...(await myTelephonyOf(deps, after)), ...recommendations(user, after) },
    });
  });
});
