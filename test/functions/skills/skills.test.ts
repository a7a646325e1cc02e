import { ifMatch, type People, peopleOf } from '#test/functions/users/people.ts';
import { agentGrants, aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let people: People;
let token: string;
beforeAll(async () => {
  tenant = await aTenant();
  people = await peopleOf(tenant);
  token = people.root.token;
});

let count = 0;
const aSkill = async (name = `Skill ${++count}`): Promise<string> =>
  (await tenant.call('create-skill', { token, body: { name } })).body.id;
const drop = (skillId: string) => tenant.call('delete-skill', { token, params: { skillId }, headers: ifMatch(1) });

describe('S4-24 skills of a user', () => {
  it('have a level each, from 1 to 10', async () => {
    const [a, b] = [await aSkill(), await aSkill()];
    const user = await tenant.aUser(agentGrants);
    const skills = [
      { skill: a, level: 1 },
      { skill: b, level: 10 },
    ];
    expect(await people.change(user.id, { skills })).toMatchObject({ status: 200, body: { skills } });
    for (const [wrong, pointer] of [
      [[{ skill: a, level: 0 }], '/body/skills/0/level'],
      [[{ skill: a, level: 11 }], '/body/skills/0/level'],
      [[{ skill: a, level: 1.5 }], '/body/skills/0/level'],
      [[{ skill: a }], '/body/skills/0/level'],
      [
        [
          { skill: a, level: 1 },
          { skill: a, level: 2 },
        ],
        '/body/skills',
      ],
    ] as const) {
      expect(await people.change(user.id, { skills: wrong })).toMatchObject({
        status: 422,
        body: { code: 'invalid_input', errors: [{ pointer }] },
      });
    }
    expect(await people.change(user.id, { skills: [{ skill: 'skl_nothing', level: 1 }] })).toMatchObject({
      status: 422,
      body: { code: 'prerequisites_missing', errors: [{ pointer: '/body/skills/0/skill' }] },
    });
    const passive = await tenant.aUser({ ...agentGrants, userType: 'passive' });
    expect(await people.change(passive.id, { skills })).toMatchObject({
      status: 422,
      body: { rule: 'S0-7', errors: [{ pointer: '/body/skills' }] },
    });
  });
});

describe('S3-9 S3-10 a skill that profiles name', () => {
  it('is not deleted under a profile of a user group: which group, and what would lift it', async () => {
    const skill = await aSkill();
    const group = (await tenant.call('create-user-group', { token, body: { name: 'Namers' } })).body;
    const params = { userGroupId: group.id };
    const profile = { name: 'Sales', skills: [{ skill, level: 3 }] };
    const made = await tenant.call('create-group-profile', { token, params, body: profile });
    expect(made).toMatchObject({ status: 201, body: { version: 2, profiles: [profile] } });

    const refused = await drop(skill);
    expect(refused).toMatchObject({ status: 409, body: { code: 'record_in_use', because: [group.id] } });
    expect(refused.body.detail).toContain('Namers');

    const profileId = made.body.profiles[0].id;
    await tenant.call('delete-group-profile', { token, params: { ...params, profileId }, headers: ifMatch(2) });
    expect(await drop(skill)).toMatchObject({ status: 204 });
  });

  it('is free again when the profile names others, or its user group is deleted', async () => {
    const [a, b] = [await aSkill(), await aSkill()];
    const group = (await tenant.call('create-user-group', { token, body: { name: 'Passing' } })).body;
    const params = { userGroupId: group.id };
    const body = { name: 'Sales', skills: [{ skill: a, level: 3 }] };
    const { profiles } = (await tenant.call('create-group-profile', { token, params, body })).body;
    const changed = await tenant.call('change-group-profile', {
      token,
      params: { ...params, profileId: profiles[0].id },
      body: { skills: [{ skill: b, level: 3 }] },
      headers: ifMatch(2),
    });
    expect(changed).toMatchObject({ status: 200, body: { profiles: [{ name: 'Sales', skills: [{ skill: b }] }] } });
    expect(await drop(a)).toMatchObject({ status: 204 });
    expect(await drop(b)).toMatchObject({ status: 409 });
    expect(await tenant.call('delete-user-group', { token, params, headers: ifMatch(3) })).toMatchObject({
      status: 204,
    });
    expect(await drop(b)).toMatchObject({ status: 204 });
  });

  it('is not deleted under a personal profile', async () => {
    const skill = await aSkill();
    const user = await tenant.aUser(agentGrants);
    const params = { userId: user.id };
    // Named twice by one user, it counts once.
    for (const name of ['Mornings', 'Evenings']) {
      const body = { name, skills: [{ skill, level: 3 }] };
      expect(await tenant.call('create-personal-profile', { token, params, body })).toMatchObject({ status: 201 });
    }
    const refused = await drop(skill);
    expect(refused).toMatchObject({ status: 409, body: { code: 'record_in_use', because: { inPersonalProfiles: 1 } } });
    expect(refused.body.detail).toContain('Personal profiles of one user');
    const own = async () => (await tenant.call('list-profiles-of-user', { token, params })).body;
    for (let left = 2; left > 0; left--) {
      expect((await drop(skill)).status).toBe(409);
      const { version, personal } = await own();
      const profileId = personal[0].id;
      await tenant.call('delete-personal-profile', {
        token,
        params: { ...params, profileId },
        headers: ifMatch(version),
      });
    }
    expect(await drop(skill)).toMatchObject({ status: 204 });
  });

  it('and that goes at the same moment is either gone, and no profile names it, or stays', async () => {
    const params = {
      userGroupId: (await tenant.call('create-user-group', { token, body: { name: 'Racing' } })).body.id,
    };
    for (let round = 0; round < 8; round++) {
      const skill = await aSkill();
      const body = { name: `Race ${round}`, skills: [{ skill, level: 1 }] };
      const [gone, made] = await Promise.all([
        drop(skill),
        tenant.call('create-group-profile', { token, params, body }),
      ]);
      expect([gone.status, made.status].sort()).toEqual(gone.status === 204 ? [204, 422] : [201, 409]);
      if (made.status !== 201) expect(made.body.code).toBe('prerequisites_missing');
    }
  });
});
