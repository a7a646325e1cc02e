// Users, devices, queues and what is read of them, as decisions get them.

import type { Device, Queue } from '#domain/records/record.ts';
import type { Read } from '#domain/routing/inbound.ts';
import type { Party } from '#domain/routing/party.ts';
import type { User } from '#domain/users/user.ts';
import { nothing } from '#domain/work/work.ts';

export const now = Date.parse('2026-03-02T08:00:00Z');

export function party(name: string, values: Partial<User> = {}, more: Partial<Omit<Party, 'user'>> = {}): Party {
  const user: User = {
    type: 'user',
    v: 1,
    id: `usr_${name}`,
    version: 1,
    login: name,
    title: name,
    userType: 'contact-center',
    state: 'active',
    secondFactor: 'off',
    epoch: 1,
    createdAt: now,
    updatedAt: now,
    ...values,
  };
  return { user, phone: {}, work: nothing, ...more };
}

const common = { v: 1 as const, version: 1, usedBy: 0, updatedAt: now };

export const device = (id: string, values: Partial<Device> = {}): Device => ({
  type: 'device',
  ...common,
  id,
  name: `Phone ${id}`,
  kind: 'sip',
  address: `sip:${id}@pbx.example.com`,
  ...values,
});

export const queue = (id: string, values: Partial<Queue> = {}): Queue => ({
  type: 'queue',
  ...common,
  id,
  name: `Queue ${id}`,
  channel: 'voice',
  namedBy: 0,
  ...values,
});

/** What has been read: owners of extensions, devices, queues. */
export function read(
  owners: Record<string, Party | undefined> = {},
  { devices = [], queues = [] }: { devices?: Device[]; queues?: Queue[] } = {},
): Read {
  return {
    owners: new Map(Object.entries(owners)),
    devices: new Map(devices.map((each) => [each.id, each])),
    queues: new Map(queues.map((each) => [each.id, each])),
  };
}

export const turn = (id: string, delaySeconds = 0, ringSeconds = 30) => ({ device: id, delaySeconds, ringSeconds });
