import { aTenant, password, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
beforeAll(async () => {
  tenant = await aTenant();
});

async function begin() {
  const user = await tenant.aUser({ secondFactor: 'email-otp' });
  const { body } = await tenant.call('sign-in', { body: { login: user.login, password } });
  const codes = async () =>
    (await tenant.mails()).filter(({ to }) => to === user.authEmail).map(({ data }) => data.code as string);
  return { user, challenge: body.next.challenge as string, codes };
}

const resend = (challenge: string) => tenant.call('resend-code', { body: { challenge } });
const verify = (challenge: string, code: string) => tenant.call('verify-code', { body: { challenge, code } });

describe('S0-20 C25 resending a code', () => {
  it('is refused for 60 seconds and then makes a new code that is good for ten minutes', async () => {
    const { challenge, codes } = await begin();
    const early = await resend(challenge);
    expect(early).toMatchObject({ status: 429, body: { code: 'resend_too_soon' } });
    expect(early.headers['retry-after']).toBe('60');
    tenant.advance(59);
    expect(await resend(challenge)).toMatchObject({ status: 429 });
    tenant.advance(1);
    const answer = await resend(challenge);
    expect(answer).toMatchObject({ status: 200, body: { next: { step: 'code-sent', challenge } } });
    tenant.advance(599);
    expect(await verify(challenge, (await codes()).at(-1) as string)).toMatchObject({ status: 200 });
  });

  it('kills the code before', async () => {
    const { challenge, codes } = await begin();
    const [old = ''] = await codes();
    tenant.advance(60);
    await resend(challenge);
    const [fresh] = await codes();
    if (old === fresh) return; // once in a million the new code is the old one
    expect(await verify(challenge, old)).toMatchObject({ status: 401, body: { code: 'wrong_code' } });
  });

  it('replaces the mail that still waits, so that the old code never arrives after the new one', async () => {
    const { challenge, codes } = await begin();
    tenant.advance(60);
    await resend(challenge);
    expect(await codes()).toHaveLength(1);
  });

  it('gives five new tries, but not past the ten an hour of the account', async () => {
    const { challenge, codes } = await begin();
    let judged = 0;
    for (let round = 0; round < 3; round++) {
      const code = (await codes()).at(-1) as string;
      for (let n = 0; n < 5; n++) {
        const answer = await verify(challenge, code === '000000' ? '000001' : '000000');
        if (answer.body.code === 'wrong_code') judged++;
      }
      tenant.advance(60);
      await resend(challenge);
    }
    expect(judged).toBe(10);
  });

  it('ends after ten codes an hour', async () => {
    const { challenge } = await begin();
    for (let n = 0; n < 9; n++) {
      tenant.advance(60);
      expect(await resend(challenge)).toMatchObject({ status: 200 });
    }
    tenant.advance(60);
    expect(await resend(challenge)).toMatchObject({ status: 429, body: { code: 'too_many_codes' } });
  });

  it('sends one code to 50 parallel requests', async () => {
    const { challenge, codes } = await begin();
    tenant.advance(60);
    const answers = await Promise.all(Array.from({ length: 50 }, () => resend(challenge)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ body }) => body?.code === 'resend_too_soon')).toHaveLength(49);
    expect(await codes()).toHaveLength(1);
  });

  it('is over half an hour after the password was typed', async () => {
    const { challenge } = await begin();
    tenant.advance(1800);
    expect(await resend(challenge)).toMatchObject({ status: 401, body: { code: 'challenge_over' } });
  });

  it('waits as long as the tenant sets', async () => {
    const slow = await aTenant({ resendIntervalSeconds: 180 });
    const user = await slow.aUser({ secondFactor: 'email-otp' });
    const { body } = await slow.call('sign-in', { body: { login: user.login, password } });
    slow.advance(179);
    expect(await slow.call('resend-code', { body: { challenge: body.next.challenge } })).toMatchObject({ status: 429 });
    slow.advance(1);
    expect(await slow.call('resend-code', { body: { challenge: body.next.challenge } })).toMatchObject({ status: 200 });
  });
});
