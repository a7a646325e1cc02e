// Deletes a device that nobody has, and nobody is logged in to.

import { devices as contract } from '#contract/devices.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { nobodyLoggedIn } from '#domain/telephones/nobody-logged-in.ts';
import { checkUnused } from '#domain/users/holders.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['delete-device'], async ({ deps, request, caller, ifMatch, commit }) => {
  const before = await records.require(deps, 'device', request.params.deviceId);
  if (before.version !== ifMatch) throw records.stale('device', before);
  await checkUnused(deps, caller, before);
  const notLoggedIn = await nobodyLoggedIn(deps, caller, before);
  return commit({
    writes: [...records.deletion(before), ...notLoggedIn, ...stillHolds(caller)],
    subject: { type: 'device', id: before.id },
    before: shown(before),
    answer: null,
  });
});
