import { fieldMatrix } from '#contract/user-types.ts';
import { clonedParts } from '#contract/users.ts';
import { never, parts } from '#domain/clones/clones.ts';
import { superUsersKey, userKeys } from '#table/keys.ts';
import { entriesAbout, type People, peopleOf } from '#test/functions/users/people.ts';
import { aTenant, password, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let people: People;
let token: string;
let records: Record<'userGroup' | 'group' | 'skill' | 'tag' | 'access' | 'device' | 'queue', string>;
let profiles: { off: string; on: string };
beforeAll(async () => {
  tenant = await aTenant({ verifyTypes: ['password', 'azure-ad'] });
  people = await peopleOf(tenant);
  token = people.root.token;
  const made = async (id: 'create-user-group' | 'create-group' | 'create-skill' | 'create-tag') =>
    (await tenant.call(id, { token, body: { name: 'Sales' } })).body.id as string;
  records = {
    userGroup: await made('create-user-group'),
    group: await made('create-group'),
    skill: await made('create-skill'),
    tag: await made('create-tag'),
    access: await people.access('users:read'),
    device: await people.device(),
    queue: await people.queue(),
  };
  const aProfile = async (name: string) => {
    const params = { userGroupId: records.userGroup };
    const { body } = await tenant.call('create-group-profile', { token, params, body: { name } });
    return body.profiles.find((each: { name: string }) => each.name === name).id as string;
  };
  profiles = { off: await aProfile('Phone'), on: await aProfile('Chat') };
});

let count = 0;
const aNewUser = (values: object = {}) => {
  const login = `karel-${++count}`;
  return { title: 'Karel', login, authEmail: `${login}@example.com`, ...values };
};
const own = () => ({
  emoji: '🎧',
  mobile: `+4206010000${String(++count).padStart(2, '0')}`,
  alias: 'Model',
  description: 'The model of all',
  firstName: 'Mo',
  lastName: 'Del',
  notificationEmail: 'model@example.com',
  numericId: String(100 + count),
  extension: String(300 + count),
  virtualExtension: String(600 + count),
  forwarding: '+420601234567',
  sipOption: 'pbx',
  sipUsername: `model-${count}`,
  sipPassword: 'sip-canary-model',
  googleEmail: 'model@gmail.example',
  calDavToken: 'caldav-canary-model',
  activeFrom: '2026-01-01T00:00:00.000Z',
  activeUntil: '2027-01-01T00:00:00.000Z',
});
const shared = () => ({
  access: records.access,
  rights: 'rgt_own',
  roles: ['rol_auditor'],
  userGroup: records.userGroup,
  groups: [records.group],
  skills: [{ skill: records.skill, level: 7 }],
  tags: [records.tag],
  allTags: true,
  secondFactor: 'email-otp',
  language: 'cs',
  spokenLanguages: ['cs', 'de'],
  timeZone: 'Europe/Prague',
  sessionSeconds: 3600,
  maxSessions: 3,
  allowedNetworks: ['198.51.100.0/24'],
  recording: 'after-bridged',
  recordingControl: true,
  devices: [
    { device: records.device, delaySeconds: 0, ringSeconds: 20 },
    { device: records.device, delaySeconds: 40, ringSeconds: 20 },
  ],
  target: records.queue,
  outgoingNumbers: ['+420212345678', '+420212345679'],
  callerName: 'Sales',
  staticLogin: true,
  autoDial: true,
  predictiveQueue: true,
  predictiveRatio: 2.5,
  predictiveSorting: 'weight',
  useQueueSignature: false,
  steeringKeyWords: ['invoices'],
  assignLeads: true,
  wrapUpSeconds: 30,
  resourceFilter: 'queue:sales',
});
const signature = '<p>Sales team</p>';

/** With all that a user can have. */
const aSource = async (values: object = {}) => {
  const body = { ...aNewUser(), ...own(), ...shared(), type: 'contact-center', ...values };
  const created = await tenant.call('create-user', {
    token,
    body: { ...body, profiles: { available: [profiles.on] } },
  });
  expect(created).toMatchObject({ status: 201 });
  const userId = created.body.id as string;
  const set = await tenant.call('set-user-signature', {
    token,
    params: { userId },
    body: { signature },
    headers: { 'if-match': '"1"' },
  });
  expect(set.status).toBe(200);
  const personal = { name: 'Mine', skills: [{ skill: records.skill, level: 9 }] };
  const added = await tenant.call('create-personal-profile', { token, params: { userId }, body: personal });
  expect(added.status).toBe(201);
  return people.now(userId);
};
const clone = (userId: string, values: object = {}, as = token) =>
  tenant.call('clone-user', { token: as, params: { userId }, body: { ...aNewUser(), ...values } });
const preview = (userId: string, as = token) => tenant.call('preview-clone', { token: as, params: { userId } });
const profilesOf = async (userId: string) =>
  (await tenant.call('list-profiles-of-user', { token, params: { userId } })).body;

describe('S0-6 S1-1 a clone', () => {
  it('is in every relation that the other is in, with the other’s type, grants, limits and settings', async () => {
    const source = await aSource();
    const answer = await clone(source.id);
    expect(answer).toMatchObject({
      status: 201,
      body: { ...shared(), signature, type: 'contact-center', state: 'invited', title: 'Karel', superUser: false },
    });
    expect(answer.body.id).not.toBe(source.id);
    expect(await people.now(answer.body.id)).toEqual(answer.body);
    for (const [read, of, id] of [
      ['list-users-of-group', 'groupId', records.group],
      ['list-users-of-skill', 'skillId', records.skill],
      ['list-users-of-tag', 'tagId', records.tag],
    ] as const) {
      const record = read.replace('list-users-of-', 'get-') as 'get-group';
      expect((await tenant.call(record, { token, params: { [of]: id } })).body.usedBy).toBeGreaterThanOrEqual(2);
    }
    expect(await people.usedBy(records.access)).toBeGreaterThanOrEqual(2);
  });

  it('has the other’s profiles, the personal ones as its own', async () => {
    const source = await aSource();
    const { body } = await clone(source.id);
    const [had, has] = [await profilesOf(source.id), await profilesOf(body.id)];
    expect(has.group).toEqual(had.group);
    expect(has.group.map(({ available }: { available: boolean }) => available).sort()).toEqual([false, true]);
    expect(has.personal).toMatchObject([{ name: 'Mine', skills: [{ skill: records.skill, level: 9 }] }]);
    expect(has.personal[0].id).not.toBe(had.personal[0].id);
  });

  it('never has what the other proves itself with, is reached by or is called', async () => {
    const source = await aSource();
    await tenant.call('create-token', { token, params: { userId: source.id }, body: { title: 'CRM' } });
    const { body } = await clone(source.id);
    for (const field of Object.keys(own()).filter((each) => each !== 'extension'))
      expect(body).not.toHaveProperty(field);
    expect(body).not.toHaveProperty('hasCalDavToken');
    expect(body).not.toHaveProperty('hasSipPassword');
    expect(body.extension).toBe('dynamic');
    const items = await tenant.allOf([userKeys.partition(body.id)]);
    expect(items.map(({ type }) => type).sort()).toEqual(['details', 'signature', 'telephony', 'user']);
    expect(await people.now(source.id)).toEqual(source);
  });

  it('is never a SuperUser, and has no password of the other', async () => {
    const source = await tenant.aUser({ superUser: true, access: 'acc_agent', rights: 'rgt_own' });
    const { body } = await clone(source.id);
    expect(body).toMatchObject({ superUser: false, access: 'acc_agent', state: 'invited' });
    expect((await tenant.read(superUsersKey))?.ids).not.toContain(body.id);
    expect(await tenant.read(userKeys.password(body.id))).toBeUndefined();
    expect(await tenant.call('sign-in', { body: { login: body.login, password } })).toMatchObject({ status: 401 });
    expect((await tenant.mails()).filter(({ to }) => to === body.authEmail)).toMatchObject([{ template: 'invite' }]);
  });

  it('does not have what waits for the other’s sign-out', async () => {
    const source = await tenant.aUser({ access: 'acc_agent', rights: 'rgt_own' });
    await tenant.signIn(source.login);
    await people.change(source.id, { access: 'acc_supervisor', extension: '777' }, 'nextSignOut');
    const { body } = await clone(source.id);
    expect(body).toMatchObject({ access: 'acc_agent', extension: 'dynamic' });
    expect(body).not.toHaveProperty('queued');
  });

  it.each(clonedParts.filter((part) => part !== 'access' && part !== 'rights'))(
    'goes without %s where it is left out',
    async (part) => {
      const source = await aSource();
      const { status, body } = await clone(source.id, { without: [part] });
      expect(status).toBe(201);
      const left = { secondFactor: 'off', recording: 'off', userGroup: 'ugr_default' };
      for (const field of parts[part]) {
        if (field === 'profilesOff' || field === 'personalProfiles') continue;
        expect([field, body[field]]).toEqual([field, (left as Record<string, unknown>)[field]]);
      }
      const others = clonedParts.filter((each) => each !== part).flatMap((each) => [...parts[each]] as string[]);
      for (const field of others) expect([field, body[field]]).toEqual([field, source[field]]);
      const { group, personal } = await profilesOf(body.id);
      const off = group.filter(({ available }: { available: boolean }) => !available);
      const hasProfiles = part !== 'profiles';
      expect(personal).toHaveLength(hasProfiles ? 1 : 0);
      expect(off).toHaveLength(hasProfiles && part !== 'userGroup' ? 1 : 0);
    },
  );

  it('needs what a type requires from the request, where it is left out', async () => {
    const source = await aSource();
    expect(await clone(source.id, { without: ['access', 'rights'] })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/body/access' }, { pointer: '/body/rights' }] },
    });
    expect(await clone(source.id, { without: ['access'], access: 'acc_agent' })).toMatchObject({
      status: 201,
      body: { access: 'acc_agent', rights: 'rgt_own' },
    });
  });

  it('is what the request says itself, before what the other has', async () => {
    const source = await aSource();
    const said = {
      access: 'acc_agent',
      groups: [],
      language: 'de',
      extension: '399',
      alias: 'Karel',
      profiles: { available: [profiles.on, profiles.off] },
    };
    const { body } = await clone(source.id, said);
    const { profiles: _profiles, ...shown } = said;
    expect(body).toMatchObject({ ...shown, rights: 'rgt_own' });
    const { group } = await profilesOf(body.id);
    expect(group.every(({ available }: { available: boolean }) => available)).toBe(true);
  });

  it('C3 C6 begins like any new user: with a password set now, or with a token', async () => {
    const source = await tenant.aUser({ access: 'acc_agent', rights: 'rgt_own' });
    const set = await clone(source.id, { password: 'under the old bridge' });
    expect(set).toMatchObject({ status: 201, body: { state: 'active' } });
    const program = await tenant.aUser({ userType: 'api', access: 'acc_agent', rights: 'rgt_own' });
    const { status, body } = await clone(program.id, { apiToken: { title: 'CRM' } });
    expect({ status, type: body.type }).toEqual({ status: 201, type: 'api' });
    expect(await tenant.call('get-me', { token: body.apiToken.value })).toMatchObject({ status: 200 });
  });

  it('leaves one entry in the audit that says whom it was made of', async () => {
    const source = await aSource();
    const { body } = await clone(source.id);
    expect(await entriesAbout(tenant, body.id)).toMatchObject([
      { event: 'user.cloned', changes: { clonedFrom: { after: source.id }, access: { after: records.access } } },
    ]);
    expect((await entriesAbout(tenant, source.id)).filter(({ event }) => event === 'user.cloned')).toEqual([]);
  });

  it('is made once for twenty repeats under one Idempotency-Key', async () => {
    const source = await tenant.aUser({ access: 'acc_agent', rights: 'rgt_own' });
    const body = aNewUser();
    const headers = { 'idempotency-key': 'clone-once' };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        tenant.call('clone-user', { token, params: { userId: source.id }, body, headers }),
      ),
    );
    expect(new Set(answers.map(({ status, body: made }) => `${status} ${made.id}`))).toEqual(
      new Set([`201 ${answers[0]?.body.id}`]),
    );
  });
});

