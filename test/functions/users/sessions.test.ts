import { userKeys } from '#table/keys.ts';
import { aSession } from '#test/functions/me/a-session.ts';
import { agentGrants, aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let admin: { id: string; token: string };
beforeAll(async () => {
  tenant = await aTenant();
  const user = await tenant.aUser({ superUser: true });
  admin = { id: user.id, token: await aSession(tenant, user) };
});

const list = (userId: string, token = admin.token) => tenant.call('list-user-sessions', { token, params: { userId } });
const end = (userId: string, sessionId: string, token = admin.token) =>
  tenant.call('end-user-session', { token, params: { userId, sessionId } });
const idOf = async (token: string): Promise<string> => {
  const { body } = await tenant.call('list-my-sessions', { token });
  return body.sessions.find(({ current }: { current: boolean }) => current).id;
};

describe('S4+ the sessions of a user', () => {
  it('are listed to who may see details, newest first and without their secrets', async () => {
    const user = await tenant.aUser(agentGrants);
    const first = await aSession(tenant, user);
    tenant.advance(1);
    const second = await aSession(tenant, user);
    const answer = await list(user.id);
    expect(answer.body.sessions.map(({ id }: { id: string }) => id)).toEqual([await idOf(second), await idOf(first)]);
    expect(Object.keys(answer.body.sessions[0]).sort()).toEqual(
      ['amr', 'createdAt', 'device', 'expiresAt', 'id', 'lastSeenAt', 'network'].sort(),
    );
  });

  it('end one by one: on the next request (G5)', async () => {
    const user = await tenant.aUser(agentGrants);
    const [token, other] = [await aSession(tenant, user), await aSession(tenant, user)];
    const sessionId = await idOf(token);
    expect(await end(user.id, sessionId)).toMatchObject({ status: 204 });
    expect(await tenant.call('get-me', { token })).toMatchObject({ status: 401 });
    expect(await tenant.call('get-me', { token: other })).toMatchObject({ status: 200 });
    expect(await end(user.id, sessionId)).toMatchObject({ status: 404, body: { code: 'session_not_found' } });
    expect((await tenant.audit()).filter(({ subject }) => (subject as { id: string }).id === sessionId)).toMatchObject([
      { event: 'session.ended', actor: admin.id, subject: { type: 'session' } },
    ]);
  });

  it('let what was queued take effect with the last of them (C2)', async () => {
    const user = await tenant.aUser(agentGrants);
    const [token, other] = [await aSession(tenant, user), await aSession(tenant, user)];
    const queued = await tenant.call('change-user', {
      token: admin.token,
      params: { userId: user.id },
      query: { when: 'nextSignOut' },
      headers: { 'if-match': '"1"' },
      body: { access: 'acc_supervisor' },
    });
    expect(queued).toMatchObject({ status: 200, body: { access: 'acc_agent', queued: { access: 'acc_supervisor' } } });
    const sessionIds = [await idOf(token), await idOf(other)];
    await end(user.id, sessionIds[0] as string);
    expect(await tenant.read(userKeys.user(user.id))).toMatchObject({ access: 'acc_agent' });
    await end(user.id, sessionIds[1] as string);
    const after = await tenant.read(userKeys.user(user.id));
    expect(after).toMatchObject({ access: 'acc_supervisor' });
    expect(after?.queued).toBeUndefined();
  });

  it('are another user’s only under that user', async () => {
    const [user, other] = [await tenant.aUser(agentGrants), await tenant.aUser(agentGrants)];
    const token = await aSession(tenant, user);
    expect(await end(other.id, await idOf(token))).toMatchObject({ status: 404, body: { code: 'session_not_found' } });
    expect(await tenant.call('get-me', { token })).toMatchObject({ status: 200 });
  });

  it('are not for who lacks the permission, nor of who is out of sight, nor of who holds more', async () => {
    const superUser = await tenant.aUser({ superUser: true });
    const theirs = await aSession(tenant, superUser);
    const sessionId = await idOf(theirs);
    const agent = await aSession(tenant, await tenant.aUser(agentGrants));
    expect(await list(superUser.id, agent)).toMatchObject({ status: 403, body: { code: 'not_permitted' } });
    expect(await end(superUser.id, sessionId, agent)).toMatchObject({ status: 403, body: { code: 'not_permitted' } });
    const administrator = await tenant.aUser({ access: 'acc_administrator', rights: 'rgt_everything' });
    const token = await aSession(tenant, administrator);
    expect(await end(superUser.id, sessionId, token)).toMatchObject({ status: 403, body: { code: 'outranked' } });
    const blind = await tenant.aUser({ access: 'acc_administrator', rights: 'rgt_own' });
    const blindToken = await aSession(tenant, blind);
    const unseen = { status: 404, body: { code: 'user_not_found' } };
    expect(await list(superUser.id, blindToken)).toMatchObject(unseen);
    expect(await end(superUser.id, sessionId, blindToken)).toMatchObject(unseen);
    expect(await list('usr_ffffffffffffffffffffffff')).toMatchObject(unseen);
    expect(await tenant.call('get-me', { token: theirs })).toMatchObject({ status: 200 });
  });

  it('have ids of their own form', async () => {
    const user = await tenant.aUser(agentGrants);
    expect(await end(user.id, 'ses_1')).toMatchObject({ status: 422, body: { code: 'invalid_input' } });
    expect(await list('usr_1')).toMatchObject({ status: 422 });
    expect(await tenant.call('list-user-sessions', { params: { userId: user.id } })).toMatchObject({ status: 401 });
  });
});
