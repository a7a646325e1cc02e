// Whose a device is as long as they are logged in to it (S0-41, S1-25). One item a device, so that it is one user's at a time.

import * as z from 'zod';
import { once } from '#contract/once.ts';

export const deviceLogOn = once(() =>
  z.object({ type: z.literal('device-log-on'), v: z.literal(1), userId: z.string(), since: z.number() }),
);
