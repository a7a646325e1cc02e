// A new device, which nobody has yet.

import { devices as contract } from '#contract/devices.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { type Device, shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { checkedAddress } from '#domain/telephones/address.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['create-device'], async ({ deps, request, caller, commit }) => {
  const { body } = request;
  const address = checkedAddress(body.kind, body.address);
  await records.checkRoomAmong(deps, 'device');
  const device: Device = { type: 'device', ...records.fresh(deps, 'device'), ...body, address };
  return commit({
    writes: [...records.creation(device), ...stillHolds(caller)],
    subject: { type: 'device', id: device.id },
    after: shown(device),
    answer: shown(device),
  });
});
