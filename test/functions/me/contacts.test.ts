import type { User } from '#domain/users/user.ts';
import { claimKey, outboxPartitions, userKeys } from '#table/keys.ts';
import { aSession, everythingKept, tally } from '#test/functions/me/a-session.ts';
import { aTenant, password, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
beforeAll(async () => {
  tenant = await aTenant({ contact: 'email_or_mobile' });
});

const now = () => tenant.deps.now();
const withSession = async (values: Partial<User> = {}) => {
  const user = await tenant.aUser(values);
  return { user, token: await aSession(tenant, user) };
};
let count = 0;
const newEmail = () => `new-${++count}@example.com`;
const newMobile = () => `+42060000${1000 + ++count}`;
const ask = (token: string, body: Record<string, unknown>) => tenant.call('change-my-contact', { token, body });
const confirm = (token: string, code: string) => tenant.call('confirm-my-contact', { token, body: { code } });
const sentTo = async (to: string) => (await tenant.mails()).filter((mail) => mail.to === to);
const noticesTo = async (to: string) => (await sentTo(to)).filter(({ template }) => template === 'contact-changed');
const codeTo = async (to: string) =>
  (await sentTo(to)).filter(({ template }) => template === 'contact-code').at(-1)?.data.code as string;
const wrong = (code: string) => (code === '000000' ? '111111' : '000000');
/** Past the wait between two codes, freshly proven. */
const wait = async (token: string, seconds: number) => {
  tenant.advance(seconds);
  expect(await tenant.call('reauthenticate', { token, body: { password } })).toMatchObject({ status: 200 });
};

describe('S3-8 one’s own address', () => {
  it('changes once the code that went there came back; old and new address are told, other sessions end', async () => {
    const { user, token } = await withSession({ authEmailTrouble: 'bounced' });
    const other = await aSession(tenant, user);
    const authEmail = newEmail();
    expect(await ask(token, { authEmail })).toMatchObject({
      status: 202,
      body: {
        sentTo: 'n…@example.com',
        expiresAt: new Date(now() + 600_000).toISOString(),
        resendAt: new Date(now() + 60_000).toISOString(),
      },
    });
    const [mail] = await sentTo(authEmail);
    expect(mail).toMatchObject({ template: 'contact-code', data: { title: user.title, minutes: 10 } });
    expect(await tenant.call('get-me', { token })).toMatchObject({ body: { user: { authEmail: user.authEmail } } });

    const confirmed = await confirm(token, mail?.data.code as string);
    expect(confirmed).toMatchObject({ status: 200, body: { authEmail, version: 2 } });
    expect(confirmed.body.authEmailTrouble).toBeUndefined();
    expect(await tenant.call('list-my-sessions', { token })).toMatchObject({ status: 200 });
    expect(await tenant.call('list-my-sessions', { token: other })).toMatchObject({ status: 401 });
    const told = { template: 'contact-changed', data: { field: 'authEmail', newContact: 'n…@example.com' } };
    expect(await noticesTo(authEmail)).toMatchObject([{ ...told, data: { ...told.data, isOld: 0 } }]);
    expect(await noticesTo(user.authEmail as string)).toMatchObject([{ ...told, data: { ...told.data, isOld: 1 } }]);
    expect(await tenant.read(claimKey('sign-in-name', authEmail))).toMatchObject({ userId: user.id });
    expect(await tenant.read(claimKey('sign-in-name', user.authEmail as string))).toBeUndefined();
    const entries = (await tenant.audit()).filter(({ actor }) => actor === user.id);
    expect(entries.map(({ event }) => event).sort()).toEqual(['contact.change-begun', 'contact.changed']);
    expect(entries.find(({ event }) => event === 'contact.change-begun')?.changes).toEqual({
      authEmail: { after: 'n…@example.com' },
    });
  });

  it('may be a first mobile number, proven by SMS; who has another way to be reached is told there', async () => {
    const { user, token } = await withSession();
    const mobile = newMobile();
    const asked = await ask(token, { mobile: mobile.replace('+', '00') });
    expect(asked).toMatchObject({ status: 202, body: { sentTo: expect.stringMatching(/^\+420…\d\d$/) } });
    const waiting = (await tenant.allOf(outboxPartitions)).filter(({ to }) => to === mobile);
    expect(waiting).toMatchObject([{ channel: 'sms', template: 'contact-code' }]);
    expect(await confirm(token, await codeTo(mobile))).toMatchObject({ status: 200, body: { mobile } });
    expect(await noticesTo(mobile)).toMatchObject([{ data: { isOld: 0 } }]);
    expect(await noticesTo(user.authEmail as string)).toMatchObject([{ data: { isOld: 0 } }]);
  });

  it('may be a first authentication email of who has a mobile number only (C4)', async () => {
    const { token } = await withSession({ authEmail: undefined, mobile: newMobile() });
    const authEmail = newEmail();
    expect(await ask(token, { authEmail })).toMatchObject({ status: 202 });
    expect(await confirm(token, await codeTo(authEmail))).toMatchObject({ status: 200, body: { authEmail } });
  });

  it.each([{ userType: 'system' as const }, { userType: 'ai-coworker' as const }])(
    'is none of a user of type %p',
    async (values) => {
      const { token } = await withSession(values);
      expect(await ask(token, { authEmail: newEmail() })).toMatchObject({
        status: 422,
        body: { code: 'invalid_input' },
      });
    },
  );

  it.each([
    {},
    { authEmail: 'a@example.com', mobile: '+420601234567' },
    { authEmail: 'nobody' },
    { mobile: '601234567' },
    { authEmail: 'a@example.com\nBcc: b@example.com' },
    { authEmail: null },
    { login: 'another' },
  ])('is not %j', async (body) => {
    const { token } = await withSession();
    expect(await ask(token, body)).toMatchObject({ status: 422, body: { code: 'invalid_input' } });
  });

  it('that somebody else has is refused only when it is proven: asking answers alike (G4)', async () => {
    const { user: owner } = await withSession({ mobile: newMobile() });
    for (const [body, code] of [
      [{ authEmail: owner.authEmail?.toUpperCase() }, 'email_taken'],
      [{ authEmail: owner.login.includes('@') ? owner.login : owner.authEmail }, 'email_taken'],
      [{ mobile: owner.mobile }, 'mobile_taken'],
    ] as const) {
      const { user, token } = await withSession();
      const asked = await ask(token, body);
      const { token: free } = await withSession();
      const reference = await ask(free, 'mobile' in body ? { mobile: newMobile() } : { authEmail: newEmail() });
      expect([asked.status, Object.keys(asked.body)]).toEqual([reference.status, Object.keys(reference.body)]);
      const [to] = Object.values(body) as string[];
      expect(await confirm(token, await codeTo(to as string))).toMatchObject({ status: 409, body: { code } });
      expect(await tenant.read(userKeys.user(user.id))).toMatchObject({ version: 1 });
    }
  });
});

describe('S3-8 the code to a new address', () => {
  it('is asked for by who proved who they are five minutes ago at most, to the second', async () => {
    const { token } = await withSession();
    tenant.advance(300);
    expect(await ask(token, { authEmail: newEmail() })).toMatchObject({ status: 202 });
    tenant.advance(1);
    expect(await ask(token, { authEmail: newEmail() })).toMatchObject({
      status: 403,
      body: { code: 'reauthentication_needed' },
    });
  });

  it('goes out again after the tenant’s interval, wherever to; the one before is dead', async () => {
    const { token } = await withSession();
    const [first, second] = [newEmail(), newEmail()];
    await ask(token, { authEmail: first });
    tenant.advance(59);
    const refused = await ask(token, { authEmail: second });
    expect(refused).toMatchObject({ status: 429, body: { code: 'resend_too_soon' } });
    expect(refused.headers['retry-after']).toBe('1');
    tenant.advance(1);
    expect(await ask(token, { authEmail: second })).toMatchObject({ status: 202 });
    const [old, fresh] = [await codeTo(first), await codeTo(second)];
    if (old !== fresh) expect(await confirm(token, old)).toMatchObject({ body: { code: 'wrong_code' } });
    expect(await confirm(token, fresh)).toMatchObject({ body: { authEmail: second } });
  });

  it('goes out once of parallel requests', async () => {
    const { token } = await withSession();
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(token, { authEmail: newEmail() })));
    expect(tally(answers)).toEqual({ 202: 1, resend_too_soon: 19 });
  });

  it('goes out ten times an hour', async () => {
    const { token } = await withSession();
    for (let n = 0; n < 10; n++) {
      expect(await ask(token, { authEmail: newEmail() })).toMatchObject({ status: 202 });
      await wait(token, 60);
    }
    expect(await ask(token, { authEmail: newEmail() })).toMatchObject({
      status: 429,
      body: { code: 'too_many_codes' },
    });
  });

  it('is good for ten minutes, to the second', async () => {
    const { token } = await withSession();
    const authEmail = newEmail();
    await ask(token, { authEmail });
    const code = await codeTo(authEmail);
    tenant.advance(599);
    expect(await confirm(token, wrong(code))).toMatchObject({ body: { code: 'wrong_code' } });
    tenant.advance(1);
    expect(await confirm(token, code)).toMatchObject({ status: 410, body: { code: 'verification_over' } });
  });

  it('dies of five wrong tries, also of parallel ones', async () => {
    const { token } = await withSession();
    const authEmail = newEmail();
    await ask(token, { authEmail });
    const code = await codeTo(authEmail);
    const answers = await Promise.all(Array.from({ length: 50 }, () => confirm(token, wrong(code))));
    expect(tally(answers)).toEqual({ wrong_code: 5, verification_over: 45 });
    expect(await confirm(token, code)).toMatchObject({ status: 410, body: { code: 'verification_over' } });
  });

  it('is good in the session that asked, and only once it was asked for', async () => {
    const { user, token } = await withSession();
    expect(await confirm(token, '123456')).toMatchObject({ status: 410, body: { code: 'verification_over' } });
    const authEmail = newEmail();
    await ask(token, { authEmail });
    const elsewhere = await aSession(tenant, user);
    const code = await codeTo(authEmail);
    expect(await confirm(elsewhere, code)).toMatchObject({ body: { code: 'verification_over' } });
    expect(await confirm(token, code)).toMatchObject({ status: 200 });
    expect(await confirm(token, code)).toMatchObject({ body: { code: 'verification_over' } });
  });

  it('is redeemed by exactly one of 200 parallel requests (G2)', async () => {
    const { user, token } = await withSession();
    const authEmail = newEmail();
    await ask(token, { authEmail });
    const code = await codeTo(authEmail);
    const answers = await Promise.all(Array.from({ length: 200 }, () => confirm(token, code)));
    expect(tally(answers)).toEqual({ 200: 1, verification_over: 199 });
    expect(await tenant.read(userKeys.user(user.id))).toMatchObject({ version: 2, epoch: 2, authEmail });
  });

  it('stands nowhere in clear (G12)', async () => {
    const { token } = await withSession();
    const authEmail = newEmail();
    await ask(token, { authEmail });
    const code = await codeTo(authEmail);
    const alone = new RegExp(`(?<![\\w.-])${code}(?![\\w-])`);
    expect(await everythingKept(tenant)).not.toMatch(alone);
    await confirm(token, code);
    await tenant.keepAudit();
    expect(await everythingKept(tenant)).not.toMatch(alone);
  });

  it('is for who is signed in', async () => {
    expect(await tenant.call('change-my-contact', { body: { authEmail: newEmail() } })).toMatchObject({ status: 401 });
    expect(await tenant.call('confirm-my-contact', { body: { code: '123456' } })).toMatchObject({ status: 401 });
  });
});
