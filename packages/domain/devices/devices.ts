// Devices and networks that a user has signed in from: by them the owner is told from strangers, whose wrong guesses are
// counted apart, and a new device is noticed. Never a factor: knowing a device proves nothing about who holds it.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import { userKeys } from '#table/keys.ts';
import { type Item, put, type Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { isSecret, mintToken, readToken } from '../secrets/token.ts';
import type { Origin } from '../sessions/sessions.ts';

const DAY_MS = 86_400_000;
const KNOWN_MS = 90 * DAY_MS;
/** Few, for the item is read with every sign-in: with eight it has about 1 kB. */
const DEVICES_MAX = 8;

const deviceEntry = once(() =>
  z.object({
    id: z.string(),
    secretHash: z.string(),
    /** Where it was seen last. */
    network: z.string(),
    seenAt: z.number(),
  }),
);

const devicesItem = once(() =>
  z.object({
    type: z.literal('devices'),
    v: z.literal(1),
    /** Newest first. */
    devices: z.array(deviceEntry()).max(DEVICES_MAX),
  }),
);

type Device = z.output<ReturnType<typeof deviceEntry>>;

export interface Recognition {
  byDevice: boolean;
  byNetwork: boolean;
  /** The user has no devices yet: there is nothing that this one could be new beside. */
  isFirst: boolean;
}

/** Whether the user has signed in from here within 90 days. @param item the user's devices as read, undefined for nobody's */
export function recognized(
  item: Item | undefined,
  userId: string,
  origin: Origin,
  deviceToken: string | undefined,
  now: number,
): Recognition {
  const devices = devicesOf(item);
  return {
    byDevice: ofToken(devices, userId, deviceToken, now) !== undefined,
    byNetwork: ofNetwork(devices, origin.network, now) !== undefined,
    isFirst: devices.length === 0,
  };
}

/**
 * What a sign-in that succeeded leaves behind: most leave nothing, for a device or network is noted once a day. A device
 * that is new here gets its token, for the only time. Where just the network is known no token is made, or a client that
 * keeps none would push the others out with one more at each sign-in.
 */
export function remembering(
  deps: Pick<Deps, 'now' | 'randomBytes'>,
  item: Item | undefined,
  userId: string,
  { network }: Origin,
  deviceToken: string | undefined,
): { device?: string; writes: Write[] } {
  const now = deps.now();
  const devices = devicesOf(item);
  const known = ofToken(devices, userId, deviceToken, now) ?? ofNetwork(devices, network, now);
  if (known) {
    const isNoted = known.network === network && now - known.seenAt < DAY_MS;
    return { writes: isNoted ? [] : [storing(userId, { ...known, network, seenAt: now }, devices, now)] };
  }
  const { token, itemId, secretHash } = mintToken(deps, 'rdev', userId);
  return { device: token, writes: [storing(userId, { id: itemId, secretHash, network, seenAt: now }, devices, now)] };
}

/**
 * Unconditional: of two sign-ins at the same moment the later write wins, and a device that only the other one knew is new
 * again at its next sign-in. That is harmless; failing a right password over it would not be.
 * Without a ttl: after a long absence a device must still be noticed as new.
 */
function storing(userId: string, newest: Device, others: readonly Device[], now: number): Write {
  const kept = others.filter((device) => device.id !== newest.id && isLive(device, now));
  const devices = [newest, ...kept].slice(0, DEVICES_MAX);
  return put({ ...userKeys.devices(userId), type: 'devices', v: 1, devices });
}

function devicesOf(item: Item | undefined): Device[] {
  return item ? devicesItem().parse(item).devices : [];
}

function ofToken(devices: readonly Device[], userId: string, token: string | undefined, now: number) {
  const read = token === undefined ? undefined : readToken('rdev', token);
  if (read?.userId !== userId) return undefined;
  return devices.find((device) => device.id === read.itemId && isSecret(read, device) && isLive(device, now));
}

function ofNetwork(devices: readonly Device[], network: string, now: number): Device | undefined {
  return devices.find((device) => device.network === network && isLive(device, now));
}

function isLive({ seenAt }: Device, now: number): boolean {
  return now - seenAt < KNOWN_MS;
}
