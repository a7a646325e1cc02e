import { ifMatch, type People, peopleOf } from '#test/functions/users/people.ts';
import { agentGrants, aTenant, password, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let people: People;
let token: string;
beforeEach(async () => {
  tenant = await aTenant({ language: 'en', sessionSeconds: 40_000, timeZone: 'Europe/London' });
  people = await peopleOf(tenant);
  token = people.root.token;
});

const aGroup = async (values: object = {}, name = 'Sales'): Promise<{ id: string; version: number }> =>
  (await tenant.call('create-user-group', { token, body: { name, ...values } })).body;
const change = (userGroupId: string, body: object, version: number, options: object = {}) =>
  tenant.call('change-user-group', { token, params: { userGroupId }, body, headers: ifMatch(version), ...options });
const lastsSeconds = async (login: string): Promise<number> => {
  const { next } = (await tenant.call('sign-in', { body: { login, password } })).body;
  return (Date.parse(next.expiresAt) - tenant.deps.now()) / 1000;
};

describe('S3-16 S4-21 S4-22 what sign-ins go by', () => {
  it('is the user’s own value, or else the user group’s, or else the tenant’s', async () => {
    const group = await aGroup({ sessionSeconds: 7200 });
    const [a, b, c] = [
      await tenant.aUser(agentGrants),
      await tenant.aUser({ ...agentGrants, userGroup: group.id }),
      await tenant.aUser({ ...agentGrants, userGroup: group.id, sessionSeconds: 600 }),
    ];
    expect([await lastsSeconds(a.login), await lastsSeconds(b.login), await lastsSeconds(c.login)]).toEqual([
      40_000, 7200, 600,
    ]);
    // Back to what is inherited, in each of the two places.
    await people.change(c.id, { sessionSeconds: null });
    expect(await lastsSeconds(c.login)).toBe(7200);
    await change(group.id, { sessionSeconds: null }, 1);
    expect(await lastsSeconds(b.login)).toBe(40_000);
  });

  it('bounds the sessions of each user of the group, not of all together', async () => {
    const group = await aGroup({ maxSessions: 1 });
    const [a, b] = [
      await tenant.aUser({ ...agentGrants, userGroup: group.id }),
      await tenant.aUser({ ...agentGrants, userGroup: group.id, maxSessions: 2 }),
    ];
    const alive = async (user: { id: string; login: string }) => {
      for (let n = 0; n < 3; n++) await tenant.signIn(user.login);
      return (await tenant.call('list-user-sessions', { token, params: { userId: user.id } })).body.sessions.length;
    };
    expect([await alive(a), await alive(b)]).toEqual([1, 2]);
  });

  it('is in force for a process that has not heard of the group yet', async () => {
    const group = await aGroup({ sessionSeconds: 7200 });
    const user = await tenant.aUser({ ...agentGrants, userGroup: group.id });
    const { known } = tenant.deps.definitions;
    if (known) known.value = { ...known.value, userGroups: new Map() };
    expect(await lastsSeconds(user.login)).toBe(7200);
  });
});

describe('S3-16 the language of messages', () => {
  it('is the user’s own, or else the user group’s, or else the tenant’s: codes, resets, invites and notices', async () => {
    const group = await aGroup({ language: 'cs' });
    const values = { ...agentGrants, secondFactor: 'email-otp' } as const;
    const languageOf = async (login: string) => {
      tenant.advance(1);
      await tenant.call('sign-in', { body: { login, password } });
      await tenant.call('request-password-reset', { body: { login, by: 'email' } });
      const sent = (await tenant.mails()).slice(-2);
      expect(sent.map(({ template }) => template).sort()).toEqual(['password-reset', 'sign-in-code']);
      return [...new Set(sent.map(({ language }) => language))];
    };
    expect(await languageOf((await tenant.aUser(values)).login)).toEqual(['en']);
    expect(await languageOf((await tenant.aUser({ ...values, userGroup: group.id })).login)).toEqual(['cs']);
    const own = await tenant.aUser({ ...values, userGroup: group.id, language: 'de' });
    expect(await languageOf(own.login)).toEqual(['de']);

    const body = { title: 'New', login: 'new', type: 'passive', authEmail: 'new@example.com', userGroup: group.id };
    tenant.advance(1);
    expect(await tenant.call('create-user', { token, body: { ...body, ...agentGrants } })).toMatchObject({
      status: 201,
    });
    expect((await tenant.mails()).at(-1)).toMatchObject({ template: 'invite', language: 'cs' });
    tenant.advance(1);
    await people.change(own.id, { language: null, secondFactor: 'off' });
    expect((await tenant.mails()).at(-1)).toMatchObject({ template: 'second-factor-changed', language: 'cs' });
  });
});

describe('S3-2 C13 the user group of a user', () => {
  it('is the default one where none was given, and is never named twice', async () => {
    const body = { title: 'New', login: 'new', type: 'passive', authEmail: 'new@example.com', ...agentGrants };
    const created = await tenant.call('create-user', { token, body });
    expect(created).toMatchObject({ status: 201, body: { userGroup: 'ugr_default' } });
    const named = { ...body, login: 'named', authEmail: 'named@example.com', userGroup: 'ugr_default' };
    expect(await tenant.call('create-user', { token, body: named })).toMatchObject({
      status: 201,
      body: { userGroup: 'ugr_default' },
    });
    const unknown = { ...body, login: 'x', authEmail: 'x@example.com', userGroup: 'ugr_nothing' };
    expect(await tenant.call('create-user', { token, body: unknown })).toMatchObject({
      status: 422,
      body: { code: 'prerequisites_missing', errors: [{ pointer: '/body/userGroup' }] },
    });
  });

  it('can be renamed when it is the default one, and inherits, but never goes', async () => {
    const params = { userGroupId: 'ugr_default' };
    expect(await change('ugr_default', { name: 'Everybody', sessionSeconds: 900 }, 1)).toMatchObject({ status: 200 });
    expect(await lastsSeconds((await tenant.aUser(agentGrants)).login)).toBe(900);
    const refused = await tenant.call('delete-user-group', { token, params, headers: ifMatch(2) });
    expect(refused).toMatchObject({ status: 409, body: { code: 'record_in_use', rule: 'C13' } });
  });

  it('S3-15 C15 does not change with a user’s other fields: the refusal points at it and at the way', async () => {
    const group = await aGroup();
    const user = await tenant.aUser(agentGrants);
    const refused = await people.change(user.id, { title: 'Other', userGroup: group.id });
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'invalid_input', errors: [{ pointer: '/body/userGroup' }] },
    });
    expect(refused.body.errors[0].detail).toContain('/move');
    expect(await people.now(user.id)).toMatchObject({ title: user.title, userGroup: 'ugr_default', version: 1 });
  });
});

