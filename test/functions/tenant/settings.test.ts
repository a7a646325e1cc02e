import type { OperationId } from '#contract/operations.ts';
import type { Settings } from '#contract/settings.ts';
import { settingsKey } from '#table/keys.ts';
import { update } from '#table/write.ts';
import { entriesAbout, ifMatch, type People, peopleOf } from '#test/functions/users/people.ts';
import { agentGrants, aTenant, password, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let people: People;
let token: string;
const start = async (given: Partial<Settings> = {}) => {
  tenant = await aTenant(given);
  people = await peopleOf(tenant);
  token = people.root.token;
};

const read = async () => (await tenant.call('get-settings', { token })).body;
const change = async (body: object, query: Record<string, string> = {}, ip?: string) =>
  tenant.call('change-settings', {
    token,
    body,
    query,
    headers: ifMatch((await tenant.deps.table.get(settingsKey))?.version as number),
    ...(ip && { ip }),
  });

describe('S0-20 K4 settings', () => {
  beforeEach(() => start());

  it('are read with their version, and changed one by one against it, with one entry', async () => {
    const got = await tenant.call('get-settings', { token });
    expect(got).toMatchObject({ status: 200, headers: { etag: '"1"' }, body: { version: 1, idleMinutes: 60 } });
    tenant.advance(30);
    const changed = await change({ idleMinutes: 30, language: 'cs' });
    expect(changed).toMatchObject({ status: 200, headers: { etag: '"2"' }, body: { version: 2, idleMinutes: 30 } });
    const { version: _v, updatedAt: _at, ...before } = got.body;
    expect(await read()).toMatchObject({ ...before, idleMinutes: 30, language: 'cs', version: 2 });
    expect(changed.body.updatedAt).not.toBe(got.body.updatedAt);
    const [entry, ...others] = await entriesAbout(tenant, 'settings');
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      event: 'settings.changed',
      actor: people.root.user.id,
      changes: { idleMinutes: { before: 60, after: 30 }, language: { before: 'en', after: 'cs' } },
    });
    expect(Object.keys(entry?.changes as object).sort()).toEqual(['idleMinutes', 'language']);
  });

  it('need If-Match of the version that was seen', async () => {
    expect(await tenant.call('change-settings', { token, body: { language: 'cs' } })).toMatchObject({ status: 428 });
    await change({ language: 'cs' });
    const stale = await tenant.call('change-settings', { token, body: { language: 'de' }, headers: ifMatch(1) });
    expect(stale).toMatchObject({ status: 412, body: { code: 'version_stale', because: 2 } });
  });

  it('take one of 10 parallel changes of one version', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        tenant.call('change-settings', { token, body: { inviteDays: n + 1 }, headers: ifMatch(1) }),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await entriesAbout(tenant, 'settings')).toHaveLength(1);
  });

  it('need the permission', async () => {
    const reader = await people.person(['settings:read']);
    expect(await tenant.call('get-settings', { token: reader.token })).toMatchObject({ status: 200 });
    expect(
      await tenant.call('change-settings', { token: reader.token, body: { language: 'cs' }, headers: ifMatch(1) }),
    ).toMatchObject({ status: 403, body: { code: 'not_permitted', because: 'settings:change' } });
  });

  it.each([
    [{ idleMinutes: 0 }, '/body/idleMinutes'],
    [{ idleMinutes: '30' }, '/body/idleMinutes'],
    [{ sessionSeconds: 59 }, '/body/sessionSeconds'],
    [{ resendIntervalSeconds: 59 }, '/body/resendIntervalSeconds'],
    [{ resendIntervalSeconds: 181 }, '/body/resendIntervalSeconds'],
    [{ timeZone: 'Europe/Praha' }, '/body/timeZone'],
    [{ timeZone: '' }, '/body/timeZone'],
    [{ language: 'czech language' }, '/body/language'],
    [{ language: null }, '/body/language'],
    [{ contact: 'pigeon' }, '/body/contact'],
    [{ offboarding: 'never' }, '/body/offboarding'],
    [{ secondFactors: [] }, '/body/secondFactors'],
    [{ secondFactors: ['off', 'sms'] }, '/body/secondFactors/1'],
    [{ allowedNetworks: ['192.0.2.1'] }, '/body/allowedNetworks/0'],
    [{ allowedNetworks: ['0.0.0.0/0', '300.0.0.0/8'] }, '/body/allowedNetworks/1'],
    [{ allowedNetworks: ['192.0.2.0/33'] }, '/body/allowedNetworks/0'],
    [{ allowedNetworks: ['2001:db8::/129'] }, '/body/allowedNetworks/0'],
    [{ auditDays: 29 }, '/body/auditDays'],
    [{ version: 9 }, '/body/version'],
    [{ nonsense: 1 }, '/body/nonsense'],
    [{}, '/body'],
  ])('refuse %j', async (body, pointer) => {
    const refused = await change(body, { force: 'true' });
    expect(refused).toMatchObject({ status: 422, body: { code: 'invalid_input' } });
    expect(refused.body.errors[0].pointer).toBe(pointer);
    expect(await entriesAbout(tenant, 'settings')).toEqual([]);
  });

  it('K1 K4 contradict each other in no combination, old or new, each with the reason', async () => {
    const refused = await change({ sessionSeconds: 3600, idleMinutes: 61, passwordMinWithFactor: 20 });
    expect(refused).toMatchObject({
      status: 422,
      body: {
        code: 'settings_contradict',
        errors: [{ pointer: '/body/idleMinutes' }, { pointer: '/body/passwordMinWithFactor' }],
      },
    });
    // Against what is stored: the idle limit of an hour stays as it is.
    expect(await change({ sessionSeconds: 600 })).toMatchObject({ status: 422, body: { code: 'settings_contradict' } });
    expect(await change({ passwordMinWithoutFactor: 8, passwordMinWithFactor: 9 })).toMatchObject({ status: 422 });
    expect(await change({ sessionSeconds: 600, idleMinutes: 10 })).toMatchObject({ status: 200 });
    expect((await read()).version).toBe(2);
  });

  it('C1 C4 C20 take every value of a choice', async () => {
    for (const body of [
      { contact: 'email_or_mobile' },
      { offboarding: 'strict' },
      { timeZone: 'Europe/Prague' },
      { language: 'cs-CZ' },
      { allowedNetworks: null },
    ]) {
      expect(await change(body)).toMatchObject({ status: 200, body });
    }
  });
});

