import { userKeys } from '#table/keys.ts';
import { deactivate } from '#test/setup/leaving.ts';
import { aTenant, type Called, password, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
beforeAll(async () => {
  tenant = await aTenant();
});

async function aSignInUnderWay() {
  const user = await tenant.aUser({ secondFactor: 'email-otp' });
  const { body } = await tenant.call('sign-in', { body: { login: user.login, password } });
  return {
    user,
    challenge: body.next.challenge as string,
    next: body.next,
    code: await newestCode(user.authEmail as string),
  };
}

async function newestCode(address: string): Promise<string> {
  return (await tenant.mails()).filter(({ to }) => to === address).at(-1)?.data.code as string;
}

const verify = (challenge: string, code: string) => tenant.call('verify-code', { body: { challenge, code } });
const tally = (answers: Called[]) => {
  const counts: Record<string, number> = {};
  for (const { body } of answers) counts[body.code ?? 'ok'] = (counts[body.code ?? 'ok'] ?? 0) + 1;
  return counts;
};
const wrongFor = (code: string) => (code === '000000' ? '000001' : '000000');

describe('S0-20 K2 email OTP', () => {
  it('sends six digits to the authentication email and gives no session before they are entered', async () => {
    const { user, next, code, challenge } = await aSignInUnderWay();
    expect(next).toMatchObject({ step: 'code-sent', sentTo: 'a…@example.com' });
    expect(next).not.toHaveProperty('token');
    expect(code).toMatch(/^\d{6}$/);
    expect((await tenant.audit()).filter(({ actor }) => actor === user.id)).toEqual([]);
    const answer = await verify(challenge, code);
    expect(answer).toMatchObject({ status: 200, body: { next: { step: 'signed-in' } } });
    const me = await tenant.call('get-me', { token: answer.body.next.token });
    expect(me.body.session.amr).toEqual(['pwd', 'otp-email']);
    expect((await tenant.audit()).filter(({ actor }) => actor === user.id)).toHaveLength(1);
  });

  it('takes a code that is nine minutes and fifty-nine seconds old', async () => {
    const { challenge, code } = await aSignInUnderWay();
    tenant.advance(599);
    expect(await verify(challenge, code)).toMatchObject({ status: 200 });
  });

  it('refuses a code that is ten minutes old', async () => {
    const { challenge, code } = await aSignInUnderWay();
    tenant.advance(600);
    expect(await verify(challenge, code)).toMatchObject({ status: 401, body: { code: 'code_expired' } });
  });

  it('refuses a code that was used', async () => {
    const { challenge, code } = await aSignInUnderWay();
    expect(await verify(challenge, code)).toMatchObject({ status: 200 });
    expect(await verify(challenge, code)).toMatchObject({ status: 401, body: { code: 'challenge_over' } });
  });

  it('refuses the code of another sign-in, even of the same user', async () => {
    const user = await tenant.aUser({ secondFactor: 'email-otp' });
    const first = await tenant.call('sign-in', { body: { login: user.login, password } });
    const firstCode = await newestCode(user.authEmail as string);
    tenant.advance(1);
    const second = await tenant.call('sign-in', { body: { login: user.login, password } });
    const secondCode = await newestCode(user.authEmail as string);
    if (firstCode === secondCode) return; // once in a million both codes are equal, and then both are right
    expect(await verify(second.body.next.challenge, firstCode)).toMatchObject({
      status: 401,
      body: { code: 'wrong_code', attemptsLeft: 4 },
    });
    expect(await verify(first.body.next.challenge, firstCode)).toMatchObject({ status: 200 });
  });

  it('says how many tries are left, and after five refuses the right code too', async () => {
    const { challenge, code } = await aSignInUnderWay();
    for (const attemptsLeft of [4, 3, 2, 1, 0]) {
      expect(await verify(challenge, wrongFor(code))).toMatchObject({
        status: 401,
        body: { code: 'wrong_code', attemptsLeft },
      });
    }
    expect(await verify(challenge, code)).toMatchObject({ status: 401, body: { code: 'code_used_up' } });
  });

  it('gives exactly one session to 200 parallel right answers', async () => {
    const { user, challenge, code } = await aSignInUnderWay();
    const answers = await Promise.all(Array.from({ length: 200 }, () => verify(challenge, code)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.code === 'challenge_over')).toHaveLength(199);
    const items = await tenant.allOf([userKeys.partition(user.id)]);
    expect(items.filter(({ type }) => type === 'session')).toHaveLength(1);
    expect((await tenant.audit()).filter(({ actor }) => actor === user.id)).toHaveLength(1);
  });

  it('judges at most five of 200 parallel wrong answers, and then not even the right one', async () => {
    const { user, challenge, code } = await aSignInUnderWay();
    const answers = await Promise.all(Array.from({ length: 200 }, () => verify(challenge, wrongFor(code))));
    expect(tally(answers)).toEqual({ wrong_code: 5, code_used_up: 195 });
    expect(await verify(challenge, code)).toMatchObject({ status: 401, body: { code: 'code_used_up' } });
    expect(await tenant.read(userKeys.limit(user.id, 'codes'))).toMatchObject({ count: 5 });
  });

  it('never accepts the challenge as a session', async () => {
    const { challenge } = await aSignInUnderWay();
    for (const token of [challenge, challenge.replace('rchl_', 'rses_')]) {
      expect(await tenant.call('get-me', { token })).toMatchObject({ status: 401, body: { code: 'not_signed_in' } });
    }
  });

  it('refuses a made-up, a bent and a foreign challenge alike', async () => {
    const { challenge, code } = await aSignInUnderWay();
    const bent = `${challenge.slice(0, -4)}AAAA`;
    for (const each of ['rchl_x', 'x', bent, challenge.replace('rchl', 'rinv')]) {
      expect(await verify(each, code)).toMatchObject({ status: 401, body: { code: 'challenge_over' } });
    }
  });

  it('is over once the user is deactivated or gets another address', async () => {
    for (const change of ['deactivate', 'address'] as const) {
      const { user, challenge, code } = await aSignInUnderWay();
      const { token } = await tenant.aSuperUser();
      const params = { userId: user.id };
      const changed =
        change === 'deactivate'
          ? await deactivate(tenant, token, user.id)
          : await tenant.call('change-user', {
              params,
              token,
              headers: { 'if-match': '1' },
              body: { authEmail: `new-${user.authEmail}` },
            });
      expect(changed.status).toBe(200);
      expect(await verify(challenge, code)).toMatchObject({ status: 401, body: { code: 'challenge_over' } });
    }
  });

  it('keeps the code in clear neither in the table nor in the log', async () => {
    const { user, code } = await aSignInUnderWay();
    const items = await tenant.allOf([
      userKeys.partition(user.id),
      ...Array.from({ length: 8 }, (_, n) => `OUTBOX#${n}`),
    ]);
    expect(JSON.stringify(items)).not.toContain(code);
    expect(JSON.stringify(tenant.logged)).not.toContain(code);
  });
});

describe('G3 guessing codes', () => {
  it('ends after ten wrong codes an hour, over new sign-ins with the right password', async () => {
    const user = await tenant.aUser({ secondFactor: 'email-otp' });
    let judged = 0;
    for (let round = 0; round < 4; round++) {
      const { body } = await tenant.call('sign-in', { body: { login: user.login, password } });
      const code = await newestCode(user.authEmail as string);
      for (let n = 0; n < 5; n++) {
        const answer = await verify(body.next.challenge, wrongFor(code));
        if (answer.body.code === 'wrong_code') judged++;
        else expect(answer).toMatchObject({ status: 429, body: { code: 'too_many_attempts' } });
      }
      if (round > 1) expect(await verify(body.next.challenge, code)).toMatchObject({ status: 429 });
    }
    expect(judged).toBe(10);
  });
});
