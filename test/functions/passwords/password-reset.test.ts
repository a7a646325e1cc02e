import { userKeys } from '#table/keys.ts';
import { put, remove } from '#table/write.ts';
import { tally } from '#test/functions/me/a-session.ts';
import { entriesAbout } from '#test/functions/users/people.ts';
import { deactivate } from '#test/setup/leaving.ts';
import { aTenant, password, type TestTenant } from '#test/setup/tenant.ts';

/** More than one only by hand: each hashes 200 passwords. */
const ROUNDS = Number(process.env.ROUNDS ?? 1);

let tenant: TestTenant;
beforeAll(async () => {
  tenant = await aTenant();
});

const another = 'a different walk up the hill';
const ask = (login: string) => tenant.call('request-password-reset', { body: { login } });
const complete = (token: string, typed = another) =>
  tenant.call('complete-password-reset', { body: { token, password: typed } });
const signIn = (login: string, typed: string) => tenant.call('sign-in', { body: { login, password: typed } });

async function newestLink(address: string | undefined): Promise<string> {
  const mail = (await tenant.mails())
    .filter(({ to, template }) => to === address && template === 'password-reset')
    .at(-1);
  return mail?.data.link ?? '';
}

async function aResetOf(login: string, address: string | undefined): Promise<string> {
  await ask(login);
  return (await newestLink(address)).split('#')[1] as string;
}

describe('S0-25 S3-4 S3-7 forgotten passwords', () => {
  it('sends a link built from the public URL, with the token behind the hash sign, where no server sees it', async () => {
    const user = await tenant.aUser();
    expect(await ask(user.login)).toMatchObject({ status: 202, body: null });
    expect(await newestLink(user.authEmail)).toMatch(/^https:\/\/acme\.example\/password-reset#rrst_[\w-]{70}$/);
  });

  it('takes the new password and no longer the old one, and signs nobody in', async () => {
    const user = await tenant.aUser();
    const token = await aResetOf(user.login, user.authEmail);
    expect(await complete(token)).toMatchObject({ status: 204, body: null });
    expect(await signIn(user.login, another)).toMatchObject({ status: 200 });
    expect(await signIn(user.login, password)).toMatchObject({ status: 401 });
  });

  it('ends all sessions, and the job removes what is left of them', async () => {
    const user = await tenant.aUser();
    const tokens = [await tenant.signIn(user.login), await tenant.signIn(user.login)];
    await complete(await aResetOf(user.login, user.authEmail));
    for (const token of tokens) expect(await tenant.call('get-me', { token })).toMatchObject({ status: 401 });
  });

  it('does not skip the second factor', async () => {
    const user = await tenant.aUser({ secondFactor: 'email-otp' });
    await complete(await aResetOf(user.login, user.authEmail));
    expect((await signIn(user.login, another)).body.next.step).toBe('code-sent');
  });

  it('works once', async () => {
    const user = await tenant.aUser();
    const token = await aResetOf(user.login, user.authEmail);
    expect(await complete(token)).toMatchObject({ status: 204 });
    expect(await complete(token)).toMatchObject({ status: 410, body: { code: 'link_over' } });
  });

  it(
    'G2 works for exactly one of 200 parallel requests',
    async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const user = await tenant.aUser({ state: 'invited' });
        // Nothing to compare the new one with: half the hashing.
        await tenant.deps.table.write(remove(userKeys.password(user.id)));
        const token = await aResetOf(user.login, user.authEmail);
        const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => complete(token, `${another} ${n}`)));
        expect(tally(answers)).toEqual({ 204: 1, link_over: 199 });
        const winner = answers.findIndex(({ status }) => status === 204);
        expect(await signIn(user.login, `${another} ${winner}`)).toMatchObject({ status: 200 });
        expect(await entriesAbout(tenant, user.id, 'password.reset')).toHaveLength(1);
      }
    },
    ROUNDS * 120_000,
  );

  it('tells the user that the password was changed', async () => {
    const user = await tenant.aUser();
    await complete(await aResetOf(user.login, user.authEmail));
    const told = (await tenant.mails()).filter(
      ({ to, template }) => to === user.authEmail && template === 'password-changed',
    );
    expect(told).toHaveLength(1);
  });

  it('forgets the wrong guesses of the old password, also those from known networks', async () => {
    const user = await tenant.aUser();
    const token = await aResetOf(user.login, user.authEmail);
    for (const kind of ['passwords', 'passwords-known']) {
      const limit = { type: 'limit', v: 1, count: 10, expiresAt: tenant.deps.now() + 3_600_000 };
      await tenant.deps.table.write(put({ ...userKeys.limit(user.id, kind), ...limit }));
    }
    expect(await signIn(user.login, password)).toMatchObject({ status: 429 });
    await complete(token);
    expect(await signIn(user.login, another)).toMatchObject({ status: 200 });
    expect(await tenant.read(userKeys.limit(user.id, 'passwords-known'))).toBeUndefined();
  });

  it('C23 K13 is refused from where the user is not let in, and works from elsewhere', async () => {
    const user = await tenant.aUser({ allowedNetworks: ['203.0.113.0/24'] });
    const token = await aResetOf(user.login, user.authEmail);
    expect(await complete(token)).toMatchObject({ status: 403, body: { code: 'network_not_allowed' } });
    const body = { token, password: another };
    expect(await tenant.call('complete-password-reset', { body, ip: '203.0.113.9' })).toMatchObject({ status: 204 });
  });

  it('K1 refuses the present password', async () => {
    const user = await tenant.aUser();
    const token = await aResetOf(user.login, user.authEmail);
    expect(await complete(token, password)).toMatchObject({
      status: 422,
      body: { code: 'password_refused', errors: [{ pointer: '/body/password', detail: 'was used before' }] },
    });
  });

  it('wants either the link’s token, or login and code', async () => {
    const token = `rrst_${'A'.repeat(70)}`;
    for (const given of [
      {},
      { login: 'jana' },
      { code: '12345678' },
      { token, login: 'jana' },
      { token, code: '12345678' },
    ]) {
      const answer = await tenant.call('complete-password-reset', { body: { ...given, password: another } });
      expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_input' } });
    }
  });

  it('is over after 60 minutes', async () => {
    const user = await tenant.aUser();
    const token = await aResetOf(user.login, user.authEmail);
    tenant.advance(3600);
    expect(await complete(token)).toMatchObject({ status: 410, body: { code: 'link_over' } });
  });

  it('is over when a newer one was asked for, the address was changed, or the user was deactivated', async () => {
    const replaced = await tenant.aUser();
    const old = await aResetOf(replaced.login, replaced.authEmail);
    tenant.advance(1);
    await ask(replaced.login);
    expect(await complete(old)).toMatchObject({ status: 410 });

    const { token } = await tenant.aSuperUser();
    const moved = await tenant.aUser();
    const toOldAddress = await aResetOf(moved.login, moved.authEmail);
    await tenant.call('change-user', {
      token,
      params: { userId: moved.id },
      headers: { 'if-match': '"1"' },
      body: { authEmail: `x${moved.authEmail}` },
    });
    expect(await complete(toOldAddress)).toMatchObject({ status: 410 });

    const off = await tenant.aUser();
    const ofDeactivated = await aResetOf(off.login, off.authEmail);
    await deactivate(tenant, token, off.id);
    expect(await complete(ofDeactivated)).toMatchObject({ status: 410 });
  });

  it('lets an invited user choose the first password (S3-7)', async () => {
    const user = await tenant.aUser({
      state: 'invited',
      invite: { secretHash: 'x', expiresAt: tenant.deps.now() + 1000 },
    });
    expect(await complete(await aResetOf(user.login, user.authEmail))).toMatchObject({ status: 204 });
    expect(await signIn(user.login, another)).toMatchObject({ status: 200 });
    const stored = await tenant.read(userKeys.user(user.id));
    expect(stored).toMatchObject({ state: 'active' });
    expect(stored).not.toHaveProperty('dpk');
  });

  it('keeps the link usable when the password is refused', async () => {
    const user = await tenant.aUser();
    const token = await aResetOf(user.login, user.authEmail);
    expect(await complete(token, 'short')).toMatchObject({
      status: 422,
      body: { code: 'password_refused', errors: [{ pointer: '/body/password' }] },
    });
    expect(await complete(token)).toMatchObject({ status: 204 });
  });

  it('refuses tokens of other kinds and made-up ones', async () => {
    for (const token of ['', 'rrst_', `rrst_${'A'.repeat(70)}`, `rses_${'A'.repeat(70)}`, '../..']) {
      expect(await complete(token)).toMatchObject({ status: 410, body: { code: 'link_over' } });
    }
  });
});

