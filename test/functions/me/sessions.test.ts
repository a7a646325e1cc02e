import { aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
beforeAll(async () => {
  tenant = await aTenant();
});

describe('S4+ K4 my sessions', () => {
  it('are listed newest first, the one that asks marked, dead ones left out', async () => {
    const user = await tenant.aUser();
    await tenant.signIn(user.login);
    tenant.advance(3601);
    const first = await tenant.signIn(user.login);
    tenant.advance(1);
    const second = await tenant.signIn(user.login);
    const { body } = await tenant.call('list-my-sessions', { token: first });
    expect(body.sessions.map(({ current }: { current: boolean }) => current)).toEqual([false, true]);
    expect(body.sessions[1]).toMatchObject({ network: '198.51.100.7', device: 'jest', amr: ['pwd'] });
    expect(JSON.stringify(body)).not.toContain('secretHash');
    expect(await tenant.call('get-me', { token: second })).toMatchObject({ status: 200 });
  });

  it('end one by one, and only one’s own', async () => {
    const user = await tenant.aUser();
    const [token, other] = [await tenant.signIn(user.login), await tenant.signIn(user.login)];
    const { body } = await tenant.call('get-me', { token: other });
    const params = { sessionId: body.session.id };
    const stranger = await tenant.signIn((await tenant.aUser()).login);
    expect(await tenant.call('end-my-session', { token: stranger, params })).toMatchObject({
      status: 404,
      body: { code: 'session_not_found' },
    });
    expect(await tenant.call('end-my-session', { token, params })).toMatchObject({ status: 204 });
    expect(await tenant.call('get-me', { token: other })).toMatchObject({ status: 401 });
    expect(await tenant.call('end-my-session', { token, params })).toMatchObject({ status: 404 });
  });

  it('name what the caller may do', async () => {
    const agent = await tenant.signIn((await tenant.aUser()).login);
    const { token } = await tenant.aSuperUser();
    expect((await tenant.call('get-me', { token: agent })).body.permissions).toEqual([]);
    expect((await tenant.call('get-me', { token })).body.permissions).toContain('users:create');
  });
});
