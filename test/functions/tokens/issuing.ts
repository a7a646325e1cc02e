// A tenant whose first SuperUser makes API tokens for whom a test wants one.

import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Settings } from '#contract/settings.ts';
import type { User } from '#domain/users/user.ts';
import { userKeys } from '#table/keys.ts';
import { aTenant, type CallOptions, type TestTenant } from '#test/setup/tenant.ts';

export type Issuing = Awaited<ReturnType<typeof issuing>>;

export const DAY = 86_400;
export const YEAR = 365 * DAY;

export async function issuing(given: Partial<Settings> = {}, options: Parameters<typeof aTenant>[1] = {}) {
  const tenant = await aTenant(given, options);
  const root = await tenant.aUser({ superUser: true, title: 'Zzz Root' });
  // Weeks go by in these tests, and no session lasts as long.
  let session: { token: string; until: number } | undefined;
  const rootToken = async () => {
    if (!session || session.until < tenant.deps.now()) {
      session = { token: await tenant.signIn(root.login), until: tenant.deps.now() + 1_800_000 };
    }
    return session.token;
  };
  const asRoot = async (id: Parameters<TestTenant['call']>[0], call: CallOptions) =>
    tenant.call(id, { token: await rootToken(), ...call });

  return {
    tenant,
    root,
    rootToken,
    asRoot,
    create: (userId: string, body: object = {}, headers: Record<string, string> = {}) =>
      asRoot('create-token', { params: { userId }, body: { title: 'CRM integration', ...body }, headers }),
    change: (token: { userId: string; id: string; version: number }, body: object) =>
      asRoot('change-token', {
        params: { userId: token.userId, tokenId: token.id },
        body,
        headers: { 'if-match': `"${token.version}"` },
      }),
    /** Works with these as its bearer? The code of the refusal otherwise. */
    use: async (value: string, ip?: string): Promise<string> => {
      const { status, body } = await tenant.call('get-me', { token: value, ...(ip && { ip }) });
      return status === 200 ? 'works' : body.code;
    },
    listed: async (userId: string) => (await asRoot('list-tokens', { params: { userId } })).body.tokens,
    stored: (token: { userId: string; id: string }) => tenant.read(userKeys.token(token.userId, token.id)),
    /** An owner and a token of theirs, as the answer gave it. */
    owned: async (body: object = {}, values: Partial<User> = {}) => {
      const owner = await tenant.aUser({ access: 'acc_administrator', rights: 'rgt_everything', ...values });
      const answer = await asRoot('create-token', {
        params: { userId: owner.id },
        body: { title: 'CRM integration', ...body },
      });
      if (answer.status !== 201) throw new Error(`create-token: ${answer.status} ${JSON.stringify(answer.body)}`);
      return { owner, token: answer.body };
    },
    at: (seconds: number) => new Date(tenant.deps.now() + seconds * 1000).toISOString(),
    /** Everything that the table holds, as text. */
    everything: async () => {
      const { name, documents } = tenant.deps.table;
      const found = await documents.send(new ScanCommand({ TableName: name, ConsistentRead: true }));
      return JSON.stringify(found.Items);
    },
  };
}
