import type { User } from '#domain/users/user.ts';
import { codeAt, wrongCode } from '#test/domain/authenticators/app.ts';
import { anAuthenticator, aSession, tally } from '#test/functions/me/a-session.ts';
import { aTenant, password, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
beforeAll(async () => {
  tenant = await aTenant();
});

const withSession = async (values: Partial<User> = {}) => {
  const user = await tenant.aUser(values);
  return { user, token: await aSession(tenant, user) };
};
const withAuthenticator = async () => {
  const { user, token } = await withSession({ secondFactor: 'authenticator-optional' });
  const made = await anAuthenticator(tenant, token);
  tenant.advance(60);
  return { user, token, ...made };
};
const prove = (token: string, body: Record<string, unknown>) => tenant.call('reauthenticate', { token, body });
const now = () => tenant.deps.now();

describe('ASVS 7.5.1 proving again who one is', () => {
  it('takes the password, and is good for five minutes in this session alone', async () => {
    const { user, token } = await withSession({ secondFactor: 'authenticator-optional' });
    const other = await aSession(tenant, user);
    tenant.advance(301);
    const until = new Date(now() + 300_000).toISOString();
    expect(await prove(token, { password })).toMatchObject({ status: 200, body: { until } });
    tenant.advance(300);
    expect(await tenant.call('set-up-my-totp', { token })).toMatchObject({ status: 200 });
    expect(await tenant.call('set-up-my-totp', { token: other })).toMatchObject({
      body: { code: 'reauthentication_needed' },
    });
    tenant.advance(1);
    expect(await tenant.call('set-up-my-totp', { token })).toMatchObject({ body: { code: 'reauthentication_needed' } });
    expect((await tenant.audit()).filter(({ event }) => event === 'session.re-authenticated')).toEqual([
      expect.objectContaining({ actor: user.id, subject: expect.objectContaining({ type: 'session' }) }),
    ]);
  });

  it('refuses another password, and five in a row end the guessing', async () => {
    const { user, token } = await withSession();
    const outcomes: string[] = [];
    for (let n = 0; n < 5; n++) {
      outcomes.push((await prove(token, { password: `${password}!` })).body.code);
      tenant.advance(300);
    }
    expect(outcomes).toEqual(Array(5).fill('wrong_password'));
    expect(await prove(token, { password })).toMatchObject({ status: 429, body: { code: 'too_many_attempts' } });
    const failures = tenant.logged.filter((each) => each.event === 'authn_login_fail' && each.user === user.id);
    expect(failures).toHaveLength(5);
  });

  it('takes the authenticator’s code as well, once', async () => {
    const { token, key } = await withAuthenticator();
    expect(await prove(token, { password })).toMatchObject({
      status: 422,
      body: { code: 'invalid_input', errors: [{ pointer: '/body/code' }] },
    });
    const code = codeAt(key, now());
    expect(await prove(token, { password: 'another password', code })).toMatchObject({
      body: { code: 'wrong_password' },
    });
    expect(await prove(token, { password, code: wrongCode(key, now()) })).toMatchObject({
      status: 401,
      body: { code: 'wrong_code' },
    });
    expect(await prove(token, { password, code })).toMatchObject({ status: 200 });
    expect(await prove(token, { password, code })).toMatchObject({ status: 401, body: { code: 'wrong_code' } });
  });

  it('takes a recovery code in its place, once, however it is typed', async () => {
    const { token, codes } = await withAuthenticator();
    const typed = (codes[0] as string).toLowerCase().replaceAll('-', ' ');
    expect(await prove(token, { password, recoveryCode: typed })).toMatchObject({ status: 200 });
    expect(await prove(token, { password, recoveryCode: codes[0] })).toMatchObject({ body: { code: 'wrong_code' } });
    expect(await prove(token, { password, recoveryCode: 'ABCD' })).toMatchObject({ status: 422 });
  });

  // Each verifies the password: two hundred would take a minute. The write itself stands two hundred in recovery-codes.test.ts.
  it('takes one recovery code once of 40 parallel requests (G2)', async () => {
    const { token, codes } = await withAuthenticator();
    const body = { password, recoveryCode: codes[1] };
    const answers = await Promise.all(Array.from({ length: 40 }, () => prove(token, body)));
    const { 200: successes, wrong_code: wrong = 0, too_many_attempts: tooMany = 0 } = tally(answers);
    expect([successes, wrong + tooMany]).toEqual([1, 39]);
  });

  it('counts wrong codes with those of signing in: ten an hour (G3)', async () => {
    const { token, key, codes } = await withAuthenticator();
    for (let n = 0; n < 10; n++) {
      const given = n % 2 ? { code: wrongCode(key, now()) } : { recoveryCode: 'ABCD-EFGH-2345-6723' };
      expect(await prove(token, { password, ...given })).toMatchObject({ body: { code: 'wrong_code' } });
    }
    for (const given of [{ code: codeAt(key, now()) }, { recoveryCode: codes[0] }]) {
      expect(await prove(token, { password, ...given })).toMatchObject({
        status: 429,
        body: { code: 'too_many_attempts' },
      });
    }
  });

  it('ignores recovery codes of who has none', async () => {
    const { token } = await withSession();
    expect(await prove(token, { password, recoveryCode: 'ABCD-EFGH-2345-6723' })).toMatchObject({ status: 200 });
  });

  it('is for who is signed in', async () => {
    expect(await tenant.call('reauthenticate', { body: { password } })).toMatchObject({ status: 401 });
  });
});
