import { aTenant, password, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
beforeAll(async () => {
  tenant = await aTenant();
});

describe('S0-16 S1-13 sign-in by password', () => {
  it('gives a session to login and password', async () => {
    const user = await tenant.aUser();
    const answer = await tenant.call('sign-in', { body: { login: user.login, password } });
    expect(answer).toMatchObject({ status: 200, body: { next: { step: 'signed-in' } } });
    const me = await tenant.call('get-me', { token: answer.body.next.token });
    expect(me).toMatchObject({ status: 200, body: { user: { id: user.id }, session: { amr: ['pwd'] } } });
  });
});
