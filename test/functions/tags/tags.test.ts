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

const inForce = async (userId: string) =>
  (await tenant.call('get-effective-settings', { token, params: { userId } })).body;
const made = async (kind: 'tag' | 'skill', name: string): Promise<string> =>
  (await tenant.call(`create-${kind}`, { token, body: { name } })).body.id;

describe('S4-24 tags of a user', () => {
  it('are those that were selected, and no others', async () => {
    const [a, b] = [await made('tag', 'Night shift'), await made('tag', 'Prague')];
    await made('tag', 'Unselected');
    const user = await tenant.aUser(agentGrants);
    expect(await people.change(user.id, { tags: [b, a] })).toMatchObject({ status: 200, body: { tags: [b, a] } });
    expect((await inForce(user.id)).tags).toEqual([
      { id: a, name: 'Night shift' },
      { id: b, name: 'Prague' },
    ]);
    expect(await people.change(user.id, { tags: [a] })).toMatchObject({ status: 200 });
    expect((await inForce(user.id)).tags).toEqual([{ id: a, name: 'Night shift' }]);
  });
});

describe('S4-26 member of all', () => {
  it('is one of all tags and skills that there are, and of those that are made later', async () => {
    const [tag, skill] = [await made('tag', 'Existing'), await made('skill', 'Existing')];
    const user = await tenant.aUser(agentGrants);
    expect(await people.change(user.id, { allTags: true, allSkills: true })).toMatchObject({
      status: 200,
      body: { allTags: true, allSkills: true },
    });
    const before = await inForce(user.id);
    expect(before.tags).toContainEqual({ id: tag, name: 'Existing' });
    expect(before.skills).toEqual([{ id: skill, name: 'Existing' }]);

    const [laterTag, laterSkill] = [await made('tag', 'Later'), await made('skill', 'Later')];
    const after = await inForce(user.id);
    expect(after.tags).toContainEqual({ id: laterTag, name: 'Later' });
    expect(after.skills.map(({ id }: { id: string }) => id)).toEqual([skill, laterSkill]);
  });

  it('keeps the levels of the skills that were set one by one', async () => {
    const [a, b] = [await made('skill', 'Czech'), await made('skill', 'German')];
    const user = await tenant.aUser(agentGrants);
    await people.change(user.id, { skills: [{ skill: a, level: 7 }], allSkills: true });
    const { skills } = await inForce(user.id);
    expect(skills).toContainEqual({ id: a, name: 'Czech', level: 7 });
    expect(skills).toContainEqual({ id: b, name: 'German' });
    await people.change(user.id, { allSkills: false });
    expect((await inForce(user.id)).skills).toEqual([{ id: a, name: 'Czech', level: 7 }]);
  });

  it('is a rule, not a list: no tag is kept by it from being deleted', async () => {
    const tagId = await made('tag', 'Short-lived');
    const user = await tenant.aUser({ ...agentGrants, allTags: true });
    const deletion = { token, params: { tagId }, headers: ifMatch(1) };
    expect(await tenant.call('delete-tag', deletion)).toMatchObject({ status: 204 });
    expect((await inForce(user.id)).tags.map(({ id }: { id: string }) => id)).not.toContain(tagId);
  });
});