describe('C23 K13 networks of a user group', () => {
  const inside = '192.0.2.7';
  const outside = '203.0.113.9';
  const networks = { allowedNetworks: ['192.0.2.0/24'] };

  it('let its users sign in, and nobody else of it', async () => {
    const group = await aGroup(networks);
    const [member, other] = [
      await tenant.aUser({ ...agentGrants, userGroup: group.id }),
      await tenant.aUser(agentGrants),
    ];
    const signIn = (login: string, ip: string) => tenant.call('sign-in', { body: { login, password }, ip });
    expect(await signIn(member.login, inside)).toMatchObject({ status: 200 });
    expect(await signIn(other.login, outside)).toMatchObject({ status: 200 });
    expect(await signIn(member.login, outside)).toMatchObject({ status: 403, body: { code: 'network_not_allowed' } });
    // A wrong password tells nothing of the list.
    const wrong = { body: { login: member.login, password: 'not it at all, no' }, ip: outside };
    expect(await tenant.call('sign-in', wrong)).toMatchObject({ status: 401, body: { code: 'invalid_credentials' } });
  });

  it('hold on each request, for sessions and API tokens, from the moment they are set', async () => {
    const group = await aGroup();
    const user = await tenant.aUser({ ...agentGrants, userGroup: group.id });
    const session = await tenant.signIn(user.login);
    const { value } = (
      await tenant.call('create-token', { token, params: { userId: user.id }, body: { title: 'Nightly' } })
    ).body;
    const ask = async (ip: string) =>
      Promise.all([session, value].map(async (token) => (await tenant.call('get-me', { token, ip })).status));
    expect(await ask(outside)).toEqual([200, 200]);
    await change(group.id, networks, 1);
    expect(await ask(outside)).toEqual([403, 403]);
    expect(await ask(inside)).toEqual([200, 200]);
    // All lists that there are must let an address in.
    await people.change(user.id, { allowedNetworks: ['203.0.113.0/24'] });
    expect(await ask(outside)).toEqual([403, 403]);
    expect(await ask(inside)).toEqual([403, 403]);
    await change(group.id, { allowedNetworks: null }, 2);
    expect(await ask(outside)).toEqual([200, 200]);
    await change(group.id, { allowedNetworks: [] }, 3);
    expect(await ask(outside)).toEqual([403, 403]);
  });

  it('hold at each step of a sign-in, for invites and for resets', async () => {
    const group = await aGroup(networks);
    const values = { ...agentGrants, userGroup: group.id, secondFactor: 'email-otp' } as const;
    const user = await tenant.aUser(values);
    const from = (ip: string) => ({ body: { login: user.login, password }, ip });
    const { challenge } = (await tenant.call('sign-in', from(inside))).body.next;
    const code = (await tenant.mails()).at(-1)?.data.code;
    const verify = { body: { challenge, code } };
    expect(await tenant.call('verify-code', { ...verify, ip: outside })).toMatchObject({ status: 403 });
    expect(await tenant.call('verify-code', { ...verify, ip: inside })).toMatchObject({ status: 200 });

    tenant.advance(1);
    await tenant.call('request-password-reset', { body: { login: user.login, by: 'email' } });
    const resetToken = (await tenant.mails()).at(-1)?.data.link?.split('#')[1];
    const reset = { body: { token: resetToken, password: 'another long walk by the sea' } };
    expect(await tenant.call('complete-password-reset', { ...reset, ip: outside })).toMatchObject({ status: 403 });
    expect(await tenant.call('complete-password-reset', { ...reset, ip: inside })).toMatchObject({ status: 204 });

    const body = { title: 'New', login: 'new', type: 'passive', authEmail: 'n@example.com', userGroup: group.id };
    tenant.advance(1);
    await tenant.call('create-user', { token, body: { ...body, ...agentGrants } });
    const inviteToken = (await tenant.mails()).at(-1)?.data.link?.split('#')[1];
    const invite = { body: { token: inviteToken, password: 'another long walk by the sea' } };
    expect(await tenant.call('accept-invite', { ...invite, ip: outside })).toMatchObject({ status: 403 });
    expect(await tenant.call('accept-invite', { ...invite, ip: inside })).toMatchObject({ status: 200 });
  });

  it('do not shut out who sets them, but with force', async () => {
    const own = await change('ugr_default', networks, 1, { ip: outside });
    expect(own).toMatchObject({ status: 409, body: { code: 'would_lock_yourself_out', because: outside } });
    // Somebody else's group is another matter, and so is a list that lets the caller in.
    const group = await aGroup();
    expect(await change(group.id, { allowedNetworks: [] }, 1, { ip: outside })).toMatchObject({ status: 200 });
    expect(await change('ugr_default', networks, 1, { ip: inside })).toMatchObject({ status: 200 });
    // What is not about networks is not asked about them.
    const narrow = { allowedNetworks: ['192.0.2.7/32'] };
    expect(await change('ugr_default', narrow, 2, { ip: inside })).toMatchObject({ status: 200 });
    const forced = await change('ugr_default', { allowedNetworks: [] }, 3, { ip: inside, query: { force: 'true' } });
    expect(forced).toMatchObject({ status: 200, body: { allowedNetworks: [] } });
    expect(await tenant.call('get-me', { token, ip: inside })).toMatchObject({ status: 403 });
  });
});
