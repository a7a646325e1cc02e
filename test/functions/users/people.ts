// People of a tenant who hold just what a test gives them.

import type { Channel } from '#contract/channels.ts';
import type { Permission } from '#contract/permissions.ts';
import type { User } from '#domain/users/user.ts';
import type { TestTenant } from '#test/setup/tenant.ts';

export type People = Awaited<ReturnType<typeof peopleOf>>;

export async function peopleOf(tenant: TestTenant) {
  const root = await tenant.aSuperUser({ title: 'Zzz Root' });
  const { token } = root;
  let count = 0;

  type Making = 'create-access' | 'create-rights' | 'create-role' | 'create-queue' | 'create-device';
  const made = async (id: Making, body: object): Promise<string> => {
    const answer = await tenant.call(id, { token, body: { name: `Record ${++count}`, ...body } });
    if (answer.status !== 201) throw new Error(`${id} answered ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body.id;
  };
  const access = (...permissions: Permission[]) => made('create-access', { permissions });
  const rights = (values: object) => made('create-rights', values);
  const role = (permissions: Permission[], includes: string[] = []) => made('create-role', { permissions, includes });

  return {
    root,
    access,
    rights,
    role,
    queue: (channel: Channel = 'voice') => made('create-queue', { channel }),
    /** A telephone outside. */
    device: () => made('create-device', { kind: 'external', address: `+42070${String(1_000_000 + count)}` }),
    /** Somebody signed in, with these permissions and all users in sight. */
    person: async (permissions: Permission[], values: Partial<User> = {}) => {
      const user = await tenant.aUser({ access: await access(...permissions), rights: 'rgt_everything', ...values });
      return { user, token: await tenant.signIn(user.login) };
    },
    /** As the table has them now. */
    now: async (userId: string) => (await tenant.call('get-user', { token, params: { userId } })).body,
    /** Changes a user's fields, as the first SuperUser. */
    change: async (userId: string, body: object, when?: string) => {
      const { version } = (await tenant.call('get-user', { token, params: { userId } })).body;
      const query = when === undefined ? {} : { query: { when } };
      return tenant.call('change-user', { token, params: { userId }, body, ...query, headers: ifMatch(version) });
    },
    usedBy: async (accessId: string): Promise<number> =>
      (await tenant.call('get-access', { token, params: { accessId } })).body.usedBy,
  };
}

export const ifMatch = (version: number) => ({ 'if-match': `"${version}"` });

/** Entries about one subject, of one event where it is named. */
export async function entriesAbout(tenant: TestTenant, id: string, event?: string) {
  const entries = await tenant.audit();
  return entries.filter(
    (entry) => (entry.subject as { id: string }).id === id && (event === undefined || entry.event === event),
  );
}
