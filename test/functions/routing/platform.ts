// A tenant with a telephony platform that asks by an API token that may do nothing else, and what it asks about.

import type { OperationId } from '#contract/operations.ts';
import * as definitions from '#domain/definitions/definitions.ts';
import * as numbers from '#domain/numbers/numbers.ts';
import type { CallerIds, Device, Queue, Trunk } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import type { Telephony } from '#domain/users/telephony.ts';
import { telephonyWrite } from '#domain/users/telephony.ts';
import type { User } from '#domain/users/user.ts';
import { nothing, type Summary } from '#domain/work/work.ts';
import { userKeys } from '#table/keys.ts';
import { put, update } from '#table/write.ts';
import { aTenant, type Called, type CallOptions } from '#test/setup/tenant.ts';

export type Platform = Awaited<ReturnType<typeof aPlatform>>;

let made = 0;

export async function aPlatform(options: Parameters<typeof aTenant>[1] = {}) {
  const tenant = await aTenant({}, options);
  const { deps } = tenant;
  const root = await tenant.aSuperUser({ title: 'Zzz Root' });

  /** A token of a program whose access holds the permissions, narrowed to them. */
  const aToken = async (permissions: string[], scopes = permissions): Promise<string> => {
    const body = { name: `Access ${++made}`, permissions };
    const access = (await tenant.call('create-access', { token: root.token, body })).body.id;
    const { id: userId } = await tenant.aUser({ userType: 'api', access, rights: 'rgt_own' });
    const given = { params: { userId }, body: { title: 'PBX', scopes } };
    const { status, body: token } = await tenant.call('create-token', { token: root.token, ...given });
    if (status !== 201) throw new Error(`create-token answered ${status} ${JSON.stringify(token)}`);
    return token.value;
  };
  const token = await aToken(['routing:read']);
  // Its use is written now, and not again for five minutes.
  await tenant.call('find-extension', { token, params: { extension: '9999' } });

  const record = async <R extends Device | Queue | Trunk | CallerIds>(
    values: Omit<R, 'v' | 'id' | 'version' | 'usedBy' | 'updatedAt' | 'name'> & { type: R['type'] },
  ) => {
    const whole = { ...records.fresh(deps, values.type), name: `${values.type} ${++made}`, ...values } as unknown as R;
    await deps.table.transact(records.creation(whole));
    return whole;
  };

  return {
    ...tenant,
    root,
    aToken,
    token,
    ask: (id: OperationId, call: CallOptions = {}): Promise<Called> => tenant.call(id, { token, ...call }),
    device: (values: Partial<Device> = {}) =>
      record<Device>({ type: 'device', kind: 'sip', address: `sip:desk-${made}@pbx.example.com`, ...values }),
    queue: (values: Partial<Queue> = {}) => record<Queue>({ type: 'queue', channel: 'voice', namedBy: 0, ...values }),
    trunk: (...outgoingNumbers: string[]) => record<Trunk>({ type: 'trunk', outgoingNumbers }),
    callerIds: (prefixes: string[], ...outgoingNumbers: string[]) =>
      record<CallerIds>({ type: 'caller-ids', prefixes, outgoingNumbers }),
    /** With the numbers and the telephony that a request would have given them. */
    person: async (values: Partial<User> = {}, phone: Telephony = {}): Promise<User> => {
      const user = await tenant.aUser(values);
      const rules = (await definitions.current(deps)).settings;
      const writes = numbers.moves(undefined, user, deps.now(), rules);
      if (Object.keys(phone).length > 0) writes.push(telephonyWrite(user.id, phone));
      if (writes.length > 0) await deps.table.transact(writes);
      return user;
    },
    set: (userId: string, values: Partial<User>) =>
      deps.table.write(update(userKeys.user(userId), { set: values as Record<string, unknown> })),
    work: (userId: string, values: Partial<Summary>) =>
      deps.table.write(put({ ...userKeys.work(userId), ...nothing, revision: 1, ...values })),
  };
}
