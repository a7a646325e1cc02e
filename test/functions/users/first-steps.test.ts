import { outboxPartitions, userKeys } from '#table/keys.ts';
import { agentGrants, aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let token: string;
beforeAll(async () => {
  tenant = await aTenant({ contact: 'email_or_mobile', verifyTypes: ['password', 'google'] });
  token = (await tenant.aSuperUser({ title: 'The Admin' })).token;
});

let count = 0;
const aNewUser = (values: Record<string, unknown> = {}) => ({
  title: `New ${++count}`,
  login: `new-${count}`,
  type: 'contact-center',
  ...agentGrants,
  authEmail: `new-${count}@example.com`,
  ...values,
});
const create = (body: unknown) => tenant.call('create-user', { token, body });
const signIn = (login: string, typed: string) => tenant.call('sign-in', { body: { login, password: typed } });
const password = 'under the old stone bridge';
const messagesTo = async (to: string) => (await tenant.mails()).filter((each) => each.to === to);

describe('S0-17 S1-2 C3 K3 a new user with a password', () => {
  it('is active without an invite, is told, and chooses another at the first sign-in', async () => {
    const body = aNewUser({ password });
    const answer = await create(body);
    expect(answer).toMatchObject({ status: 201, body: { state: 'active' } });
    expect(answer.body).not.toHaveProperty('inviteExpiresAt');
    const messages = await messagesTo(body.authEmail);
    expect(messages).toMatchObject([{ template: 'temporary-password-set', data: { by: 'The Admin', hours: 72 } }]);
    const { temporaryUntil } = (await tenant.read(userKeys.password(answer.body.id))) as { temporaryUntil?: number };
    expect(temporaryUntil).toBe(tenant.deps.now() + 72 * 3_600_000);
    expect((await signIn(body.login, password)).body.next.step).toBe('new-password');
    const stored = JSON.stringify([answer.body, messages, await tenant.audit()]);
    expect(stored).not.toContain(password);
  });

  it('K1 is not created with one that the policy refuses', async () => {
    const body = aNewUser({ password: 'football' });
    expect(await create(body)).toMatchObject({
      status: 422,
      body: { code: 'password_refused', errors: [{ pointer: '/body/password' }, { pointer: '/body/password' }] },
    });
    expect(await create({ ...body, password: undefined })).toMatchObject({ status: 201 });
  });

  it('S1-12 gets none where it would never be asked for', async () => {
    expect(await create(aNewUser({ password, verifyType: 'google' }))).toMatchObject({
      status: 422,
      body: { code: 'invalid_input', rule: 'S1-12', errors: [{ pointer: '/body/password' }] },
    });
  });
});

describe('S0-16 S1-10 a new user who signs in elsewhere', () => {
  it('is active at once, without invite or password', async () => {
    const body = aNewUser({ verifyType: 'google' });
    expect(await create(body)).toMatchObject({ status: 201, body: { state: 'active', verifyType: 'google' } });
    expect(await messagesTo(body.authEmail)).toEqual([]);
  });

  it('is invited where a password does as well', async () => {
    const lenient = await aTenant({ verifyTypes: ['password', 'google'], ssoPasswordFallback: true });
    const admin = (await lenient.aSuperUser()).token;
    const body = aNewUser({ verifyType: 'google' });
    expect(await lenient.call('create-user', { token: admin, body })).toMatchObject({ body: { state: 'invited' } });
  });

  it('must do so by a way that is configured, and S0-24 without a factor of Roster', async () => {
    expect(await create(aNewUser({ verifyType: 'azure-ad' }))).toMatchObject({
      status: 422,
      body: { rule: 'S1-10', errors: [{ pointer: '/body/verifyType' }] },
    });
    expect(await create(aNewUser({ verifyType: 'google', secondFactor: 'email-otp' }))).toMatchObject({
      status: 422,
      body: { rule: 'S0-24', errors: [{ pointer: '/body/secondFactor' }] },
    });
  });
});

describe('C4 S3-3 S0-25 a new user without an address', () => {
  it('is invited by SMS where the tenant lets a number do', async () => {
    const body = aNewUser({ authEmail: undefined, mobile: '00420 602 333 444' });
    expect(await create(body)).toMatchObject({ status: 201, body: { state: 'invited', mobile: '+420602333444' } });
    const waiting = (await tenant.allOf(outboxPartitions)).find(({ to }) => to === '+420602333444');
    expect(waiting).toMatchObject({ channel: 'sms', template: 'invite' });
  });

  it('needs the number; and never has codes by mail', async () => {
    expect(await create(aNewUser({ authEmail: undefined }))).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/body/authEmail' }] },
    });
    const values = { authEmail: undefined, mobile: '+420602333445', secondFactor: 'email-otp' };
    expect(await create(aNewUser(values))).toMatchObject({
      status: 422,
      body: { rule: 'C4', errors: [{ pointer: '/body/secondFactor' }] },
    });
  });

  it('is refused where the tenant wants an address, and so is a number that is taken', async () => {
    const strict = await aTenant();
    const admin = (await strict.aSuperUser()).token;
    const body = aNewUser({ authEmail: undefined, mobile: '+420602333446' });
    expect(await strict.call('create-user', { token: admin, body })).toMatchObject({ status: 422 });
    expect(await create(aNewUser({ mobile: '+420602333447' }))).toMatchObject({ status: 201 });
    expect(await create(aNewUser({ mobile: '00420602333447' }))).toMatchObject({
      status: 409,
      body: { code: 'mobile_taken', errors: [{ pointer: '/body/mobile' }] },
    });
  });
});

describe('S4-12 S4-21 S4-22 limits of a new user’s sessions', () => {
  it('are kept and shown', async () => {
    const limits = { sessionSeconds: 3600, maxSessions: 2, allowedNetworks: ['198.51.100.0/24'] };
    expect(await create(aNewUser(limits))).toMatchObject({ status: 201, body: limits });
  });
});
