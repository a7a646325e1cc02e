// A device, with how many users have it.

import { devices as contract } from '#contract/devices.ts';
import { shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['get-device'], async ({ deps, request }) =>
  shown(await records.require(deps, 'device', request.params.deviceId)),
);
