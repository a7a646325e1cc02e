// Somebody leaves at the worst moment: after another request has read them, and before it commits.

import type { OperationId } from '#contract/operations.ts';
import { Table } from '#table/table.ts';
import { aPlatform, type Platform } from '#test/functions/work/a-platform.ts';
import { deactivate, remove } from '#test/setup/leaving.ts';
import { agentGrants, type Called, type CallOptions, password } from '#test/setup/tenant.ts';

let here: Platform;
beforeAll(async () => {
  here = await aPlatform();
});

/** Runs the request; just before its first transaction, `intrude` runs to its end. */
async function withInBetween(request: () => Promise<Called>, intrude: () => Promise<unknown>): Promise<Called> {
  const { transact } = Table.prototype;
  Table.prototype.transact = async function (writes) {
    Table.prototype.transact = transact;
    await intrude();
    return transact.call(this, writes);
  };
  try {
    return await request();
  } finally {
    Table.prototype.transact = transact;
  }
}

const leavings = [
  ['is deactivated', deactivate],
  ['is deleted', remove],
] as const;

async function anAgent() {
  const user = await here.tenant.aUser(agentGrants);
  return { user, session: await here.tenant.signIn(user.login) };
}

async function anInvite() {
  const login = `invited-${Math.random().toString(36).slice(2)}`;
  const body = { title: login, login, type: 'passive', authEmail: `${login}@example.com`, ...agentGrants };
  const { id } = (await here.tenant.call('create-user', { token: here.root, body })).body;
  const link = (await here.tenant.mails()).find(({ to }) => to === body.authEmail)?.data.link as string;
  return { id, token: link.split('#')[1] };
}

async function aReset() {
  const user = await here.tenant.aUser(agentGrants);
  await here.tenant.call('request-password-reset', { body: { login: user.login } });
  const link = (await here.tenant.mails()).find(({ to }) => to === user.authEmail)?.data.link as string;
  return { id: user.id, token: link.split('#')[1] };
}

describe.each(leavings)('I5 C14 when the user %s in between', (_, leave) => {
  it.each([
    ['change-me', { body: { language: 'de' }, headers: { 'if-match': '"1"' } }],
    ['change-my-password', { body: { currentPassword: password, password: 'stones under a slow green sea' } }],
    ['end-my-sessions', {}],
  ] as [OperationId, CallOptions][])('their own %s does not succeed', async (operation, options) => {
    const { user, session } = await anAgent();
    const answer = await withInBetween(
      () => here.tenant.call(operation, { token: session, ...options }),
      async () => expect((await leave(here.tenant, here.root, user.id)).status).toBe(200),
    );
    expect(answer.status).toBeGreaterThanOrEqual(401);
    expect(answer.status).toBeLessThan(500);
    expect(await here.tenant.call('get-me', { token: session })).toMatchObject({ status: 401 });
  });

  it.each([
    ['accept-invite', anInvite],
    ['complete-password-reset', aReset],
  ] as const)('%s opens nothing', async (operation, make) => {
    const { id, token } = await make();
    const answer = await withInBetween(
      () => here.tenant.call(operation, { body: { token, password: 'stones under a slow green sea' } }),
      () => leave(here.tenant, here.root, id),
    );
    expect(answer).toMatchObject({ status: 410, body: { code: 'link_over' } });
  });

  it('no administrator’s change, token or invite reaches them, and no work', async () => {
    const options: [OperationId, CallOptions][] = [
      ['change-user', { body: { title: 'Other' }, headers: { 'if-match': '"1"' } }],
      ['create-token', { body: { title: 'Late' } }],
      ['sign-out-user', {}],
    ];
    for (const [operation, given] of options) {
      const user = await here.tenant.aUser(agentGrants);
      const answer = await withInBetween(
        () => here.tenant.call(operation, { token: here.root, params: { userId: user.id }, ...given }),
        () => leave(here.tenant, here.root, user.id),
      );
      // Whoever is only deactivated can be signed out once more, and given a token that works after they are restored.
      if (leave === remove) expect([404, 409, 412]).toContain(answer.status);
      else expect([201, 204, 409, 412]).toContain(answer.status);
    }
    const user = await here.tenant.aUser(agentGrants);
    const activity = await withInBetween(
      () => here.activity(`between-${user.id}`, user.id),
      () => leave(here.tenant, here.root, user.id),
    );
    expect([404, 409]).toContain(activity.status);
    expect(await here.closeActivity(`between-${user.id}`)).toMatchObject({ status: 404 });
  });

  it('a sign-in at that moment opens a session that is worth nothing, also when they come back', async () => {
    const user = await here.tenant.aUser(agentGrants);
    const answer = await withInBetween(
      () => here.tenant.call('sign-in', { body: { login: user.login, password } }),
      () => leave(here.tenant, here.root, user.id),
    );
    const token = answer.body.next?.token as string | undefined;
    const isDead = async () => token === undefined || (await here.tenant.call('get-me', { token })).status === 401;
    expect(await isDead()).toBe(true);
    const back = leave === remove ? 'restore-deleted-user' : 'restore-user';
    const restored = await here.tenant.call(back, { token: here.root, params: { userId: user.id }, body: {} });
    expect(restored).toMatchObject({ status: 200, body: { state: 'active' } });
    expect(await isDead()).toBe(true);
  });
});
