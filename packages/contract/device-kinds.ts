// What a device can be, and what its address is then. Apart from the operations on devices: whoever reads a device needs no more.

import type * as z from 'zod';
import { email, phoneNumber } from './fields.ts';
import { once } from './once.ts';
import { sipUri } from './telephony.ts';

export const deviceKinds = ['sip', 'external', 'teams'] as const;

export type DeviceKind = (typeof deviceKinds)[number];

/** What the address of a device of each kind is. */
export const deviceAddress = once(
  (): Record<DeviceKind, z.ZodType<string>> => ({ sip: sipUri(), external: phoneNumber(), teams: email() }),
);
