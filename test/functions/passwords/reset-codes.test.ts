import { userKeys } from '#table/keys.ts';
import { remove } from '#table/write.ts';
import { everythingKept, tally } from '#test/functions/me/a-session.ts';
import { entriesAbout } from '#test/functions/users/people.ts';
import { deactivate } from '#test/setup/leaving.ts';
import { aTenant, password, type TestTenant } from '#test/setup/tenant.ts';

/** More than one only by hand: each hashes up to 200 passwords. */
const ROUNDS = Number(process.env.ROUNDS ?? 1);

let tenant: TestTenant;
beforeAll(async () => {
  tenant = await aTenant({ contact: 'email_or_mobile', verifyTypes: ['password', 'google'] });
});

const another = 'a different walk up the hill';
const ask = (login: string) => tenant.call('request-password-reset', { body: { login, by: 'sms' } });
const complete = (login: string, code: string, typed = another) =>
  tenant.call('complete-password-reset', { body: { login, code, password: typed } });
const signIn = (login: string, typed: string) => tenant.call('sign-in', { body: { login, password: typed } });

let count = 0;
const aMobile = () => `+4206020${String(++count).padStart(5, '0')}`;
const aUser = (values = {}) => tenant.aUser({ mobile: aMobile(), ...values });

async function newestCode(mobile: string | undefined): Promise<string> {
  const sent = (await tenant.mails()).filter(({ to, template }) => to === mobile && template === 'password-reset-code');
  return sent.at(-1)?.data.code ?? '';
}

async function aCodeOf({ login, mobile }: { login: string; mobile?: string | undefined }): Promise<string> {
  expect(await ask(login)).toMatchObject({ status: 202, body: null });
  return newestCode(mobile);
}

/** `by` from the right one, and never it. */
const wrong = (code: string, by = 1) => String((Number(code) + by) % 1e8).padStart(8, '0');

describe('S3-4 S3-7 a new password by SMS', () => {
  it('takes eight digits that went to the mobile number, with any spelling of the login', async () => {
    const user = await aUser();
    const code = await aCodeOf(user);
    expect(code).toMatch(/^\d{8}$/);
    expect(await complete(user.login.toUpperCase(), code)).toMatchObject({ status: 204, body: null });
    expect(await signIn(user.login, another)).toMatchObject({ status: 200 });
    expect(await signIn(user.login, password)).toMatchObject({ status: 401 });
    expect(await entriesAbout(tenant, user.id, 'password.reset')).toHaveLength(1);
  });

  it('lets who has no address choose the first password', async () => {
    const user = await aUser({ authEmail: undefined, state: 'invited' });
    expect(await complete(user.login, await aCodeOf(user))).toMatchObject({ status: 204 });
    expect(await signIn(user.login, another)).toMatchObject({ status: 200 });
    const told = (await tenant.mails()).filter(
      ({ to, template }) => to === user.mobile && template === 'password-changed',
    );
    expect(told).toHaveLength(1);
  });

  it('is good for ten minutes, to the second', async () => {
    const [early, late] = [await aUser(), await aUser()];
    const codes = [await aCodeOf(early), await aCodeOf(late)] as const;
    tenant.advance(599);
    expect(await complete(early.login, codes[0])).toMatchObject({ status: 204 });
    tenant.advance(1);
    expect(await complete(late.login, codes[1])).toMatchObject({ status: 410, body: { code: 'link_over' } });
  });

  it('works once, and not after a newer code or a link was asked for', async () => {
    const user = await aUser();
    const code = await aCodeOf(user);
    await complete(user.login, code);
    expect(await complete(user.login, code, `${another} again`)).toMatchObject({ status: 410 });

    const old = await aCodeOf(user);
    tenant.advance(1);
    await aCodeOf(user);
    expect(await complete(user.login, old, `${another} again`)).toMatchObject({ status: 410 });

    const beforeLink = await aCodeOf(user);
    await tenant.call('request-password-reset', { body: { login: user.login } });
    expect(await complete(user.login, beforeLink, `${another} again`)).toMatchObject({ status: 410 });
  });

  it('belongs to one account', async () => {
    const [a, b] = [await aUser(), await aUser()];
    const code = await aCodeOf(a);
    await aCodeOf(b);
    expect(await complete(b.login, code)).toMatchObject({ status: 410 });
  });

  it('stays good when the password is refused', async () => {
    const user = await aUser();
    const code = await aCodeOf(user);
    for (let n = 0; n < 6; n++) expect(await complete(user.login, code, 'football')).toMatchObject({ status: 422 });
    expect(await complete(user.login, code)).toMatchObject({ status: 204 });
  });

  it(
    'G2 works for exactly one of 200 parallel requests',
    async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const user = await aUser({ state: 'invited' });
        // Nothing to compare the new one with: half the hashing.
        await tenant.deps.table.write(remove(userKeys.password(user.id)));
        const code = await aCodeOf(user);
        const asked = Array.from({ length: 200 }, (_, n) => complete(user.login, code, `${another} ${n}`));
        const answers = await Promise.all(asked);
        expect(tally(answers)).toEqual({ 204: 1, link_over: 199 });
        const winner = answers.findIndex(({ status }) => status === 204);
        expect(await signIn(user.login, `${another} ${winner}`)).toMatchObject({ status: 200 });
        expect(await entriesAbout(tenant, user.id, 'password.reset')).toHaveLength(1);
      }
    },
    ROUNDS * 120_000,
  );

  it('I13 keeps neither code nor password in clear, in the table or in the log', async () => {
    const small = await aTenant();
    const user = await small.aUser({ mobile: '+420603000000' });
    await small.call('request-password-reset', { body: { login: user.login, by: 'sms' } });
    const code = (await small.mails()).at(-1)?.data.code as string;
    const body = { login: user.login, code: wrong(code), password: another };
    await small.call('complete-password-reset', { body });
    expect(await everythingKept(small)).not.toContain(code);
    await small.call('complete-password-reset', { body: { ...body, code } });
    const kept = await everythingKept(small);
    for (const secret of [code, wrong(code), another]) expect(kept).not.toContain(secret);
  });
});

