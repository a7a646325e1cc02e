// Devices by name.

import { devices as contract } from '#contract/devices.ts';
import { shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['list-devices'], async ({ deps }) => ({
  devices: (await records.all(deps, 'device')).map(shown),
}));
