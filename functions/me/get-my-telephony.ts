// How calls reach who asks.

import { myTelephonyOperations as contract } from '#contract/my-telephony.ts';
import { checkTakesCalls, myTelephonyOf } from '#domain/users/my-telephony.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['get-my-telephony'], async ({ deps, caller: { user } }) => {
  checkTakesCalls(user);
  return myTelephonyOf(deps, user);
});