describe('K11 settings in force', () => {
  beforeEach(() => start());

  it('are so at once in the same process, and within five seconds in another', async () => {
    const list = (ip: string) => tenant.call('list-users', { token, ip });
    await change({ allowedNetworks: ['198.51.100.0/24'] });
    expect(await list('203.0.113.9')).toMatchObject({ status: 403 });
    expect(await list('198.51.100.9')).toMatchObject({ status: 200 });
    // As another process would: this one does not hear of it.
    const { values } = (await tenant.deps.table.get(settingsKey)) as unknown as { values: Settings };
    await tenant.deps.table.write(
      update(settingsKey, { set: { values: { ...values, allowedNetworks: ['203.0.113.0/24'] } } }),
    );
    tenant.advance(5);
    expect(await list('203.0.113.9')).toMatchObject({ status: 200 });
    expect(await list('198.51.100.9')).toMatchObject({ status: 403 });
  });

  it('K4 decide how long sessions last that begin after', async () => {
    await change({ sessionSeconds: 600, idleMinutes: 1 });
    const user = await tenant.aUser();
    const own = await tenant.signIn(user.login);
    tenant.advance(59);
    expect(await tenant.call('get-me', { token: own })).toMatchObject({ status: 200 });
    tenant.advance(60);
    expect(await tenant.call('get-me', { token: own })).toMatchObject({ status: 401 });
  });

  it('K1 decide how long a password must be', async () => {
    const user = await tenant.aUser();
    await change({ passwordMinWithoutFactor: 30 });
    await tenant.call('request-password-reset', { body: { login: user.login } });
    const link = (await tenant.mails()).at(-1)?.data.link?.split('#')[1];
    const complete = (typed: string) =>
      tenant.call('complete-password-reset', { body: { token: link, password: typed } });
    expect(await complete('quiet hill over the lake')).toMatchObject({
      status: 422,
      body: { code: 'password_refused' },
    });
    expect(await complete('quiet hill over the lake in autumn')).toMatchObject({ status: 204 });
  });
});

