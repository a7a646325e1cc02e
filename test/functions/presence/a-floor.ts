// A contact center at work: its platform, a supervisor, devices, and agents with sessions as a sign-in makes them.

import type { User } from '#domain/users/user.ts';
import { aSession } from '#test/functions/me/a-session.ts';
import { aPlatform } from '#test/functions/work/a-platform.ts';
import type { Called } from '#test/setup/tenant.ts';

export type Floor = Awaited<ReturnType<typeof aFloor>>;

export async function aFloor(...given: Parameters<typeof aPlatform>) {
  const platform = await aPlatform(...given);
  const { tenant, root } = platform;
  const supervisor = await tenant.aUser({ access: 'acc_supervisor', rights: 'rgt_everything' });
  const token = await aSession(tenant, supervisor);
  let count = 0;
  return {
    ...platform,
    supervisor: { user: supervisor, token },
    device: async (name = `Desk ${++count}`): Promise<string> => {
      const address = `sip:desk-${++count}@pbx.example.com`;
      const made = await tenant.call('create-device', { token: root, body: { name, kind: 'sip', address } });
      if (made.status !== 201) throw new Error(`create-device answered ${made.status} ${JSON.stringify(made.body)}`);
      return made.body.id;
    },
    agent: async (values: Partial<User> = {}) => {
      const user = await tenant.aUser({ access: 'acc_agent', rights: 'rgt_own', ...values });
      return { user, token: await aSession(tenant, user) };
    },
    presence: async (userId: string): Promise<Called['body']> =>
      (await tenant.call('get-presence', { token: root, params: { userId } })).body,
    closeAll: (userId: string, by = token, body: object = {}) =>
      tenant.call('close-activities', { token: by, params: { userId }, body }),
    logOut: (userId: string, by = token) => tenant.call('log-out-user', { token: by, params: { userId }, body: {} }),
    /** Everybody who is there, by as many pages as it takes. */
    everybody: async (query: Record<string, string> = {}, by = token) => {
      const users: Called['body'][] = [];
      let pages = 0;
      let cursor: string | undefined;
      do {
        const asked = { ...query, ...(cursor !== undefined && { cursor }) };
        const { status, body } = await tenant.call('list-presence', { token: by, query: asked });
        if (status !== 200) throw new Error(`list-presence answered ${status} ${JSON.stringify(body)}`);
        users.push(...body.users);
        cursor = body.next;
        pages++;
      } while (cursor !== undefined);
      return { users, pages, ids: users.map(({ user }) => user.id) };
    },
  };
}
