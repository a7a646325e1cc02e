// A tenant whose licenses are read: people with rights to queues, and who may look at it.

import type { Permission } from '#contract/permissions.ts';
import type { TenantFile } from '#contract/tenant-file.ts';
import { index } from '#domain/directory/index-user.ts';
import type { User } from '#domain/users/user.ts';
import type { Meter } from '#table/open-table.ts';
import { streamOf } from '#test/setup/stream.ts';
import { aTenant, type CallOptions, operatorKey } from '#test/setup/tenant.ts';
import { peopleOf } from '../users/people.ts';

export type Read = Awaited<ReturnType<typeof licensesRead>>;

export async function licensesRead(
  owned: TenantFile['licenses']['owned'] = {},
  options: { meter?: Meter; catalogue?: TenantFile['licenses']['catalogue'] } = {},
) {
  const { catalogue, meter } = options;
  const tenant = await aTenant({}, { ...(meter && { meter }), licenses: { owned, ...(catalogue && { catalogue }) } });
  const people = await peopleOf(tenant);
  const stream = await streamOf(tenant);
  let looking: Promise<string> | undefined;
  /** Somebody of no license, who may do this. */
  const whoMay = async (...permissions: Permission[]) =>
    (await people.person(permissions, { userType: 'passive', title: 'Looker' })).token;
  const call = async (id: Parameters<typeof tenant.call>[0], more: CallOptions = {}) => {
    looking ??= whoMay('licenses:read');
    return tenant.call(id, { token: await looking, ...more });
  };
  return {
    tenant,
    people,
    stream,
    whoMay,
    /** As somebody with Licensing access and nothing else. */
    call,
    aHolder: async (values: Partial<User> = {}) => {
      const user = await tenant.aUser({ rights: 'rgt_own', access: 'acc_agent', ...values });
      await index(tenant.deps, user);
      return user;
    },
    /** As the operator. */
    set: (licenseId: string, version: number, body: unknown, query?: Record<string, string>) =>
      tenant.call('set-license', {
        token: operatorKey,
        params: { licenseId },
        headers: { 'if-match': `"${version}"` },
        body,
        ...(query && { query }),
      }),
  };
}

/** Every page of who takes licenses. */
export async function allHolders(call: Read['call'], query: Record<string, string> = {}) {
  const users = [];
  let cursor: string | undefined;
  do {
    const answer = await call('list-license-users', { query: { ...query, ...(cursor && { cursor }) } });
    if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    users.push(...answer.body.users);
    cursor = answer.body.next;
  } while (cursor);
  return users;
}