describe('S0-6 a clone is refused', () => {
  it('of who is deactivated, also to look at', async () => {
    const { id } = await tenant.aUser({ state: 'deactivated' });
    for (const answer of [await clone(id), await preview(id)]) {
      expect(answer).toMatchObject({ status: 409, body: { code: 'user_deactivated', rule: 'S0-6' } });
    }
  });

  it('S0-14 of who is out of sight or was never there', async () => {
    const { id } = await tenant.aUser();
    const helper = await people.person(['users:create'], { rights: 'rgt_own' });
    for (const answer of [
      await clone(id, {}, helper.token),
      await preview(id, helper.token),
      await clone('usr_0123456789abcdef01234567'),
    ]) {
      expect(answer).toMatchObject({ status: 404, body: { code: 'user_not_found' } });
    }
  });

  it('C12 to who holds less than the other has', async () => {
    const access = await people.access('users:create', 'settings:change');
    const source = await tenant.aUser({ access, rights: 'rgt_own' });
    const helper = await people.person(['users:create']);
    expect(await clone(source.id, {}, helper.token)).toMatchObject({
      status: 403,
      body: { code: 'grants_too_much', errors: [{ pointer: '/body/access' }] },
    });
    const lesser = await people.access('users:create');
    expect(await clone(source.id, { access: lesser }, helper.token)).toMatchObject({ status: 201 });
  });

  it.each([
    ['without a login', { login: undefined }, '/body/login'],
    ['with another type', { type: 'passive' }, '/body/type'],
    ['with a part that is none', { without: ['password'] }, '/body/without/0'],
    ['with a part left out twice', { without: ['tags', 'tags'] }, '/body/without'],
    ['with no address', { authEmail: undefined }, '/body/authEmail'],
    ['with a field that is none', { admin: true }, '/body/admin'],
  ])('%s', async (_what, values, pointer) => {
    const source = await tenant.aUser({ access: 'acc_agent', rights: 'rgt_own' });
    expect(await clone(source.id, values)).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
  });

  it('with a login or a number that is taken, and nothing of it is there', async () => {
    const source = await aSource();
    const taken = { login: source.login, numericId: source.numericId };
    expect(await clone(source.id, { login: taken.login })).toMatchObject({ body: { code: 'login_taken' } });
    const before = (await tenant.mails()).length;
    expect(await clone(source.id, { numericId: taken.numericId })).toMatchObject({ body: { code: 'number_taken' } });
    expect((await tenant.mails()).length).toBe(before);
  });
});

