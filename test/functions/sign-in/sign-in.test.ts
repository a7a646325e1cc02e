import { isWeak } from '#domain/passwords/hash.ts';
import { rehash, replacement } from '#domain/passwords/passwords.ts';
import { claimKey, userKeys } from '#table/keys.ts';
import { aTenant, password, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
beforeAll(async () => {
  tenant = await aTenant();
});

const signIn = (login: string, typed = password, ip?: string) =>
  tenant.call('sign-in', { body: { login, password: typed }, ...(ip && { ip }) });

describe('S0-16 S0-19 S1-13 C5 sign-in by password', () => {
  it('gives a session of twelve hours to login and password', async () => {
    const user = await tenant.aUser();
    const answer = await signIn(user.login);
    expect(answer).toMatchObject({ status: 200, body: { next: { step: 'signed-in' } } });
    expect(Date.parse(answer.body.next.expiresAt) - tenant.deps.now()).toBe(43_200_000);
    const me = await tenant.call('get-me', { token: answer.body.next.token });
    expect(me).toMatchObject({
      status: 200,
      body: { user: { id: user.id }, session: { amr: ['pwd'], network: '198.51.100.7' } },
    });
  });

  it('takes the authentication email as well, in any case and Unicode form', async () => {
    const user = await tenant.aUser({ login: 'Žofie', authEmail: 'Zofie@Example.com' });
    for (const name of ['žofie', 'ŽOFIE', 'Z\u030cofie', 'zofie@example.COM', ' Žofie ']) {
      expect(await signIn(name)).toMatchObject({ status: 200 });
    }
    expect(await tenant.read(claimKey('sign-in-name', 'žofie'))).toMatchObject({ userId: user.id });
  });

  it('writes one audit entry for the session, with where it came from', async () => {
    const user = await tenant.aUser();
    await signIn(user.login, password, '2001:db8:1:2:3::9');
    const entries = (await tenant.audit()).filter(({ actor }) => actor === user.id);
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({
      event: 'session.created',
      network: '2001:db8:1:2::/64',
      subject: { id: user.id },
    });
  });

  it('keeps only the hash of the token', async () => {
    const user = await tenant.aUser();
    const { token } = (await signIn(user.login)).body.next;
    const items = await tenant.allOf([userKeys.partition(user.id)]);
    const secret = token.slice('rses_'.length);
    expect(JSON.stringify(items)).not.toContain(secret.slice(-40));
  });
});

describe('K14 G4 sign-in does not tell who exists', () => {
  it('answers alike for a wrong password, an unknown name, a deactivated and an invited user', async () => {
    const active = await tenant.aUser();
    const deactivated = await tenant.aUser({ state: 'deactivated' });
    const invited = await tenant.aUser({ state: 'invited' });
    const answers = [
      await signIn(active.login, 'not the password at all'),
      await signIn('nobody-of-that-name'),
      await signIn(deactivated.login),
      await signIn(invited.login),
    ];
    const shapes = answers.map(({ status, headers, body }) => {
      const { 'x-request-id': _id, ...rest } = headers;
      const { instance: _instance, ...members } = body;
      return JSON.stringify({ status, headers: rest, members });
    });
    expect(new Set(shapes).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 401, body: { code: 'invalid_credentials' } });
    expect(answers[0]?.headers['www-authenticate']).toContain('Bearer');
  });

  it('survives names that no login can have', async () => {
    for (const name of ['\u0000', '#', 'a#b%c', 'x'.repeat(254), '', '   ', '\u202e']) {
      expect(await signIn(name)).toMatchObject({ status: 401, body: { code: 'invalid_credentials' } });
    }
  });

  it('refuses a lone surrogate as input', async () => {
    expect(await signIn('\ud800')).toMatchObject({
      status: 422,
      body: { code: 'invalid_input', errors: [{ pointer: '/body/login' }] },
    });
  });
});

// How far guessing gets, by whom and from where, is told in limits.test.ts.
describe('G3 guessing passwords', () => {
  it('writes nothing but the failure counts for a wrong password', async () => {
    const user = await tenant.aUser();
    const before = await tenant.allOf([userKeys.partition(user.id)]);
    await signIn(user.login, 'wrong');
    const after = await tenant.allOf([userKeys.partition(user.id)]);
    const added = after.filter(({ sk }) => !before.some((item) => item.sk === sk));
    expect(added.map(({ sk }) => sk)).toEqual(['#LIMIT#passwords']);
    expect((await tenant.audit()).filter(({ actor }) => actor === user.id)).toEqual([]);
  });
});

describe('K1 stored passwords', () => {
  it('are hashed anew at sign-in when they were hashed with less than today', async () => {
    const user = await tenant.aUser();
    const weak = '$argon2id$v=19$m=4096,t=1,p=1$';
    const { argon2Sync } = await import('node:crypto');
    const salt = Buffer.alloc(16, 7);
    const hash = argon2Sync('argon2id', {
      message: password,
      nonce: salt,
      memory: 4096,
      passes: 1,
      parallelism: 1,
      tagLength: 32,
    });
    const phc = `${weak}${salt.toString('base64').replace(/=+$/, '')}$${hash.toString('base64').replace(/=+$/, '')}`;
    const { put } = await import('#table/write.ts');
    await tenant.deps.table.write(put({ ...userKeys.password(user.id), type: 'password', v: 1, phc, setAt: 0 }));
    expect(await signIn(user.login)).toMatchObject({ status: 200 });
    const now = (await tenant.read(userKeys.password(user.id)))?.phc as string;
    expect(now).not.toBe(phc);
    expect([isWeak(phc), isWeak(now)]).toEqual([true, false]);
    expect(await signIn(user.login)).toMatchObject({ status: 200 });
  });

  it('never bring an old password back that was replaced while it was being hashed anew', async () => {
    const user = await tenant.aUser();
    const before = await tenant.read(userKeys.password(user.id));
    const verified = before?.phc as string;
    const given = { password: 'a different walk up the hill', settings: { passwordHistory: 0 } };
    await tenant.deps.table.write(await replacement(tenant.deps, user.id, before, given));
    await rehash(tenant.deps, user.id, password, verified);
    expect(await signIn(user.login, password)).toMatchObject({ status: 401 });
    expect(await signIn(user.login, 'a different walk up the hill')).toMatchObject({ status: 200 });
  });
});
