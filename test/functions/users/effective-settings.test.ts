import { type People, peopleOf } from '#test/functions/users/people.ts';
import { agentGrants, aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let people: People;
let token: string;
let group: string;
beforeAll(async () => {
  const limits = { sessionSeconds: 40_000, maxSessions: 9 };
  const dialer = { predictiveRatio: 1.2, predictiveSorting: 'weight' } as const;
  tenant = await aTenant({ language: 'en', timeZone: 'Europe/London', ...limits, ...dialer });
  people = await peopleOf(tenant);
  token = people.root.token;
  const body = { name: 'Sales', language: 'cs', maxSessions: 3, wrapUpSeconds: 30, resourceFilter: 'prague' };
  group = (await tenant.call('create-user-group', { token, body })).body.id;
});

const inForce = async (userId: string) =>
  (await tenant.call('get-effective-settings', { token, params: { userId } })).body;
const settingOf = async (userId: string, wanted: string) =>
  (await inForce(userId)).settings.find(({ field }: { field: string }) => field === wanted);
const tenantSays = (value: unknown) => ({ value, from: 'tenant', inherited: { value, from: 'tenant' } });
const groupSays = (value: unknown) => ({ value, from: 'userGroup', inherited: { value, from: 'userGroup' } });

describe('S3-16 S4-14 what is in force for a user', () => {
  it('tells each value with its source, from the tenant, the user group and the user', async () => {
    const user = await tenant.aUser({ ...agentGrants, userGroup: group, language: 'de' });
    await people.change(user.id, { resourceFilter: 'brno' });
    expect(await inForce(user.id)).toEqual({
      userGroup: { id: group, name: 'Sales' },
      settings: [
        { field: 'language', value: 'de', from: 'user', own: 'de', inherited: { value: 'cs', from: 'userGroup' } },
        { field: 'timeZone', ...tenantSays('Europe/London') },
        { field: 'sessionSeconds', ...tenantSays(40_000) },
        { field: 'maxSessions', ...groupSays(3) },
        { field: 'wrapUpSeconds', ...groupSays(30) },
        {
          field: 'resourceFilter',
          value: 'brno',
          from: 'user',
          own: 'brno',
          inherited: { value: 'prague', from: 'userGroup' },
        },
        { field: 'predictiveRatio', ...tenantSays(1.2) },
        { field: 'predictiveSorting', ...tenantSays('weight') },
      ],
      allowedNetworks: [],
      profiles: [],
      tags: [],
      skills: [],
    });
  });

  it.each([
    ['language', 'de', 'cs'],
    ['timeZone', 'Asia/Tokyo', 'Europe/London'],
    ['sessionSeconds', 600, 40_000],
    ['maxSessions', 1, 3],
    ['wrapUpSeconds', 60, 30],
    ['resourceFilter', 'brno', 'prague'],
    // S4-14: of the tenant alone.
    ['predictiveRatio', 2.5, 1.2],
    ['predictiveSorting', 'call-back-time', 'weight'],
  ] as const)('%s is set on the user and taken back to what is inherited', async (field, own, inherited) => {
    const user = await tenant.aUser({ ...agentGrants, userGroup: group });
    const before = await settingOf(user.id, field);
    expect(before).toMatchObject({ value: inherited });
    expect(before).not.toHaveProperty('own');
    expect(await people.change(user.id, { [field]: own })).toMatchObject({ status: 200, body: { [field]: own } });
    expect(await settingOf(user.id, field)).toMatchObject({
      value: own,
      from: 'user',
      own,
      inherited: before.inherited,
    });
    expect(await people.change(user.id, { [field]: null })).toMatchObject({ status: 200 });
    expect(await settingOf(user.id, field)).toEqual(before);
    expect(await people.now(user.id)).not.toHaveProperty(field);
  });

  it('S0-7 leaves out what the user’s type does not have', async () => {
    const fields = async (userType: 'passive' | 'ai-coworker' | 'system') =>
      (await inForce((await tenant.aUser({ userType, userGroup: group })).id)).settings.map(
        ({ field }: { field: string }) => field,
      );
    expect(await fields('passive')).toEqual(['language', 'timeZone', 'sessionSeconds', 'maxSessions']);
    expect(await fields('ai-coworker')).toEqual([]);
    expect(await fields('system')).toEqual([]);
  });

  it('C23 names every list of networks that must let the user in', async () => {
    const networks = ['198.51.100.0/24'];
    const { id } = (
      await tenant.call('create-user-group', { token, body: { name: 'Near', allowedNetworks: networks } })
    ).body;
    const user = await tenant.aUser({ ...agentGrants, userGroup: id, allowedNetworks: ['198.51.100.7/32'] });
    expect((await inForce(user.id)).allowedNetworks).toEqual([
      { from: 'userGroup', networks },
      { from: 'user', networks: ['198.51.100.7/32'] },
    ]);
  });

  it('S3-9 S3-10 names the profiles that can be used: of the group but those that are off, and personal ones', async () => {
    const { id } = (await tenant.call('create-user-group', { token, body: { name: 'Profiled' } })).body;
    for (const name of ['Inbound', 'Chat']) {
      await tenant.call('create-group-profile', { token, params: { userGroupId: id }, body: { name } });
    }
    const user = await tenant.aUser({ ...agentGrants, userGroup: id });
    const params = { userId: user.id };
    const { group: ofGroup } = (await tenant.call('list-profiles-of-user', { token, params })).body;
    const body = { available: [ofGroup[0].id] };
    await tenant.call('choose-profiles-of-user', { token, params, body, headers: { 'if-match': '"1"' } });
    await tenant.call('create-personal-profile', { token, params, body: { name: 'Own' } });
    expect((await inForce(user.id)).profiles).toMatchObject([
      { name: 'Inbound', from: 'userGroup' },
      { name: 'Own', from: 'user' },
    ]);
  });

  it('is for who may see details, of who is in sight', async () => {
    const user = await tenant.aUser(agentGrants);
    const params = { userId: user.id };
    const ask = (token: string) => tenant.call('get-effective-settings', { token, params });
    expect(await ask((await people.person(['users:read'])).token)).toMatchObject({ status: 403 });
    expect(await ask((await people.person(['users:read-details'])).token)).toMatchObject({ status: 200 });
    const blind = await people.person(['users:read-details'], { rights: 'rgt_own' });
    expect(await ask(blind.token)).toMatchObject({ status: 404, body: { code: 'user_not_found' } });
  });
});

describe('S0-27 C20 S4-18 the time zone', () => {
  const zoneOf = (userId: string) => settingOf(userId, 'timeZone');

  it('is automatic by itself: that of the user’s system, or the tenant’s where it is not known', async () => {
    const user = await tenant.aUser(agentGrants);
    expect(await zoneOf(user.id)).toEqual({ field: 'timeZone', ...tenantSays('Europe/London') });
    const session = await tenant.signIn(user.login);
    const reported = { body: { systemTimeZone: 'America/Lima' }, headers: { 'if-match': '"1"' } };
    expect(await tenant.call('change-me', { token: session, ...reported })).toMatchObject({ status: 200 });
    expect(await zoneOf(user.id)).toEqual({
      field: 'timeZone',
      value: 'America/Lima',
      from: 'system',
      inherited: { value: 'America/Lima', from: 'system' },
    });
  });

  it('is an explicit one of user or user group before that, and automatic again where the user says so', async () => {
    const body = { name: 'Zoned', timeZone: 'Europe/Prague' };
    const { id } = (await tenant.call('create-user-group', { token, body })).body;
    const user = await tenant.aUser({ ...agentGrants, userGroup: id });
    const session = await tenant.signIn(user.login);
    const reported = { body: { systemTimeZone: 'America/Lima' }, headers: { 'if-match': '"1"' } };
    await tenant.call('change-me', { token: session, ...reported });
    const inherited = { value: 'Europe/Prague', from: 'userGroup' };
    expect(await zoneOf(user.id)).toEqual({ field: 'timeZone', ...groupSays('Europe/Prague') });
    await people.change(user.id, { timeZone: 'Asia/Tokyo' });
    expect(await zoneOf(user.id)).toMatchObject({ value: 'Asia/Tokyo', from: 'user', own: 'Asia/Tokyo', inherited });
    await people.change(user.id, { timeZone: 'automatic' });
    expect(await zoneOf(user.id)).toMatchObject({ value: 'America/Lima', from: 'system', own: 'automatic', inherited });
    await people.change(user.id, { timeZone: null });
    expect(await zoneOf(user.id)).toEqual({ field: 'timeZone', ...groupSays('Europe/Prague') });
  });
});

describe('S4-19 C20 languages', () => {
  it('that are spoken with customers are others than the one of pages and mails', async () => {
    const user = await tenant.aUser({ ...agentGrants, userGroup: group });
    await people.change(user.id, { spokenLanguages: ['de', 'pl'] });
    expect(await people.now(user.id)).toMatchObject({ spokenLanguages: ['de', 'pl'] });
    expect(await people.now(user.id)).not.toHaveProperty('language');
    expect(await settingOf(user.id, 'language')).toEqual({ field: 'language', ...groupSays('cs') });
    expect(await people.change(user.id, { spokenLanguages: ['de', 'de'] })).toMatchObject({ status: 422 });
    expect(await people.change(user.id, { spokenLanguages: ['no language'] })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/body/spokenLanguages/0' }] },
    });
  });
});

describe('S4-25 at least one role', () => {
  it('is always there: the access counts as the first, and cannot be left out', async () => {
    const body = { title: 'New', login: 'new', type: 'passive', authEmail: 'new@example.com', rights: 'rgt_own' };
    expect(await tenant.call('create-user', { token, body })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/body/access' }] },
    });
    const access = await people.access('users:read');
    const { id } = (await tenant.call('create-user', { token, body: { ...body, access } })).body;
    expect((await people.now(id)).roles).toBeUndefined();
    const { permissions } = (await tenant.call('get-user-permissions', { token, params: { userId: id } })).body;
    const granted = permissions.filter((each: { granted: boolean }) => each.granted);
    expect(granted).toMatchObject([{ name: 'users:read', from: [{ from: 'access', id: access }] }]);
    expect(await people.change(id, { access: null })).toMatchObject({ status: 422 });
  });
});
