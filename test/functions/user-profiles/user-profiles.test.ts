import { entriesAbout, ifMatch, type People, peopleOf } from '#test/functions/users/people.ts';
import { agentGrants, aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let people: People;
let token: string;
let skills: string[];
beforeAll(async () => {
  tenant = await aTenant();
  people = await peopleOf(tenant);
  token = people.root.token;
  skills = [];
  for (let n = 0; n < 30; n++) {
    skills.push((await tenant.call('create-skill', { token, body: { name: `Skill ${n}` } })).body.id);
  }
});

let count = 0;
const some = (from: number, to: number) => skills.slice(from, to).map((skill) => ({ skill, level: 5 }));

/** A user group with these profiles. @returns its id, and theirs */
async function aGroup(...names: string[]): Promise<{ id: string; profiles: string[] }> {
  const { id } = (await tenant.call('create-user-group', { token, body: { name: `Group ${++count}` } })).body;
  const params = { userGroupId: id };
  for (const name of names) {
    await tenant.call('create-group-profile', { token, params, body: { name, skills: some(0, 1) } });
  }
  const { profiles } = (await tenant.call('get-user-group', { token, params })).body;
  return { id, profiles: profiles.map((each: { id: string }) => each.id) };
}

const list = async (userId: string) => (await tenant.call('list-profiles-of-user', { token, params: { userId } })).body;
const choose = (userId: string, available: string[], version: number) =>
  tenant.call('choose-profiles-of-user', { token, params: { userId }, body: { available }, headers: ifMatch(version) });
const add = (userId: string, body: object) =>
  tenant.call('create-personal-profile', { token, params: { userId }, body });
const change = (userId: string, profileId: string, body: object, version: number) =>
  tenant.call('change-personal-profile', { token, params: { userId, profileId }, body, headers: ifMatch(version) });
const drop = (userId: string, profileId: string, version: number) =>
  tenant.call('delete-personal-profile', { token, params: { userId, profileId }, headers: ifMatch(version) });
const availableOf = (profiles: { name: string; available: boolean }[]) =>
  profiles.filter(({ available }) => available).map(({ name }) => name);

describe('S3-9 group profiles of a user', () => {
  it('are all on, until they are turned off for the user, and on again', async () => {
    const group = await aGroup('Inbound', 'Chat');
    const [inbound, chat] = group.profiles as [string, string];
    const user = await tenant.aUser({ ...agentGrants, userGroup: group.id });
    const other = await tenant.aUser({ ...agentGrants, userGroup: group.id });
    expect(availableOf((await list(user.id)).group)).toEqual(['Inbound', 'Chat']);

    const chosen = await choose(user.id, [chat], 1);
    expect(chosen).toMatchObject({
      status: 200,
      headers: { etag: '"2"' },
      body: {
        version: 2,
        group: [
          { id: inbound, available: false },
          { id: chat, available: true },
        ],
        personal: [],
      },
    });
    expect(await list(user.id)).toEqual(chosen.body);
    expect(availableOf((await list(other.id)).group)).toEqual(['Inbound', 'Chat']);
    const [entry] = await entriesAbout(tenant, user.id, 'user.profiles-chosen');
    expect(entry?.changes).toMatchObject({ profilesOff: { after: [inbound] } });

    // What the group gets later is on: nobody has turned it off.
    await tenant.call('create-group-profile', { token, params: { userGroupId: group.id }, body: { name: 'Later' } });
    expect(availableOf((await list(user.id)).group)).toEqual(['Chat', 'Later']);
    const all = (await list(user.id)).group.map(({ id }: { id: string }) => id);
    expect(await choose(user.id, all, 2)).toMatchObject({ status: 200, body: { version: 3 } });
    expect(availableOf((await list(user.id)).group)).toEqual(['Inbound', 'Chat', 'Later']);
  });

  it('are those of the user’s own group only', async () => {
    const [own, foreign] = [await aGroup('Inbound'), await aGroup('Outbound')];
    const user = await tenant.aUser({ ...agentGrants, userGroup: own.id });
    const refused = await choose(user.id, [...own.profiles, ...foreign.profiles], 1);
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'prerequisites_missing', rule: 'S3-9', errors: [{ pointer: '/body/available/1' }] },
    });
    expect(await choose(user.id, [...own.profiles, ...own.profiles], 1)).toMatchObject({ status: 422 });
    expect(await entriesAbout(tenant, user.id)).toHaveLength(0);
  });

  it('are chosen before the user is saved for the first time', async () => {
    const group = await aGroup('Inbound', 'Chat');
    const body = { type: 'contact-center', title: 'New', ...agentGrants, userGroup: group.id };
    const create = (login: string, profiles?: object) =>
      tenant.call('create-user', { token, body: { ...body, login, authEmail: `${login}@example.com`, profiles } });
    const chosen = await create('chosen', { available: [group.profiles[1]] });
    expect(chosen).toMatchObject({ status: 201 });
    expect(availableOf((await list(chosen.body.id)).group)).toEqual(['Chat']);
    const unsaid = await create('unsaid');
    expect(availableOf((await list(unsaid.body.id)).group)).toEqual(['Inbound', 'Chat']);
    expect(await create('none', { available: [] })).toMatchObject({ status: 201 });
    expect(await create('wrong', { available: ['prf_nothing'] })).toMatchObject({
      status: 422,
      body: { code: 'prerequisites_missing', errors: [{ pointer: '/body/profiles/available/0' }] },
    });
    const passive = { ...body, type: 'passive', login: 'p', authEmail: 'p@example.com', profiles: { available: [] } };
    expect(await tenant.call('create-user', { token, body: passive })).toMatchObject({
      status: 422,
      body: { code: 'invalid_input', rule: 'S0-7', errors: [{ pointer: '/body/profiles' }] },
    });
  });
});

