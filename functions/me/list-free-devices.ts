// Which devices are free to log in to, for who asks (S0-41). Who is logged in to the others is not said: they need not be in sight.

import { myTelephonyOperations as contract } from '#contract/my-telephony.ts';
import * as records from '#domain/records/records.ts';
import { holdersOf } from '#domain/telephones/logging-in.ts';
import { checkTakesCalls } from '#domain/users/my-telephony.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['list-free-devices'], async ({ deps, caller: { user } }) => {
  checkTakesCalls(user);
  const devices = await records.all(deps, 'device');
  const holders = await holdersOf(
    deps,
    devices.map(({ id }) => id),
  );
  return {
    devices: devices.map(({ id, name, kind }) => {
      const holder = holders.get(id);
      const state = holder === user.id ? ('mine' as const) : holder ? ('taken' as const) : ('free' as const);
      return { device: id, name, kind, state };
    }),
  };
});