describe('K2 S0-18 second factors that a tenant allows', () => {
  const person = (values: object) => {
    const login = `factor${Math.random().toString(36).slice(2, 10)}`;
    return { title: login, login, type: 'passive', ...agentGrants, authEmail: `${login}@example.com`, ...values };
  };
  const refused = (pointer: string) => ({
    status: 422,
    body: { code: 'invalid_input', rule: 'K2', errors: [{ pointer }], remedy: expect.any(String) },
  });

  it('are all that a user may be given, when created and when changed', async () => {
    await start({ secondFactors: ['email-otp'] });
    const create = (values: object) => tenant.call('create-user', { token, body: person(values) });
    expect(await create({ secondFactor: 'off' })).toMatchObject(refused('/body/secondFactor'));
    expect(await create({})).toMatchObject(refused('/body/secondFactor'));
    expect(await create({ secondFactor: 'email-otp' })).toMatchObject({ status: 201 });
    const user = await tenant.aUser({ secondFactor: 'email-otp' });
    expect(await people.change(user.id, { secondFactor: 'off' })).toMatchObject(refused('/body/secondFactor'));
    expect(await people.change(user.id, { title: 'Other' })).toMatchObject({ status: 200 });
  });

  it('say nothing of who never signs in', async () => {
    await start({ secondFactors: ['email-otp'] });
    const body = person({ type: 'api' });
    expect(await tenant.call('create-user', { token, body })).toMatchObject({ status: 201 });
    const { title, login } = person({});
    for (const type of ['system', 'ai-coworker']) {
      const bare = { title, login: `${login}${type.slice(0, 2)}`, type };
      expect(await tenant.call('create-user', { token, body: bare })).toMatchObject({ status: 201 });
    }
  });
});

describe('K13 networks from which anything is accepted', () => {
  const inside = '198.51.100.7';
  const outside = '203.0.113.9';

  it.each([
    ['list-users', {}],
    ['get-me', {}],
    ['sign-out', {}],
    ['sign-in', { body: { login: 'nobody', password } }],
    ['request-password-reset', { body: { login: 'nobody' } }],
  ] as [OperationId, object][])('%s is refused from elsewhere, whoever asks', async (operation, options) => {
    await start({ allowedNetworks: ['198.51.100.0/24'] });
    expect(await tenant.call(operation, { token, ip: outside, ...options })).toMatchObject({
      status: 403,
      body: { code: 'network_not_allowed', rule: 'K13', because: outside },
    });
  });

  it('tell nothing of an account: right and wrong passwords are answered alike from elsewhere', async () => {
    await start({ allowedNetworks: ['198.51.100.0/24'] });
    const answers = await Promise.all(
      [password, 'wrong'].map((typed) =>
        tenant.call('sign-in', { body: { login: people.root.user.login, password: typed }, ip: outside }),
      ),
    );
    expect(answers.map(({ body }) => body.code)).toEqual(['network_not_allowed', 'network_not_allowed']);
    expect(answers[0]?.body.detail).toBe(answers[1]?.body.detail);
  });

  it('are IPv6 blocks as well', async () => {
    await start({ allowedNetworks: ['2001:db8:1::/48', '198.51.100.0/24'] });
    const me = async (ip: string) => (await tenant.call('get-me', { token, ip })).status;
    expect(await me('2001:db8:1:2::3')).toBe(200);
    expect(await me('2001:0DB8:0001:0000:0000:0000:0000:0003')).toBe(200);
    expect(await me('2001:db8:2::3')).toBe(403);
    expect(await me('::ffff:198.51.100.7')).toBe(200);
    expect(await me(inside)).toBe(200);
    expect(await me(outside)).toBe(403);
  });

  it('reach from everything to a single address', async () => {
    await start();
    const me = async (ip: string) => (await tenant.call('get-me', { token, ip })).status;
    await change({ allowedNetworks: ['0.0.0.0/0', '::/0'] });
    expect([await me(outside), await me('2001:db8::1')]).toEqual([200, 200]);
    await change({ allowedNetworks: [`${inside}/32`] });
    expect([await me(inside), await me('198.51.100.8')]).toEqual([200, 403]);
    await change({ allowedNetworks: null });
    expect(await me(outside)).toBe(200);
  });

  it('lock nobody out by oversight: who would be is asked to force it', async () => {
    await start();
    for (const allowedNetworks of [['203.0.113.0/24'], []]) {
      expect(await change({ allowedNetworks })).toMatchObject({
        status: 409,
        body: {
          code: 'would_lock_yourself_out',
          rule: 'K13',
          because: inside,
          remedy: expect.stringContaining('force'),
        },
      });
    }
    expect(await entriesAbout(tenant, 'settings')).toEqual([]);
    expect(await change({ allowedNetworks: [] }, { force: 'true' })).toMatchObject({ status: 200 });
    expect(await tenant.call('get-me', { token })).toMatchObject({
      status: 403,
      body: { code: 'network_not_allowed' },
    });
  });

  it('leave only the health open when there are none', async () => {
    const own = await aTenant({ allowedNetworks: [] });
    expect(await own.call('get-health')).toMatchObject({ status: 200 });
    const user = await own.aUser();
    const signIn = await own.call('sign-in', { body: { login: user.login, password } });
    expect(signIn).toMatchObject({ status: 403, body: { code: 'network_not_allowed' } });
  });
});