describe('S3-10 personal profiles', () => {
  it('are none, one or more, with name, skills and levels, for this user alone', async () => {
    const [user, other] = [await tenant.aUser(agentGrants), await tenant.aUser(agentGrants)];
    expect((await list(user.id)).personal).toEqual([]);
    const made = await add(user.id, { name: 'Mornings', skills: some(0, 2) });
    expect(made).toMatchObject({
      status: 201,
      body: { version: 2, personal: [{ name: 'Mornings', skills: some(0, 2) }] },
    });
    const { id } = made.body.personal[0];
    expect(await add(user.id, { name: 'Evenings' })).toMatchObject({ status: 201, body: { version: 3 } });
    expect(await change(user.id, id, { skills: [{ skill: skills[1], level: 9 }] }, 3)).toMatchObject({
      status: 200,
      body: { personal: [{ id, name: 'Mornings', skills: [{ skill: skills[1], level: 9 }] }, { name: 'Evenings' }] },
    });
    expect(await change(user.id, id, { name: 'Early' }, 4)).toMatchObject({
      status: 200,
      body: { personal: [{ id, name: 'Early', skills: [{ skill: skills[1], level: 9 }] }, { name: 'Evenings' }] },
    });
    expect((await list(other.id)).personal).toEqual([]);
    expect(await drop(user.id, id, 5)).toMatchObject({
      status: 200,
      body: { version: 6, personal: [{ name: 'Evenings' }] },
    });
    expect(await drop(user.id, id, 6)).toMatchObject({ status: 404, body: { code: 'record_not_found' } });
    const events = (await entriesAbout(tenant, user.id)).map(({ event }) => event).sort();
    expect(events).toEqual([
      'user.profile-changed',
      'user.profile-changed',
      'user.profile-created',
      'user.profile-created',
      'user.profile-deleted',
    ]);
  });

  it('have a name of their own among them, and may share it with one of the group', async () => {
    const group = await aGroup('Inbound');
    const user = await tenant.aUser({ ...agentGrants, userGroup: group.id });
    expect(await add(user.id, { name: 'inbound' })).toMatchObject({ status: 201 });
    expect(await add(user.id, { name: 'INBOUND' })).toMatchObject({ status: 422, body: { code: 'name_taken' } });
    expect(await add(user.id, { name: 'Other', skills: [{ skill: 'skl_nothing', level: 1 }] })).toMatchObject({
      status: 422,
      body: { code: 'prerequisites_missing', errors: [{ pointer: '/body/skills/0/skill' }] },
    });
    const passive = await tenant.aUser({ ...agentGrants, userType: 'passive' });
    expect(await add(passive.id, { name: 'Other' })).toMatchObject({ status: 422, body: { rule: 'S0-7' } });
  });

  it('are twenty at most, with no more skills than are kept beside a user', async () => {
    const user = await tenant.aUser(agentGrants);
    for (let n = 0; n < 20; n++) expect((await add(user.id, { name: `Profile ${n}` })).status).toBe(201);
    expect(await add(user.id, { name: 'More' })).toMatchObject({
      status: 409,
      body: { code: 'too_many_records', because: 20 },
    });
    const other = await tenant.aUser(agentGrants);
    expect(await add(other.id, { name: 'Wide', skills: some(0, 26) })).toMatchObject({
      status: 409,
      body: { because: 25 },
    });
    expect(await add(other.id, { name: 'Wide', skills: some(0, 25) })).toMatchObject({ status: 201 });
  });

  it('S1-28 are saved against the version that was seen, and none is lost to parallel additions', async () => {
    const user = await tenant.aUser(agentGrants);
    const answers = await Promise.all(Array.from({ length: 4 }, (_, n) => add(user.id, { name: `Parallel ${n}` })));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    const { version, personal } = await list(user.id);
    expect([version, personal.length]).toEqual([5, 4]);
    expect(await change(user.id, personal[0].id, { name: 'Late' }, 4)).toMatchObject({
      status: 412,
      body: { code: 'version_stale', current: { id: user.id, version: 5 } },
    });
    expect(await choose(user.id, [], 4)).toMatchObject({ status: 412 });
    expect(await drop(user.id, personal[0].id, 4)).toMatchObject({ status: 412 });
    const unnamed = { token, params: { userId: user.id }, body: { available: [] } };
    expect(await tenant.call('choose-profiles-of-user', unnamed)).toMatchObject({ status: 428 });
  });

  it('stay with what else is changed of the user, and go with nothing of it', async () => {
    const user = await tenant.aUser(agentGrants);
    await add(user.id, { name: 'Mornings', skills: some(0, 1) });
    await people.change(user.id, { description: 'Works early', wrapUpSeconds: 60 });
    expect((await list(user.id)).personal).toMatchObject([{ name: 'Mornings', skills: some(0, 1) }]);
    await people.change(user.id, { description: null, wrapUpSeconds: null });
    expect((await list(user.id)).personal).toHaveLength(1);
  });

  it('C12 of who holds more are not for everybody to change, nor those of who is out of sight', async () => {
    const editor = await people.person(['users:read-details', 'users:change']);
    const blind = await people.person(['users:read-details', 'users:change'], { rights: 'rgt_own' });
    const target = people.root.user;
    const asked = (token: string, userId: string) =>
      tenant.call('create-personal-profile', { token, params: { userId }, body: { name: 'Mine' } });
    expect(await asked(editor.token, target.id)).toMatchObject({ status: 403, body: { code: 'outranked' } });
    expect(await asked(blind.token, target.id)).toMatchObject({ status: 404, body: { code: 'user_not_found' } });
    const reading = { token: blind.token, params: { userId: target.id } };
    expect(await tenant.call('list-profiles-of-user', reading)).toMatchObject({ status: 404 });
  });
});
