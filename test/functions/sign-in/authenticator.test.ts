import * as recovery from '#domain/authenticators/recovery-codes.ts';
import type { User } from '#domain/users/user.ts';
import { userKeys } from '#table/keys.ts';
import { appCode } from '#test/setup/authenticator-app.ts';
import { aTenant, type Called, password, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
beforeAll(async () => {
  tenant = await aTenant();
});

const signIn = (user: User, more: object = {}) =>
  tenant.call('sign-in', { body: { login: user.login, password, ...more } });
const verify = (body: object) => tenant.call('verify-code', { body });
const start = (challenge: string) => tenant.call('start-totp-setup', { body: { challenge } });
const confirm = (challenge: string, code: string) => tenant.call('confirm-totp-setup', { body: { challenge, code } });
const codeNow = (key: string) => appCode(key, tenant.deps.now());
const nextStep = () => tenant.advance(30);
const wrongFor = (code: string) => (code === '000000' ? '000001' : '000000');
const tally = (answers: Called[]) => {
  const counts: Record<string, number> = {};
  for (const { body } of answers) counts[body.code ?? 'ok'] = (counts[body.code ?? 'ok'] ?? 0) + 1;
  return counts;
};

/** A user who set an authenticator up at a sign-in, with the key in their app. */
async function aUserWithApp(values: Partial<User> = {}) {
  const user = await tenant.aUser({ secondFactor: 'authenticator-enforced', ...values });
  const { body } = await signIn(user);
  const setup = await start(body.next.challenge);
  const confirmed = await confirm(body.next.challenge, codeNow(setup.body.key));
  if (confirmed.status !== 200) throw new Error(JSON.stringify(confirmed.body));
  nextStep();
  return { user, key: setup.body.key as string, ...confirmed.body } as {
    user: User;
    key: string;
    recoveryCodes: string[];
    next: { token: string };
  };
}

describe('S0-22 S4-23 authenticator enforced: set-up inside the sign-in', () => {
  it('comes before anything else, and ends in a session and ten recovery codes', async () => {
    const user = await tenant.aUser({ secondFactor: 'authenticator-enforced' });
    const first = await signIn(user);
    expect(first.body.next).toMatchObject({ step: 'authenticator-setup' });
    expect(first.body.next).not.toHaveProperty('token');
    const { challenge } = first.body.next;
    for (const token of [challenge, challenge.replace('rchl_', 'rses_')]) {
      expect(await tenant.call('get-me', { token })).toMatchObject({ status: 401 });
    }
    expect(await verify({ challenge, code: '123456' })).toMatchObject({
      status: 401,
      body: { code: 'challenge_over' },
    });

    const setup = await start(challenge);
    expect(setup.body.uri).toMatch(/^otpauth:\/\/totp\/[^?]+\?/);
    expect(new URL(setup.body.uri).searchParams.get('secret')).toBe(setup.body.key);
    expect(setup.body.qrSvg).toMatch(/^data:image\/svg\+xml/);
    expect(setup.body.qrPng).toMatch(/^data:image\/png;base64,iVBORw0KGgo/);

    const done = await confirm(challenge, codeNow(setup.body.key));
    expect(done).toMatchObject({ status: 200, body: { next: { step: 'signed-in' } } });
    expect(new Set(done.body.recoveryCodes).size).toBe(10);
    const me = await tenant.call('get-me', { token: done.body.next.token });
    expect(me.body.session.amr).toEqual(['pwd', 'otp']);
    const events = (await tenant.audit()).filter(({ actor }) => actor === user.id).map(({ event }) => event);
    expect(events.sort()).toEqual(['authenticator.set-up', 'session.created']);
  });

  it('does not go on without a key, with a wrong code, or after five wrong ones', async () => {
    const user = await tenant.aUser({ secondFactor: 'authenticator-enforced' });
    const { challenge } = (await signIn(user)).body.next;
    expect(await confirm(challenge, '123456')).toMatchObject({ status: 401, body: { code: 'challenge_over' } });
    const { key } = (await start(challenge)).body;
    for (let n = 0; n < 5; n++) {
      const answer = await confirm(challenge, wrongFor(codeNow(key)));
      expect(answer).toMatchObject({ status: 401, body: { code: 'wrong_code', attemptsLeft: 4 - n } });
    }
    expect(await confirm(challenge, codeNow(key))).toMatchObject({ status: 401, body: { code: 'code_used_up' } });
  });

  it('takes the newest key only', async () => {
    const user = await tenant.aUser({ secondFactor: 'authenticator-enforced' });
    const { challenge } = (await signIn(user)).body.next;
    const old = (await start(challenge)).body.key;
    const { key } = (await start(challenge)).body;
    expect(await confirm(challenge, codeNow(old))).toMatchObject({ status: 401, body: { code: 'wrong_code' } });
    expect(await confirm(challenge, codeNow(key))).toMatchObject({ status: 200 });
  });

  it('cannot replace an authenticator that was set up meanwhile', async () => {
    const user = await tenant.aUser({ secondFactor: 'authenticator-enforced' });
    const [mine, strangers] = [(await signIn(user)).body.next, (await signIn(user)).body.next];
    const [key, other] = [(await start(mine.challenge)).body.key, (await start(strangers.challenge)).body.key];
    expect(await confirm(mine.challenge, codeNow(key))).toMatchObject({ status: 200 });
    expect(await confirm(strangers.challenge, codeNow(other))).toMatchObject({
      status: 401,
      body: { code: 'challenge_over' },
    });
  });
});

describe('S0-21 authenticator optional', () => {
  it('asks for nothing until one is set up', async () => {
    const user = await tenant.aUser({ secondFactor: 'authenticator-optional' });
    expect((await signIn(user)).body.next).toMatchObject({ step: 'signed-in' });
  });
});

describe('S0-23 the authenticator’s code', () => {
  it('is asked for after the password, and accepted once', async () => {
    const { user, key } = await aUserWithApp();
    const first = (await signIn(user)).body.next;
    expect(first).toMatchObject({ step: 'authenticator-code' });
    const code = codeNow(key);
    const done = await verify({ challenge: first.challenge, code });
    expect(done.body.next).toMatchObject({ step: 'signed-in' });
    expect((await tenant.call('get-me', { token: done.body.next.token })).body.session.amr).toEqual(['pwd', 'otp']);
    const again = (await signIn(user)).body.next;
    expect(await verify({ challenge: again.challenge, code })).toMatchObject({
      status: 401,
      body: { code: 'wrong_code' },
    });
    nextStep();
    expect(await verify({ challenge: again.challenge, code: codeNow(key) })).toMatchObject({ status: 200 });
  });

  it('may come along with the password: one request, one session', async () => {
    const { user, key } = await aUserWithApp();
    const code = codeNow(key);
    expect(await signIn(user, { code: wrongFor(code) })).toMatchObject({ status: 401, body: { code: 'wrong_code' } });
    expect((await signIn(user, { code })).body.next).toMatchObject({ step: 'signed-in' });
    expect(await signIn(user, { code })).toMatchObject({ status: 401, body: { code: 'wrong_code' } });
  });

  it('G3 ends guessing after ten wrong codes an hour, over challenges and both ways', async () => {
    const { user, key } = await aUserWithApp();
    const right = codeNow(key);
    let judged = 0;
    for (let round = 0; round < 4; round++) {
      const { challenge } = (await signIn(user)).body.next;
      const answers = await Promise.all(Array.from({ length: 8 }, () => verify({ challenge, code: wrongFor(right) })));
      judged += tally(answers).wrong_code ?? 0;
    }
    expect(judged).toBe(10);
    expect(await signIn(user, { code: right })).toMatchObject({ status: 429 });
  });
});

describe('recovery codes', () => {
  it('stand in for the authenticator, each once, as typed', async () => {
    const { user, recoveryCodes } = await aUserWithApp();
    const [first = ''] = recoveryCodes;
    const { challenge } = (await signIn(user)).body.next;
    const typed = first.toLowerCase().replaceAll('-', ' ');
    const done = await verify({ challenge, recoveryCode: typed });
    expect(done.body.next).toMatchObject({ step: 'signed-in' });
    const again = (await signIn(user)).body.next;
    expect(await verify({ challenge: again.challenge, recoveryCode: first })).toMatchObject({
      status: 401,
      body: { code: 'wrong_code' },
    });
    expect(recovery.left(await tenant.read(userKeys.recoveryCodes(user.id)))).toBe(9);
  });

  it('are worth nothing before an authenticator is set up, nor beside a code by mail', async () => {
    const recoveryCode = 'ABCD-EFGH-2345-6723';
    const enforced = (await signIn(await tenant.aUser({ secondFactor: 'authenticator-enforced' }))).body.next;
    expect(await verify({ challenge: enforced.challenge, recoveryCode })).toMatchObject({ status: 401 });
    const mailed = (await signIn(await tenant.aUser({ secondFactor: 'email-otp' }))).body.next;
    expect(await verify({ challenge: mailed.challenge, recoveryCode })).toMatchObject({
      status: 401,
      body: { code: 'wrong_code' },
    });
  });
});

it('G12 neither the key nor a recovery code stands in clear in the table or the log', async () => {
  const { user, key, recoveryCodes } = await aUserWithApp();
  const items = JSON.stringify([
    await tenant.allOf([userKeys.partition(user.id), ...Array.from({ length: 8 }, (_, n) => `OUTBOX#${n}`)]),
    await tenant.audit(),
    tenant.logged,
  ]);
  for (const secret of [key, ...recoveryCodes, ...recoveryCodes.map((code) => code.replaceAll('-', ''))]) {
    expect(items).not.toContain(secret);
  }
});