describe('S0-6 what a clone would take over', () => {
  it('is shown part by part, with its values, and it is just what is taken', async () => {
    const source = await aSource();
    const { status, body } = await preview(source.id);
    expect(status).toBe(200);
    expect(body.parts.map(({ part }: { part: string }) => part)).toEqual([...clonedParts]);
    const values = Object.assign({}, ...body.parts.map((each: { values: object }) => each.values));
    const { profilesOff, personalProfiles, ...fields } = values;
    expect(fields).toEqual({ ...shared(), signature });
    expect([profilesOff, personalProfiles]).toMatchObject([[profiles.off], [{ name: 'Mine' }]]);
    expect(body.never).toEqual(
      expect.arrayContaining(['password', 'apiToken', 'extension', 'virtualExtension', 'numericId', 'picture']),
    );
    expect(body.never).toEqual(
      expect.arrayContaining(['forwarding', 'sipOption', 'sipUri', 'sipUsername', 'sipPassword']),
    );
    expect(JSON.stringify(body)).not.toContain('canary');
  });

  it('leaves out the parts that the type does not have', async () => {
    const source = await tenant.aUser({ userType: 'cloudphone' });
    const { body } = await preview(source.id);
    const shownParts = body.parts.map(({ part }: { part: string }) => part);
    for (const part of ['access', 'rights', 'roles', 'skills', 'profiles', 'signature'])
      expect(shownParts).not.toContain(part);
    for (const part of ['recording', 'devices', 'calls']) expect(shownParts).toContain(part);
  });

  it('hides the values from who may not see details', async () => {
    const source = await aSource();
    const helper = await people.person(['users:create']);
    const { body } = await preview(source.id, helper.token);
    expect(body.parts).toEqual(clonedParts.map((part) => ({ part })));
  });

  it('says of each field that a user can have whether it is taken', () => {
    const decided = [...Object.values(parts).flat(), ...never] as string[];
    expect(new Set(decided).size).toBe(decided.length);
    expect(Object.keys(fieldMatrix()).filter((field) => !decided.includes(field))).toEqual([]);
  });
});
