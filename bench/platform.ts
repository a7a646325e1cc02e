// What a telephony platform asks by and about: an API token that may do nothing else, and users with extensions, devices and queues.

import { randomBytes } from 'node:crypto';
import type { OperationId } from '#contract/operations.ts';
import type { Permission } from '#contract/permissions.ts';
import type { Definitions } from '#domain/definitions/definitions.ts';
import * as definitions from '#domain/definitions/definitions.ts';
import type { Deps } from '#domain/deps.ts';
import * as numbers from '#domain/numbers/numbers.ts';
import type { Device } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { telephonyWrite } from '#domain/users/telephony.ts';
import type { User } from '#domain/users/user.ts';
import { nothing } from '#domain/work/work.ts';
import { userKeys } from '#table/keys.ts';
import { put, type Write } from '#table/write.ts';
import type { aTenant, CallOptions } from '#test/setup/tenant.ts';

type Tenant = Pick<Awaited<ReturnType<typeof aTenant>>, 'deps' | 'aUser' | 'call'> & { token: string };

const permissions: Permission[] = ['routing:read'];
let made = 0;

/** Used within the last five minutes, as a platform's always is. */
async function platformToken({ deps, call, aUser, token }: Tenant): Promise<string> {
  const access = await accessOf({ deps, call, token });
  const { id: userId } = await aUser({ userType: 'api', access, rights: 'rgt_own' });
  const body = { title: 'PBX', scopes: permissions };
  const { value } = (await call('create-token', { token, params: { userId }, body })).body;
  const { status } = await call('find-extension', { token: value, params: { extension: '999999' } });
  if (status !== 404) throw new Error(`The platform's token is not good: ${status}`);
  return value;
}

const accesses = new WeakMap<Deps, Promise<string>>();

/** One for all: definitions are read whole, and must not grow by what is measured. */
function accessOf({ deps, call, token }: Pick<Tenant, 'deps' | 'call' | 'token'>): Promise<string> {
  const known = accesses.get(deps);
  if (known) return known;
  const making = call('create-access', { token, body: { name: 'Platform', permissions } }).then(({ body }) => body.id);
  accesses.set(deps, making);
  return making;
}

/** What a busy platform asks: by a token in use, with the tenant's devices, queues, trunks and caller IDs at hand. */
export async function asked(
  tenant: Tenant,
  operation: OperationId,
  about: () => Promise<Record<string, string>>,
): Promise<CallOptions> {
  const call = { token: await platformToken(tenant), query: await about() };
  const { status, body } = await tenant.call(operation, call);
  if (status !== 200) throw new Error(`${operation} answered ${status} ${JSON.stringify(body)}`);
  return call;
}

/** A user with all that calls are decided by. @returns the extension */
export async function aTelephone({ deps, aUser }: Tenant): Promise<string> {
  const extension = `7${String(made++).padStart(4, '0')}`;
  const device = await aDevice(deps);
  const user = await aUser({ extension, ...settingsOf([device]) });
  await deps.table.transact(telephoneWrites(user, await definitions.current(deps), deps.now()));
  await deps.table.write(
    put({ ...userKeys.work(user.id), ...nothing, revision: 1, queues: ['que_1'], devices: [device] }),
  );
  return extension;
}

/** A device of the usual kind. @returns its id */
async function aDevice(deps: Deps): Promise<string> {
  const device = deviceNamed(`${made++}`, deps.now());
  await deps.table.transact(records.creation(device));
  // As the operation that makes one would leave it.
  delete deps.definitions.ofCalls;
  return device.id;
}

export function deviceNamed(name: string, now: number): Device {
  const id = `dev_${randomBytes(6).toString('hex')}`;
  const address = `sip:desk-${name}@pbx.contact-center.example`;
  return {
    type: 'device',
    v: 1,
    id,
    version: 1,
    usedBy: 0,
    updatedAt: now,
    name: `Desk ${name}`,
    kind: 'sip',
    address,
  };
}

export function settingsOf(devices: readonly string[]): Partial<User> {
  return {
    devices: devices.map((device, n) => ({ device, delaySeconds: 10 * n, ringSeconds: 30 })),
    target: '+420601000000',
    recording: 'after-bridged',
  };
}

/** The extension of a user, and how their own calls go out. */
export function telephoneWrites(user: User, { settings }: Pick<Definitions, 'settings'>, now: number): Write[] {
  const phone = { outgoingNumbers: ['+420601000001', '+420601000002'], sipOption: 'webrtc' as const };
  return [...numbers.moves(undefined, user, now, settings), telephonyWrite(user.id, phone)];
}
