import { userKeys } from '#table/keys.ts';
import { aSession, tally } from '#test/functions/me/a-session.ts';
import { entriesAbout } from '#test/functions/users/people.ts';
import { aTenant, password, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
beforeAll(async () => {
  tenant = await aTenant();
});

const another = 'a different walk up the hill';
const change = (token: string | undefined, currentPassword = password, typed = another) =>
  tenant.call('change-my-password', { ...(token && { token }), body: { currentPassword, password: typed } });
const isIn = async (token: string) => (await tenant.call('get-me', { token })).status === 200;

describe('S3-7 ASVS 6.2.2 changing one’s own password', () => {
  it('takes the present one, ends the other sessions and goes on in this one', async () => {
    const user = await tenant.aUser();
    const [here, elsewhere] = [await aSession(tenant, user), await aSession(tenant, user)];
    expect(await change(here)).toMatchObject({ status: 204, body: null });
    expect([await isIn(here), await isIn(elsewhere)]).toEqual([true, false]);
    const signIn = (typed: string) => tenant.call('sign-in', { body: { login: user.login, password: typed } });
    expect(await signIn(another)).toMatchObject({ status: 200 });
    expect(await signIn(password)).toMatchObject({ status: 401 });
  });

  it('tells the user, and the audit, without the password', async () => {
    const user = await tenant.aUser();
    await change(await aSession(tenant, user));
    const told = (await tenant.mails()).filter(({ to }) => to === user.authEmail);
    expect(told.map(({ template }) => template)).toEqual(['password-changed']);
    const [entry] = await entriesAbout(tenant, user.id, 'password.changed');
    expect(entry).toMatchObject({ actor: user.id });
    expect(JSON.stringify([entry, told])).not.toContain(another);
  });

  it('ASVS 6.2.3 refuses a wrong present one, counts it, and refuses the right one too after five', async () => {
    const user = await tenant.aUser();
    const token = await aSession(tenant, user);
    for (let wrong = 1; wrong <= 5; wrong++) {
      expect(await change(token, 'not my password')).toMatchObject({ status: 403, body: { code: 'wrong_password' } });
      tenant.advance(300);
    }
    expect(await change(token)).toMatchObject({ status: 429, body: { code: 'too_many_attempts' } });
    tenant.advance(3300);
    expect(await change(await aSession(tenant, user))).toMatchObject({ status: 204 });
  });

  it('K1 refuses what the policy refuses, and the present one again', async () => {
    const token = await aSession(tenant, await tenant.aUser());
    for (const typed of ['short', 'passwordpassword', password]) {
      expect(await change(token, password, typed)).toMatchObject({
        status: 422,
        body: {
          code: 'password_refused',
          errors: expect.arrayContaining([expect.objectContaining({ pointer: '/body/password' })]),
        },
      });
    }
  });

  it('G2 is won by one of ten at once from two sessions', async () => {
    const user = await tenant.aUser();
    const tokens = [await aSession(tenant, user), await aSession(tenant, user)];
    const asked = Array.from({ length: 10 }, (_, n) => change(tokens[n % 2], password, `${another} ${n}`));
    const answers = await Promise.all(asked);
    expect(tally(answers)[204]).toBe(1);
    const winner = answers.findIndex(({ status }) => status === 204);
    expect(await isIn(tokens[winner % 2] as string)).toBe(true);
    expect(await isIn(tokens[(winner + 1) % 2] as string)).toBe(false);
    expect(await entriesAbout(tenant, user.id, 'password.changed')).toHaveLength(1);
  });

  it('G5 does not bring back a session that was ended meanwhile', async () => {
    const { token: admin } = await tenant.aSuperUser();
    const user = await tenant.aUser();
    const token = await aSession(tenant, user);
    await Promise.all([change(token), tenant.call('sign-out-user', { token: admin, params: { userId: user.id } })]);
    expect(await isIn(token)).toBe(false);
  });

  it('K1 keeps a history where the tenant wants one', async () => {
    const strict = await aTenant({ passwordHistory: 1 });
    const user = await strict.aUser();
    const token = await aSession(strict, user);
    const call = (currentPassword: string, typed: string) =>
      strict.call('change-my-password', { token, body: { currentPassword, password: typed } });
    expect(await call(password, another)).toMatchObject({ status: 204 });
    expect(await call(another, password)).toMatchObject({ status: 422, body: { code: 'password_refused' } });
    expect((await strict.read(userKeys.password(user.id)))?.history).toHaveLength(1);
  });

  it('is for who is signed in, and refuses 1 MiB, lone surrogates and other fields', async () => {
    expect(await change(undefined)).toMatchObject({ status: 401 });
    const token = await aSession(tenant, await tenant.aUser());
    expect(await change(token, password, 'x'.repeat(1024 * 1024))).toMatchObject({ status: 413 });
    expect(await change(token, password, 'by the long river \ud800')).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/body/password' }] },
    });
    const body = { currentPassword: password, password: another, userId: 'usr_1' };
    expect(await tenant.call('change-my-password', { token, body })).toMatchObject({ status: 422 });
  });
});
