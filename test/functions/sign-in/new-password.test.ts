import type { Settings } from '#contract/settings.ts';
import type { User } from '#domain/users/user.ts';
import { userKeys } from '#table/keys.ts';
import { update } from '#table/write.ts';
import { appCode } from '#test/setup/authenticator-app.ts';
import { aTenant, password, type TestTenant } from '#test/setup/tenant.ts';

const fresh = 'quiet rivers carry small boats';

async function aTemporary(tenant: TestTenant, values: Partial<User> = {}): Promise<User> {
  const user = await tenant.aUser(values);
  const temporaryUntil = tenant.deps.now() + 72 * 3_600_000;
  await tenant.deps.table.write(update(userKeys.password(user.id), { set: { temporaryUntil } }));
  return user;
}
const signIn = (tenant: TestTenant, { login }: User, typed = password) =>
  tenant.call('sign-in', { body: { login, password: typed } });
const choose = (tenant: TestTenant, challenge: string, typed: string) =>
  tenant.call('choose-new-password', { body: { challenge, password: typed } });

describe('K3 a temporary password', () => {
  let tenant: TestTenant;
  beforeAll(async () => {
    tenant = await aTenant();
  });

  it('opens nothing but the choice of another, which then signs in', async () => {
    const user = await aTemporary(tenant);
    const first = await signIn(tenant, user);
    expect(first.body.next).toMatchObject({ step: 'new-password' });
    const { challenge } = first.body.next;
    expect(await tenant.call('get-me', { token: challenge })).toMatchObject({ status: 401 });
    expect(await choose(tenant, challenge, 'short')).toMatchObject({ status: 422, body: { code: 'password_refused' } });
    expect(await choose(tenant, challenge, password)).toMatchObject({
      status: 422,
      body: { code: 'password_refused' },
    });
    const done = await choose(tenant, challenge, fresh);
    expect(done).toMatchObject({ status: 200, body: { next: { step: 'signed-in' } } });
    expect(await tenant.call('get-me', { token: done.body.next.token })).toMatchObject({ status: 200 });
    expect(await signIn(tenant, user)).toMatchObject({ status: 401, body: { code: 'invalid_credentials' } });
    expect((await signIn(tenant, user, fresh)).body.next).toMatchObject({ step: 'signed-in' });
    const events = (await tenant.audit()).filter(({ actor }) => actor === user.id).map(({ event }) => event);
    expect(events.filter((event) => event === 'password.changed')).toHaveLength(1);
    expect(
      (await tenant.mails()).filter(({ to, template }) => to === user.authEmail && template === 'password-changed'),
    ).toHaveLength(1);
  });

  it('is good for 72 hours, to the second', async () => {
    const [early, late] = [await aTemporary(tenant), await aTemporary(tenant)];
    tenant.advance(72 * 3600 - 1);
    expect((await signIn(tenant, early)).body.next).toMatchObject({ step: 'new-password' });
    tenant.advance(1);
    expect(await signIn(tenant, late)).toMatchObject({ status: 401, body: { code: 'invalid_credentials' } });
  });

  it('still asks for the second factor first', async () => {
    const user = await aTemporary(tenant, { secondFactor: 'email-otp' });
    const { challenge } = (await signIn(tenant, user)).body.next;
    expect(await choose(tenant, challenge, fresh)).toMatchObject({ status: 401, body: { code: 'challenge_over' } });
    const code = (await tenant.mails()).findLast(({ to }) => to === user.authEmail)?.data.code;
    const second = await tenant.call('verify-code', { body: { challenge, code } });
    expect(second.body.next).toMatchObject({ step: 'new-password' });
    const done = await choose(tenant, second.body.next.challenge, fresh);
    const me = await tenant.call('get-me', { token: done.body.next.token });
    expect(me.body.session.amr).toEqual(['pwd', 'otp-email']);
  });

  it('and the set-up of an enforced authenticator', async () => {
    const user = await aTemporary(tenant, { secondFactor: 'authenticator-enforced' });
    const { challenge } = (await signIn(tenant, user)).body.next;
    const { key } = (await tenant.call('start-totp-setup', { body: { challenge } })).body;
    const code = appCode(key, tenant.deps.now());
    const second = await tenant.call('confirm-totp-setup', { body: { challenge, code } });
    expect(second.body.next).toMatchObject({ step: 'new-password' });
    expect(await choose(tenant, second.body.next.challenge, fresh)).toMatchObject({ status: 200 });
  });

  it('is replaced once by 100 parallel choices, and ends the sessions of before', async () => {
    const user = await tenant.aUser();
    const old = (await signIn(tenant, user)).body.next.token;
    await tenant.deps.table.write(
      update(userKeys.password(user.id), { set: { temporaryUntil: tenant.deps.now() + 3_600_000 } }),
    );
    const { challenge } = (await signIn(tenant, user)).body.next;
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) => choose(tenant, challenge, `${fresh} number ${n % 10}`)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await tenant.call('get-me', { token: old })).toMatchObject({ status: 401 });
  });
});

describe('K1 a password that is too old by the tenant’s setting', () => {
  it('is changed at the next sign-in; by default it never is', async () => {
    const settings: Partial<Settings> = { passwordDays: 30 };
    for (const [given, step] of [
      [settings, 'new-password'],
      [{}, 'signed-in'],
    ] as const) {
      const tenant = await aTenant(given);
      const user = await tenant.aUser();
      tenant.advance(30 * 86_400 - 1);
      expect((await signIn(tenant, user)).body.next).toMatchObject({ step: 'signed-in' });
      tenant.advance(1);
      expect((await signIn(tenant, user)).body.next).toMatchObject({ step });
    }
  });
});
