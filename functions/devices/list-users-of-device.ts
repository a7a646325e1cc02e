// Who has been given the device, of the users in sight.

import { devices as contract } from '#contract/devices.ts';
import { usersOfRecord } from '#domain/directory/paging.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['list-users-of-device'], ({ deps, request, caller }) =>
  usersOfRecord(deps, caller, { kind: 'device', id: request.params.deviceId }, request.query),
);
