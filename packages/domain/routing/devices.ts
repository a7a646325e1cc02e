// On which devices a user is called, when each rings, and why: those that they have been given, those that they have logged in to, and
// their own phone (S0-41, S0-42, S1-25, S4-27, C9). Pure.

import type { DeviceKind } from '#contract/device-kinds.ts';
import type { Device } from '../records/record.ts';
import type { Party } from './party.ts';

/** As long as a device rings of which nothing is set. */
const RING_SECONDS = 30;

export interface CalledDevice {
  device: { id?: string | undefined; kind: DeviceKind | 'own'; name: string; address: string };
  why: 'assigned' | 'logged-in' | 'own';
}

export interface Ringing extends CalledDevice {
  /** Seconds after the call has come in. */
  startsAt: number;
  endsAt: number;
}

/** Ids of devices that the user's calls may ring on. */
export function deviceIdsOf({ user, work }: Party): string[] {
  return [...new Set([...(user.devices ?? []).map(({ device }) => device), ...work.devices])];
}

/**
 * Turn by turn in the order in which they begin. A device that the user has been given rings by its turns alone, logged in to or not;
 * the others ring at once.
 */
export function ringPlan(party: Party, devices: ReadonlyMap<string, Device>): Ringing[] {
  const given = (party.user.devices ?? []).flatMap(({ device, delaySeconds, ringSeconds }): Ringing[] =>
    called(devices, device, 'assigned').map((each) => ({
      ...each,
      startsAt: delaySeconds,
      endsAt: delaySeconds + ringSeconds,
    })),
  );
  const others = beside(party, devices).map((each) => ({ ...each, startsAt: 0, endsAt: RING_SECONDS }));
  return [...given, ...others].sort((a, b) => a.startsAt - b.startsAt || a.endsAt - b.endsAt);
}

/** All of them, each once: what the user calls rings on them at once and together (S0-42). */
export function ownDevices(party: Party, devices: ReadonlyMap<string, Device>): CalledDevice[] {
  const given = new Set((party.user.devices ?? []).map(({ device }) => device));
  return [...[...given].flatMap((id) => called(devices, id, 'assigned')), ...beside(party, devices)];
}

/** Those that no turn is set for. */
function beside(party: Party, devices: ReadonlyMap<string, Device>): CalledDevice[] {
  const given = new Set((party.user.devices ?? []).map(({ device }) => device));
  const live = party.work.devices.filter((id) => !given.has(id)).flatMap((id) => called(devices, id, 'logged-in'));
  const addresses = new Set(deviceIdsOf(party).map((id) => devices.get(id)?.address));
  // The same telephone twice would be busy of itself.
  return [...live, ...ownPhone(party).filter(({ device }) => !addresses.has(device.address))];
}

function called(devices: ReadonlyMap<string, Device>, id: string, why: CalledDevice['why']): CalledDevice[] {
  const found = devices.get(id);
  return found ? [{ device: { id, kind: found.kind, name: found.name, address: found.address }, why }] : [];
}

/**
 * The user's own phone. A custom URI is its address; the softphone and an account at the PBX have the name that they register by: the
 * user name where one is set, or else the extension, or else, of the softphone, the id.
 */
function ownPhone({ user, phone }: Party): CalledDevice[] {
  const { sipOption, sipUri, sipUsername } = phone;
  const account = sipUsername ?? user.extension ?? user.virtualExtension;
  const own = (name: string, address: string | undefined): CalledDevice[] =>
    address === undefined ? [] : [{ device: { kind: 'own', name, address }, why: 'own' }];
  if (sipOption === 'custom-uri') return own('Own SIP phone', sipUri);
  if (sipOption === 'webrtc') return own('Softphone', account ?? user.id);
  if (sipOption === 'pbx') return own('Account at the PBX', account);
  return [];
}
