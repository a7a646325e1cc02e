// The address of a device is what its kind says: nothing else is ever put into a dial string.

import { type DeviceKind, deviceAddress } from '#contract/device-kinds.ts';
import { Problem } from '#contract/problems.ts';

const like: Record<DeviceKind, string> = {
  sip: 'sip:desk-12@pbx.example.com',
  external: '+420601234567',
  teams: 'jana@example.com',
};

/** @returns the address as it is kept, a number with its + @throws Problem `invalid_input` (S1-25) */
export function checkedAddress(kind: DeviceKind, address: string): string {
  const { data, error } = deviceAddress()[kind].safeParse(address);
  if (error === undefined) return data;
  const why = [...new Set(error.issues.map(({ message }) => message))].join('; ');
  throw new Problem('invalid_input', {
    detail: `/body/address of a device of kind ${kind} ${why}`,
    errors: [{ pointer: '/body/address', detail: why }],
    rule: 'S1-25',
    because: kind,
    remedy: `Give an address like ${like[kind]}, or create a device of another kind`,
  });
}
