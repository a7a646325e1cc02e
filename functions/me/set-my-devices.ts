// Users log in to devices themselves, and out of all others (S0-41, S1-18).

import { myTelephonyOperations as contract } from '#contract/my-telephony.ts';
import { stillSignedIn } from '#domain/sessions/own-change.ts';
import { loggingIn } from '#domain/telephones/logging-in.ts';
import { checkTakesCalls, myTelephonyOf } from '#domain/users/my-telephony.ts';
import { retryMoved } from '#domain/work/items.ts';
import { summaryOf } from '#domain/work/work.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['set-my-devices'], async ({ deps, request, caller, commit }) => {
  const { user } = caller;
  checkTakesCalls(user);
  return retryMoved(async () => {
    const before = await summaryOf(deps, user.id);
    const { devices } = request.body;
    const { writes } = await loggingIn(deps, caller, { user, seen: before, devices, guard: stillSignedIn(caller) });
    return commit({
      writes,
      subject: { type: 'user', id: user.id },
      before: { devices: before.devices },
      after: { devices },
      answer: await myTelephonyOf(deps, user, devices),
    });
  });
});