describe('G3 guessing codes', () => {
  it('kills a code with the fifth wrong try, also when they come in parallel', async () => {
    const user = await aUser();
    const code = await aCodeOf(user);
    for (let n = 1; n <= 4; n++) expect(await complete(user.login, wrong(code, n))).toMatchObject({ status: 410 });
    expect((await tenant.read(userKeys.reset(user.id)))?.tries).toBe(4);
    await complete(user.login, wrong(code, 5));
    expect(await complete(user.login, code)).toMatchObject({ status: 410, body: { code: 'link_over' } });

    const raced = await aUser();
    const itsCode = await aCodeOf(raced);
    await Promise.all(Array.from({ length: 50 }, (_, n) => complete(raced.login, wrong(itsCode, n + 1))));
    expect(await tenant.read(userKeys.reset(raced.id))).toMatchObject({ tries: 5 });
    expect(await tenant.read(userKeys.limit(raced.id, 'reset-codes'))).toMatchObject({ count: 5 });
    expect(await complete(raced.login, itsCode)).toMatchObject({ status: 410 });
  });

  it('ends after ten wrong ones an hour over all codes, spellings and addresses, and begins again after it', async () => {
    const user = await aUser();
    const names = [user.login, user.login.toUpperCase(), user.authEmail as string, ` ${user.login}`];
    for (let sent = 0; sent < 4; sent++) {
      const code = await aCodeOf(user);
      for (let n = 1; n <= 3; n++) await complete(names[sent] as string, wrong(code, n));
      tenant.advance(1);
    }
    expect(await tenant.read(userKeys.limit(user.id, 'reset-codes'))).toMatchObject({ count: 10 });
    expect(await complete(user.login, await aCodeOf(user))).toMatchObject({ status: 410, body: { code: 'link_over' } });
    tenant.advance(3600);
    expect(await complete(user.login, await aCodeOf(user))).toMatchObject({ status: 204 });
  });

  it('does not lock the sign-in, neither its password nor its codes', async () => {
    const user = await aUser({ secondFactor: 'email-otp' });
    for (let sent = 0; sent < 3; sent++) {
      const code = await aCodeOf(user);
      for (let n = 1; n <= 4; n++) await complete(user.login, wrong(code, n));
    }
    // The newest message of all is then the code of the sign-in.
    tenant.advance(1);
    await tenant.signIn(user.login);
  });
});

describe('K14 G4 a code that is refused does not tell why', () => {
  it('answers alike for known, unknown, deactivated and SSO users and those without a number, whether a code was asked for or not', async () => {
    const users = [
      await aUser(),
      await aUser({ state: 'deactivated' }),
      await tenant.aUser(),
      await aUser({ verifyType: 'google' }),
      { login: 'nobody-there', mobile: undefined },
      { login: 'nobody\u0000there', mobile: undefined },
    ];
    for (const isAsked of [false, true]) {
      const shapes = new Set<string>();
      for (const { login, mobile } of users) {
        if (isAsked) await ask(login);
        const right = await newestCode(mobile);
        for (let n = 1; n <= 7; n++) {
          const { status, headers, body } = await complete(login, wrong(right || '12345678', n));
          const { 'x-request-id': _id, ...rest } = headers;
          const { instance: _instance, requestId: _request, ...said } = body;
          shapes.add(JSON.stringify({ status, rest, said }));
        }
      }
      expect([...shapes]).toHaveLength(1);
      expect([...shapes][0]).toContain('link_over');
    }
  });

  it('writes as much for a wrong code of a known user as of nobody', async () => {
    let units = 0;
    const metered = await aTenant(
      {},
      {
        meter: ({ writeUnits, readUnits }) => {
          units += writeUnits + readUnits;
        },
      },
    );
    const known = await metered.aUser({ mobile: '+420603000001' });
    const numberless = await metered.aUser();
    const spent: Record<string, number[]> = {};
    for (const login of ['warm-up', known.login, numberless.login, 'nobody-there']) {
      await metered.call('request-password-reset', { body: { login, by: 'sms' } });
      spent[login] = [];
      for (let n = 0; n < 3; n++) {
        units = 0;
        await metered.call('complete-password-reset', { body: { login, code: '00000000', password: another } });
        spent[login].push(units);
      }
    }
    expect(spent[known.login]).toEqual(spent['nobody-there']);
    expect(spent[known.login]).toEqual(spent[numberless.login]);
  });

  it('never opens an account whose number was taken away, or that was deactivated, meanwhile', async () => {
    const { token } = await tenant.aSuperUser();
    const [off, bare] = [await aUser(), await aUser()];
    const codes = [await aCodeOf(off), await aCodeOf(bare)] as const;
    await deactivate(tenant, token, off.id);
    const change = { params: { userId: bare.id }, body: { mobile: null }, headers: { 'if-match': '"1"' } };
    expect(await tenant.call('change-user', { token, ...change })).toMatchObject({ status: 200 });
    expect(await complete(off.login, codes[0])).toMatchObject({ status: 410 });
    expect(await complete(bare.login, codes[1])).toMatchObject({ status: 410 });
  });
});
