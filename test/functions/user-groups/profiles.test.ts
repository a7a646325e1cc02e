import { entriesAbout, ifMatch, type People, peopleOf } from '#test/functions/users/people.ts';
import { aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let people: People;
let token: string;
let skills: string[];
beforeAll(async () => {
  tenant = await aTenant();
  people = await peopleOf(tenant);
  token = people.root.token;
  const names = Array.from({ length: 90 }, (_, n) => `Skill ${n}`);
  skills = [];
  for (const name of names) skills.push((await tenant.call('create-skill', { token, body: { name } })).body.id);
});

let count = 0;
const aGroup = async (): Promise<string> =>
  (await tenant.call('create-user-group', { token, body: { name: `Group ${++count}` } })).body.id;
const add = (userGroupId: string, body: object) =>
  tenant.call('create-group-profile', { token, params: { userGroupId }, body });
const change = (userGroupId: string, profileId: string, body: object, version: number) =>
  tenant.call('change-group-profile', { token, params: { userGroupId, profileId }, body, headers: ifMatch(version) });
const drop = (userGroupId: string, profileId: string, version: number) =>
  tenant.call('delete-group-profile', { token, params: { userGroupId, profileId }, headers: ifMatch(version) });
const read = async (userGroupId: string) =>
  (await tenant.call('get-user-group', { token, params: { userGroupId } })).body;
const some = (from: number, to: number) => skills.slice(from, to).map((skill) => ({ skill, level: 5 }));

describe('S3-9 profiles of a user group', () => {
  it('are added, changed and deleted, each with one entry that tells just that', async () => {
    const group = await aGroup();
    const made = await add(group, { name: ' Inbound ', skills: some(0, 2) });
    expect(made).toMatchObject({
      status: 201,
      headers: { etag: '"2"' },
      body: {
        version: 2,
        profiles: [{ id: expect.stringMatching(/^prf_[0-9a-f]{12}$/), name: 'Inbound', skills: some(0, 2) }],
      },
    });
    const { id } = made.body.profiles[0];
    expect(await add(group, { name: 'Chat' })).toMatchObject({
      status: 201,
      body: { profiles: [{ id }, { name: 'Chat', skills: [] }] },
    });
    expect(await change(group, id, { skills: some(1, 4) }, 3)).toMatchObject({
      status: 200,
      body: { version: 4, profiles: [{ id, name: 'Inbound', skills: some(1, 4) }, { name: 'Chat' }] },
    });
    expect(await drop(group, id, 4)).toMatchObject({ status: 200, body: { version: 5, profiles: [{ name: 'Chat' }] } });
    expect((await read(group)).profiles).toHaveLength(1);
    expect(await drop(group, id, 5)).toMatchObject({ status: 404, body: { code: 'record_not_found' } });
    expect(await change(group, id, { name: 'X' }, 5)).toMatchObject({
      status: 404,
      body: { code: 'record_not_found' },
    });

    const entries = await entriesAbout(tenant, group);
    const changes = (event: string) => entries.filter((entry) => entry.event === event).map((entry) => entry.changes);
    expect(changes('user-group.profile-changed')).toEqual([
      {
        profile: {
          before: { id, name: 'Inbound', skills: some(0, 2) },
          after: { id, name: 'Inbound', skills: some(1, 4) },
        },
      },
    ]);
    expect(changes('user-group.profile-deleted')).toEqual([
      { profile: { before: { id, name: 'Inbound', skills: some(1, 4) } } },
    ]);
    expect(changes('user-group.profile-created')).toHaveLength(2);
  });

  it('have a name of their own within the group, case aside, and share it with other groups', async () => {
    const [a, b] = [await aGroup(), await aGroup()];
    expect(await add(a, { name: 'Straße' })).toMatchObject({ status: 201 });
    expect(await add(a, { name: 'STRASSE' })).toMatchObject({
      status: 422,
      body: { code: 'name_taken', errors: [{ pointer: '/body/name' }] },
    });
    const { id } = (await add(a, { name: 'Other' })).body.profiles[1];
    expect(await change(a, id, { name: 'strasse' }, 3)).toMatchObject({ status: 422, body: { code: 'name_taken' } });
    expect(await change(a, id, { name: 'OTHER' }, 3)).toMatchObject({ status: 200 });
    expect(await add(b, { name: 'Straße' })).toMatchObject({ status: 201 });
  });

  it('refuse what they cannot hold, with a pointer to it', async () => {
    const group = await aGroup();
    const { id } = (await add(group, { name: 'Correct' })).body.profiles[0];
    for (const [body, code, pointer] of [
      [{ name: '' }, 'invalid_input', '/body/name'],
      [{ name: 'x'.repeat(61) }, 'invalid_input', '/body/name'],
      [{ name: 'New', skills: [{ skill: skills[0], level: 0 }] }, 'invalid_input', '/body/skills/0/level'],
      [{ name: 'New', skills: [...some(0, 1), ...some(0, 1)] }, 'invalid_input', '/body/skills'],
      [{ name: 'New', skills: some(0, 41) }, 'invalid_input', '/body/skills'],
      [
        { name: 'New', skills: [...some(0, 1), { skill: 'skl_no', level: 1 }] },
        'invalid_input',
        '/body/skills/1/skill',
      ],
      [
        { name: 'New', skills: [...some(0, 1), { skill: 'skl_nothing', level: 1 }] },
        'prerequisites_missing',
        '/body/skills/1/skill',
      ],
      [{ name: 'New', surplus: 1 }, 'invalid_input', '/body/surplus'],
    ] as const) {
      const refused = { status: 422, body: { code, errors: [{ pointer }] } };
      expect(await add(group, body)).toMatchObject(refused);
      expect(await change(group, id, body, 2)).toMatchObject(refused);
    }
    expect(await change(group, id, {}, 2)).toMatchObject({ status: 422 });
    expect(await add('ugr_nothing', { name: 'New' })).toMatchObject({
      status: 404,
      body: { code: 'record_not_found' },
    });
    expect(await read(group)).toMatchObject({ version: 2, profiles: [{ name: 'Correct' }] });
  });

  it('change whole in one step, whatever skills they named before, and name no more than can be kept', async () => {
    const group = await aGroup();
    const { id } = (await add(group, { name: 'Large', skills: some(0, 40) })).body.profiles[0];
    expect(await change(group, id, { skills: some(40, 80) }, 2)).toMatchObject({ status: 200 });
    expect(await add(group, { name: 'Beside', skills: some(0, 40) })).toMatchObject({ status: 201 });
    expect(await add(group, { name: 'Too much', skills: some(80, 81) })).toMatchObject({
      status: 409,
      body: { code: 'too_many_records', because: 80 },
    });
    expect(await add(group, { name: 'Of the same', skills: some(30, 60) })).toMatchObject({ status: 201 });
    expect(
      await tenant.call('delete-user-group', { token, params: { userGroupId: group }, headers: ifMatch(5) }),
    ).toMatchObject({
      status: 204,
    });
  });

  it('are fifty at most', async () => {
    const group = await aGroup();
    for (let n = 0; n < 50; n++) expect((await add(group, { name: `Profile ${n}` })).status).toBe(201);
    expect(await add(group, { name: 'One more' })).toMatchObject({
      status: 409,
      body: { code: 'too_many_records', because: 50 },
    });
  });

  it('C15 lose none of parallel additions, and show the current group to who comes late', async () => {
    const group = await aGroup();
    const answers = await Promise.all(Array.from({ length: 4 }, (_, n) => add(group, { name: `Parallel ${n}` })));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    const now = await read(group);
    expect(now).toMatchObject({ version: 5 });
    expect(now.profiles).toHaveLength(4);
    const late = await change(group, now.profiles[0].id, { name: 'Late' }, 1);
    expect(late).toMatchObject({ status: 412, body: { code: 'version_stale', current: now } });
  });
});