describe('K14 G4 asking does not tell who exists', () => {
  it.each(['email', 'sms'] as const)(
    'by %s: answers alike for known, unknown, deactivated and address-less users, and those who sign in elsewhere or never; and writes as much',
    async (by) => {
      const spent: number[] = [];
      let units = 0;
      const metered = await aTenant(
        { verifyTypes: ['password', 'google'] },
        {
          meter: ({ writeUnits, readUnits }) => {
            units += writeUnits + readUnits;
          },
        },
      );
      const mobile = '+420601000001';
      const known = await metered.aUser({ mobile });
      const others = [
        await metered.aUser({ state: 'deactivated', mobile: '+420601000002' }),
        await metered.aUser({ authEmail: undefined }),
        await metered.aUser({ verifyType: 'google', mobile: '+420601000003' }),
        await metered.aUser({ userType: 'api', mobile: '+420601000004' }),
        // Too odd for a key.
        { login: 'nobody\u0000here' },
        { login: 'nobody-here' },
      ];
      const shapes = new Set<string>();
      await metered.call('request-password-reset', { body: { login: 'warm-up', by } });
      for (const { login } of [known, ...others]) {
        units = 0;
        const { status, headers, body } = await metered.call('request-password-reset', { body: { login, by } });
        const { 'x-request-id': _id, ...rest } = headers;
        shapes.add(JSON.stringify({ status, rest, body }));
        spent.push(units);
      }
      expect(shapes.size).toBe(1);
      expect(new Set(spent).size).toBe(1);
      expect((await metered.mails()).map(({ to }) => to)).toEqual([by === 'email' ? known.authEmail : mobile]);
    },
  );

  it('S1-12 sends to who signs in elsewhere where a password does as well', async () => {
    const lenient = await aTenant({ verifyTypes: ['password', 'google'], ssoPasswordFallback: true });
    const user = await lenient.aUser({ verifyType: 'google' });
    await lenient.call('request-password-reset', { body: { login: user.login } });
    expect((await lenient.mails()).map(({ to }) => to)).toEqual([user.authEmail]);
  });

  it('S0-12 never gives a password to who cannot sign in', async () => {
    const user = await tenant.aUser({ userType: 'api' });
    await ask(user.login);
    expect(await newestLink(user.authEmail)).toBe('');
  });

  it('sends at most five mails an hour to one account and answers as ever', async () => {
    const user = await tenant.aUser();
    for (let n = 0; n < 8; n++) {
      expect(await ask(n % 2 ? user.login : (user.authEmail as string))).toMatchObject({ status: 202, body: null });
      tenant.advance(1);
    }
    expect((await tenant.mails()).filter(({ to }) => to === user.authEmail)).toHaveLength(5);
  });
});
