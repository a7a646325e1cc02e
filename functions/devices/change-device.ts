// Changes what a device is called and where it is; who has it keeps it.

import { devices as contract } from '#contract/devices.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { type Device, shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { checkedAddress } from '#domain/telephones/address.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['change-device'], async ({ deps, request, caller, ifMatch, commit }) => {
  const { name, description, address } = request.body;
  const before = await records.require(deps, 'device', request.params.deviceId);
  if (before.version !== ifMatch) throw records.stale('device', before);
  const kept = address === undefined ? undefined : checkedAddress(before.kind, address);
  const after: Device = records.edited(deps, before, { name, description, address: kept });
  return commit({
    writes: [...records.change(before, after), ...stillHolds(caller)],
    subject: { type: 'device', id: after.id },
    before: shown(before),
    after: shown(after),
    answer: shown(after),
  });
});
