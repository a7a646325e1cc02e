import type { User } from '#domain/users/user.ts';
import { userKeys } from '#table/keys.ts';
import { codeAt, codeOfStep, stepAt, wrongCode } from '#test/domain/authenticators/app.ts';
import { anAuthenticator, aSession, everythingKept, tally } from '#test/functions/me/a-session.ts';
import { aTenant, password, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
beforeAll(async () => {
  tenant = await aTenant();
});

const now = () => tenant.deps.now();
const withSession = async (values: Partial<User> = {}) => {
  const user = await tenant.aUser({ secondFactor: 'authenticator-optional', ...values });
  return { user, token: await aSession(tenant, user) };
};
/** Which changes of their second factor the user was told of. */
const toldOf = async ({ authEmail }: User) =>
  (await tenant.mails())
    .filter(({ to, template }) => to === authEmail && template === 'second-factor-changed')
    .map(({ data }) => data.what);
const begun = async (token: string): Promise<string> => (await tenant.call('set-up-my-totp', { token })).body.key;
const confirm = (token: string, code: string) => tenant.call('confirm-my-totp', { token, body: { code } });

describe('S0-21 setting up an authenticator', () => {
  it('shows key and QR codes, and after the first code ten recovery codes; tells the user and ends the other sessions', async () => {
    const { user, token } = await withSession();
    const other = await aSession(tenant, user);
    const begun = await tenant.call('set-up-my-totp', { token });
    expect(begun).toMatchObject({
      status: 200,
      body: {
        uri: expect.stringContaining(`secret=${begun.body.key}`),
        expiresAt: new Date(now() + 600_000).toISOString(),
      },
    });
    expect(begun.body.qrSvg).toMatch(/^data:image\/svg\+xml;base64,/);
    expect(begun.body.qrPng).toMatch(/^data:image\/png;base64,/);
    expect(await tenant.read(userKeys.authenticator(user.id))).toBeUndefined();

    const confirmed = await confirm(token, codeAt(begun.body.key, now()));
    expect(confirmed.status).toBe(200);
    expect(confirmed.body.recoveryCodes).toHaveLength(10);
    expect(await tenant.call('list-my-sessions', { token })).toMatchObject({ status: 200, body: { sessions: [{}] } });
    expect(await tenant.call('list-my-sessions', { token: other })).toMatchObject({ status: 401 });
    expect(await toldOf(user)).toEqual(['set-up']);
    expect((await tenant.audit()).filter(({ event }) => event === 'authenticator.set-up')).toEqual([
      expect.objectContaining({ actor: user.id, subject: { type: 'user', id: user.id } }),
    ]);
    expect(await tenant.call('set-up-my-totp', { token })).toMatchObject({ body: { code: 'authenticator_present' } });
    expect(await confirm(token, '000000')).toMatchObject({ body: { code: 'authenticator_present' } });
  });

  it('asked for again gives another key, and the one before is dead', async () => {
    const { token } = await withSession();
    const [first, second] = [await begun(token), await begun(token)];
    expect(second).not.toBe(first);
    expect(await confirm(token, codeAt(first, now()))).toMatchObject({ status: 401, body: { code: 'wrong_code' } });
    expect(await confirm(token, codeAt(second, now()))).toMatchObject({ status: 200 });
  });

  it('counts the code that proved it as used', async () => {
    const { user, token } = await withSession();
    const { key } = await anAuthenticator(tenant, token);
    const item = await tenant.read(userKeys.authenticator(user.id));
    expect(item).toMatchObject({ lastStep: stepAt(now()) });
    const body = { password, code: codeAt(key, now()) };
    expect(await tenant.call('reauthenticate', { token, body })).toMatchObject({ body: { code: 'wrong_code' } });
  });

  it.each(['off', 'email-otp'] as const)(
    'is not open to who has the second factor %s (S0-23)',
    async (secondFactor) => {
      const { token } = await withSession({ secondFactor });
      for (const answer of [await tenant.call('set-up-my-totp', { token }), await confirm(token, '123456')]) {
        expect(answer).toMatchObject({ status: 409, body: { code: 'authenticator_not_open', rule: 'S0-23' } });
      }
    },
  );

  it('needs a proof at most five minutes old, to the second', async () => {
    const { token } = await withSession();
    tenant.advance(300);
    const key = await begun(token);
    tenant.advance(1);
    for (const answer of [await tenant.call('set-up-my-totp', { token }), await confirm(token, codeAt(key, now()))]) {
      expect(answer).toMatchObject({ status: 403, body: { code: 'reauthentication_needed' } });
    }
    const again = await tenant.call('reauthenticate', { token, body: { password } });
    expect(again).toMatchObject({ status: 200 });
    expect(await confirm(token, codeAt(key, now()))).toMatchObject({ status: 200 });
  });

  it('is over after ten minutes, to the second', async () => {
    const { token } = await withSession();
    const key = await begun(token);
    tenant.advance(290);
    await tenant.call('reauthenticate', { token, body: { password } });
    tenant.advance(290);
    await tenant.call('reauthenticate', { token, body: { password } });
    tenant.advance(19);
    expect(await confirm(token, wrongCode(key, now()))).toMatchObject({ body: { code: 'wrong_code' } });
    tenant.advance(1);
    expect(await confirm(token, codeAt(key, now()))).toMatchObject({
      status: 410,
      body: { code: 'verification_over' },
    });
  });

  it('is over after five wrong codes, and without having begun in this session', async () => {
    const { user, token } = await withSession();
    expect(await confirm(token, '123456')).toMatchObject({ status: 410, body: { code: 'verification_over' } });
    const key = await begun(token);
    const elsewhere = await aSession(tenant, user);
    expect(await confirm(elsewhere, codeAt(key, now()))).toMatchObject({ body: { code: 'verification_over' } });
    for (const attemptsLeft of [4, 3, 2, 1, 0]) {
      expect(await confirm(token, wrongCode(key, now()))).toMatchObject({
        status: 401,
        body: { code: 'wrong_code', attemptsLeft },
      });
    }
    expect(await confirm(token, codeAt(key, now()))).toMatchObject({ body: { code: 'verification_over' } });
  });

  it('lets in ten wrong codes an hour, over all keys (G3)', async () => {
    const { token } = await withSession();
    for (let n = 0; n < 10; n++) {
      const key = await begun(token);
      expect(await confirm(token, wrongCode(key, now()))).toMatchObject({ body: { code: 'wrong_code' } });
    }
    const key = await begun(token);
    expect(await confirm(token, codeAt(key, now()))).toMatchObject({
      status: 429,
      body: { code: 'too_many_attempts' },
    });
  });

  it('is confirmed by exactly one of 200 parallel requests (G2)', async () => {
    const { token } = await withSession();
    const key = await begun(token);
    const code = codeAt(key, now());
    const answers = await Promise.all(Array.from({ length: 200 }, () => confirm(token, code)));
    const { 200: successes, verification_over: over = 0, authenticator_present: present = 0 } = tally(answers);
    expect([successes, over + present]).toEqual([1, 199]);
    expect(await tenant.call('list-my-sessions', { token })).toMatchObject({ status: 200 });
  });

  it('goes on when somebody else changes the user at that moment', async () => {
    const { user, token } = await withSession();
    const admin = await tenant.aUser({ superUser: true });
    const adminToken = await aSession(tenant, admin);
    const key = await begun(token);
    const change = { params: { userId: user.id }, headers: { 'if-match': '"1"' }, body: { title: 'Another title' } };
    const [confirmed, changed] = await Promise.all([
      confirm(token, codeAt(key, now())),
      tenant.call('change-user', { token: adminToken, ...change }),
    ]);
    expect(confirmed.status).toBe(200);
    expect([200, 412]).toContain(changed.status);
  });

  it.each(['12345', '1234567', 'abcdef', '', null, 123456])('refuses %p as a code', async (code) => {
    const { token } = await withSession();
    expect(await tenant.call('confirm-my-totp', { token, body: { code } })).toMatchObject({
      status: 422,
      body: { code: 'invalid_input' },
    });
  });

  it('leaves key and codes nowhere in clear: not in the table, not in audit or log (G12)', async () => {
    const { token } = await withSession();
    const waiting = await begun(token);
    expect(await everythingKept(tenant)).not.toContain(waiting);
    const { key, codes } = await anAuthenticator(tenant, token);
    const renewed = (await tenant.call('renew-my-recovery-codes', { token })).body.recoveryCodes as string[];
    await tenant.keepAudit();
    const kept = await everythingKept(tenant);
    for (const secret of [key, ...codes, ...renewed]) {
      expect(kept).not.toContain(secret);
      expect(kept).not.toContain(secret.replaceAll('-', ''));
    }
  });
});

describe('S0-21 removing one’s authenticator', () => {
  it('takes codes with it, tells the user and ends the other sessions', async () => {
    const { user, token } = await withSession();
    await anAuthenticator(tenant, token);
    const other = await aSession(tenant, user);
    expect(await tenant.call('remove-my-totp', { token })).toMatchObject({ status: 204 });
    expect(await tenant.read(userKeys.authenticator(user.id))).toBeUndefined();
    expect(await tenant.read(userKeys.recoveryCodes(user.id))).toBeUndefined();
    expect(await tenant.call('list-my-sessions', { token: other })).toMatchObject({ status: 401 });
    expect(await tenant.call('list-my-sessions', { token })).toMatchObject({ status: 200 });
    // All in one instant of the test's clock, so in no order.
    expect((await toldOf(user)).sort()).toEqual(['removed', 'set-up']);
    expect(await tenant.call('remove-my-totp', { token })).toMatchObject({ body: { code: 'authenticator_absent' } });
    expect(await tenant.call('set-up-my-totp', { token })).toMatchObject({ status: 200 });
  });

  it('makes the next sign-in ask for another where it is enforced (S0-22)', async () => {
    const { user, token } = await withSession({ secondFactor: 'authenticator-enforced' });
    await anAuthenticator(tenant, token);
    const body = { login: user.login, password };
    expect(await tenant.call('sign-in', { body })).toMatchObject({ body: { next: { step: 'authenticator-code' } } });
    await tenant.call('remove-my-totp', { token });
    expect(await tenant.call('sign-in', { body })).toMatchObject({ body: { next: { step: 'authenticator-setup' } } });
  });

  it('is done by one of parallel requests, and needs a fresh proof', async () => {
    const { token } = await withSession();
    await anAuthenticator(tenant, token);
    const answers = await Promise.all(Array.from({ length: 20 }, () => tenant.call('remove-my-totp', { token })));
    expect(tally(answers)).toEqual({ 204: 1, authenticator_absent: 19 });
    tenant.advance(301);
    expect(await tenant.call('remove-my-totp', { token })).toMatchObject({ body: { code: 'reauthentication_needed' } });
  });
});

describe('S0-21 new recovery codes', () => {
  it('replace those before', async () => {
    const { token } = await withSession();
    const { codes } = await anAuthenticator(tenant, token);
    const renewed = await tenant.call('renew-my-recovery-codes', { token });
    expect(renewed).toMatchObject({ status: 200 });
    expect(renewed.body.recoveryCodes).toHaveLength(10);
    const using = (recoveryCode: string) => tenant.call('reauthenticate', { token, body: { password, recoveryCode } });
    expect(await using(codes[0] as string)).toMatchObject({ body: { code: 'wrong_code' } });
    expect(await using(renewed.body.recoveryCodes[0])).toMatchObject({ status: 200 });
  });

  it('are not made before there is an authenticator, nor without a fresh proof', async () => {
    const { token } = await withSession();
    const renew = () => tenant.call('renew-my-recovery-codes', { token });
    expect(await renew()).toMatchObject({ status: 409, body: { code: 'authenticator_absent' } });
    await begun(token);
    expect(await renew()).toMatchObject({ status: 409, body: { code: 'authenticator_absent' } });
    await anAuthenticator(tenant, token);
    tenant.advance(300);
    expect(await renew()).toMatchObject({ status: 200 });
    tenant.advance(1);
    expect(await renew()).toMatchObject({ status: 403, body: { code: 'reauthentication_needed' } });
  });
});

describe('S0-21 who is not signed in', () => {
  it.each(['set-up-my-totp', 'remove-my-totp', 'renew-my-recovery-codes'] as const)(
    'gets nothing of %s',
    async (id) => {
      expect(await tenant.call(id)).toMatchObject({ status: 401, body: { code: 'not_signed_in' } });
    },
  );

  it('confirms nothing', async () => {
    const code = codeOfStep('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', 1);
    expect(await tenant.call('confirm-my-totp', { body: { code } })).toMatchObject({ status: 401 });
  });
});
