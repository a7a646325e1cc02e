import type { User } from '#domain/users/user.ts';
import { userKeys } from '#table/keys.ts';
import { put } from '#table/write.ts';
import { aSession } from '#test/functions/me/a-session.ts';
import { aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let admin: Awaited<ReturnType<TestTenant['aSuperUser']>>;
beforeAll(async () => {
  tenant = await aTenant({ contact: 'email_or_mobile', verifyTypes: ['password', 'google'] });
  admin = await tenant.aSuperUser({ title: 'The Admin' });
});

const change = (user: Pick<User, 'id' | 'version'>, body: object, options: { query?: Record<string, string> } = {}) =>
  tenant.call('change-user', {
    token: admin.token,
    params: { userId: user.id },
    body,
    headers: { 'if-match': `"${user.version}"` },
    ...options,
  });
const told = async (to: string | undefined) =>
  (await tenant.mails()).filter((each) => each.to === to).map(({ template, data }) => ({ template, data }));

describe('S4-12 S4-21 S4-22 changing the limits of sessions', () => {
  it('sets them, and null gives them back to the tenant', async () => {
    const user = await tenant.aUser();
    const limits = { sessionSeconds: 3600, maxSessions: 2, allowedNetworks: ['203.0.113.0/24'] };
    expect(await change(user, limits)).toMatchObject({ status: 200, body: limits });
    const none = { sessionSeconds: null, maxSessions: null, allowedNetworks: null };
    const { status, body } = await change({ ...user, version: 2 }, none);
    expect(status).toBe(200);
    for (const field of Object.keys(none)) expect(body).not.toHaveProperty(field);
  });

  it('K13 lets nobody shut themselves out by oversight', async () => {
    const away = { allowedNetworks: ['203.0.113.0/24'] };
    expect(await change(admin.user, away)).toMatchObject({
      status: 409,
      body: { code: 'would_lock_yourself_out' },
    });
    const own = { allowedNetworks: ['198.51.100.0/24'] };
    expect(await change(admin.user, own)).toMatchObject({ status: 200 });
    const other = await tenant.aSuperUser();
    const forced = await tenant.call('change-user', {
      token: other.token,
      params: { userId: other.user.id },
      body: away,
      query: { force: 'true' },
      headers: { 'if-match': '"1"' },
    });
    expect(forced).toMatchObject({ status: 200 });
    expect(await tenant.call('get-me', { token: other.token })).toMatchObject({ status: 403 });
  });
});

describe('S0-18 S1-10 C4 what a user signs in with, taken together', () => {
  it('is judged on the result, and not where nothing of it changes', async () => {
    const bare = await tenant.aUser({ authEmail: undefined, mobile: '+420604000001' });
    expect(await change(bare, { secondFactor: 'email-otp' })).toMatchObject({ status: 422, body: { rule: 'C4' } });
    expect(await change(bare, { secondFactor: 'email-otp', authEmail: 'bare@example.com' })).toMatchObject({
      status: 200,
    });
    const old = await tenant.aUser({ verifyType: 'azure-ad', secondFactor: 'email-otp' });
    expect(await change(old, { title: 'Other' })).toMatchObject({ status: 200 });
    expect(await change({ ...old, version: 2 }, { authEmail: 'other@example.com' })).toMatchObject({
      status: 422,
      body: { rule: 'S1-10' },
    });
  });

  it('C4 keeps a number that is all by which a user is reached', async () => {
    const bare = await tenant.aUser({ authEmail: undefined, mobile: '+420604000002' });
    expect(await change(bare, { mobile: null })).toMatchObject({
      status: 422,
      body: { code: 'invalid_input', rule: 'C4', errors: [{ pointer: '/body/mobile' }] },
    });
    expect(await change(bare, { mobile: '+420604000003' })).toMatchObject({ status: 200 });
    const withAddress = { mobile: null, authEmail: 'reached@example.com' };
    expect(await change({ ...bare, version: 2 }, withAddress)).toMatchObject({ status: 200 });
  });

  it('S0-16 makes an invited user active who will sign in elsewhere', async () => {
    const user = await tenant.aUser({ state: 'invited', invite: { secretHash: 'x', expiresAt: 9e12 } });
    const { body } = await change(user, { verifyType: 'google' });
    expect(body).toMatchObject({ state: 'active', verifyType: 'google' });
    expect(body).not.toHaveProperty('inviteExpiresAt');
  });
});

describe('ASVS 6.3.7 the user is told', () => {
  it('of another factor, by whom', async () => {
    const user = await tenant.aUser();
    await change(user, { secondFactor: 'email-otp' });
    expect(await told(user.authEmail)).toMatchObject([
      { template: 'second-factor-changed', data: { what: 'mode-changed', by: 'The Admin' } },
    ]);
  });

  it('of another address, at the old one and the new', async () => {
    const user = await tenant.aUser();
    await change(user, { authEmail: 'moved@example.com' });
    const facts = { field: 'authEmail', newContact: 'm…@example.com' };
    expect(await told(user.authEmail)).toMatchObject([{ template: 'contact-changed', data: { ...facts, isOld: 1 } }]);
    expect(await told('moved@example.com')).toMatchObject([
      { template: 'contact-changed', data: { ...facts, isOld: 0 } },
    ]);
  });

  it('of another number by SMS, and of one that was removed', async () => {
    const user = await tenant.aUser({ mobile: '+420604000004' });
    await change(user, { mobile: '+420604000005' });
    expect(await told('+420604000004')).toMatchObject([{ data: { field: 'mobile', isOld: 1 } }]);
    expect(await told('+420604000005')).toMatchObject([{ data: { field: 'mobile', isOld: 0 } }]);
    tenant.advance(1);
    await change({ ...user, version: 2 }, { mobile: null });
    const last = (await told('+420604000005')).at(-1);
    expect(last?.data).not.toHaveProperty('newContact');
    expect(last?.data).toMatchObject({ isOld: 1 });
  });

  it('of nothing else, and not while they are invited', async () => {
    const user = await tenant.aUser();
    await change(user, { title: 'Other', emoji: '🎧' });
    expect(await told(user.authEmail)).toEqual([]);
    const invited = await tenant.aUser({ state: 'invited' });
    await change(invited, { authEmail: 'mistyped-before@example.com' });
    expect(await told(invited.authEmail)).toEqual([]);
    expect((await told('mistyped-before@example.com')).map(({ template }) => template)).toEqual(['invite']);
  });
});

describe('S0-23 leaving the authenticator', () => {
  it('removes it and its recovery codes, and ends sessions; staying with one keeps both', async () => {
    const user = await tenant.aUser({ secondFactor: 'authenticator-enforced' });
    const keys = [userKeys.authenticator(user.id), userKeys.recoveryCodes(user.id)];
    for (const key of keys) await tenant.deps.table.write(put({ ...key, type: 'x', v: 1 }));
    await change(user, { secondFactor: 'authenticator-optional' });
    for (const key of keys) expect(await tenant.read(key)).toBeDefined();
    const session = await aSession(tenant, user);
    await change({ ...user, version: 2 }, { secondFactor: 'email-otp' });
    for (const key of keys) expect(await tenant.read(key)).toBeUndefined();
    expect(await tenant.call('get-me', { token: session })).toMatchObject({ status: 401 });
  });
});
