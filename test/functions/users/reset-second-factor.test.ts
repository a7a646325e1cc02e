import type { User } from '#domain/users/user.ts';
import { userKeys } from '#table/keys.ts';
import { anAuthenticator, aSession, tally } from '#test/functions/me/a-session.ts';
import { agentGrants, aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let admin: { user: User; token: string };
beforeAll(async () => {
  tenant = await aTenant();
  const user = await tenant.aUser({ superUser: true, title: 'Jana Nováková' });
  admin = { user, token: await aSession(tenant, user) };
});

const withAuthenticator = async (values: Partial<User> = {}) => {
  const user = await tenant.aUser({ ...agentGrants, secondFactor: 'authenticator-enforced', ...values });
  const token = await aSession(tenant, user);
  return { user, token, ...(await anAuthenticator(tenant, token)) };
};
const reason = 'Lost the phone; called back on the known number';
const reset = (userId: string, token = admin.token, body: unknown = { reason }) =>
  tenant.call('reset-second-factor', { token, params: { userId }, body });

describe('S0-22 resetting a user’s second factor', () => {
  it('takes authenticator and recovery codes, ends the sessions, tells the user by whom and why, and keeps the reason', async () => {
    const { user, token } = await withAuthenticator();
    expect(await reset(user.id)).toMatchObject({ status: 204 });
    expect(await tenant.read(userKeys.authenticator(user.id))).toBeUndefined();
    expect(await tenant.read(userKeys.recoveryCodes(user.id))).toBeUndefined();
    expect(await tenant.call('get-me', { token })).toMatchObject({ status: 401 });
    const told = (await tenant.mails()).filter(({ to, data }) => to === user.authEmail && data.what === 'reset');
    expect(told).toMatchObject([{ template: 'second-factor-changed', data: { by: 'Jana Nováková', reason } }]);
    const entries = (await tenant.audit()).filter(({ event }) => event === 'authenticator.reset');
    expect(entries).toMatchObject([
      { actor: admin.user.id, subject: { type: 'user', id: user.id }, changes: { reason: { after: reason } } },
    ]);
    expect(await reset(user.id)).toMatchObject({ status: 409, body: { code: 'authenticator_absent' } });
  });

  it('is done by one of parallel requests', async () => {
    const { user } = await withAuthenticator();
    const answers = await Promise.all(Array.from({ length: 10 }, () => reset(user.id)));
    expect(tally(answers)).toEqual({ 204: 1, authenticator_absent: 9 });
  });

  it('needs an authenticator, and a reason', async () => {
    const user = await tenant.aUser(agentGrants);
    expect(await reset(user.id)).toMatchObject({ status: 409, body: { code: 'authenticator_absent' } });
    for (const body of [{}, { reason: '' }, { reason: '  ' }, { reason: 'x'.repeat(301) }, { reason: 'a\nb' }]) {
      expect(await reset(user.id, admin.token, body)).toMatchObject({ status: 422, body: { code: 'invalid_input' } });
    }
  });

  it('is no way round the proof that one’s own takes', async () => {
    const { user, token } = await withAuthenticator({ superUser: true });
    expect(await reset(user.id, token)).toMatchObject({ status: 403, body: { code: 'not_permitted' } });
    expect(await tenant.read(userKeys.authenticator(user.id))).toBeDefined();
  });

  it('is for who may change users that they see, and that hold no more than they', async () => {
    const { user } = await withAuthenticator({ superUser: true });
    const administrator = await tenant.aUser({ access: 'acc_administrator', rights: 'rgt_everything' });
    expect(await reset(user.id, await aSession(tenant, administrator))).toMatchObject({
      status: 403,
      body: { code: 'outranked' },
    });
    const blind = await tenant.aUser({ access: 'acc_administrator', rights: 'rgt_own' });
    expect(await reset(user.id, await aSession(tenant, blind))).toMatchObject({
      status: 404,
      body: { code: 'user_not_found' },
    });
    const agent = await tenant.aUser(agentGrants);
    expect(await reset(user.id, await aSession(tenant, agent))).toMatchObject({
      status: 403,
      body: { code: 'not_permitted' },
    });
    const params = { userId: user.id };
    expect(await tenant.call('reset-second-factor', { params, body: { reason } })).toMatchObject({ status: 401 });
    expect(await tenant.read(userKeys.authenticator(user.id))).toBeDefined();
  });
});
