import type { OperationId } from '#contract/operations.ts';
import { type People, peopleOf } from '#test/functions/users/people.ts';
import { streamOf, type TestStream } from '#test/setup/stream.ts';
import { aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let people: People;
let stream: TestStream;
let token: string;
beforeAll(async () => {
  tenant = await aTenant();
  people = await peopleOf(tenant);
  token = people.root.token;
  stream = await streamOf(tenant);
});

let count = 0;
const made = async (id: OperationId, body: object = {}): Promise<string> => {
  const answer = await tenant.call(id, { token, body: { name: `Thing ${count++}`, ...body } });
  expect([answer.status, answer.body.detail]).toEqual([201, undefined]);
  return answer.body.id;
};

const titlesOf = async (operation: OperationId, params: Record<string, string>, by = token): Promise<string[]> => {
  const titles: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await tenant.call(operation, { token: by, params, query: { limit: '2', ...(cursor && { cursor }) } });
    expect(page.status).toBe(200);
    for (const user of page.body.users) expect(Object.keys(user).sort()).toEqual(['id', 'state', 'title', 'type']);
    titles.push(...page.body.users.map(({ title }: { title: string }) => title));
    cursor = page.body.next;
  } while (cursor);
  return titles;
};

describe('who has a record', () => {
  it('S1-29 S4-2 is listed alike for all seven kinds, by title, over both tabs, page by page', async () => {
    const [group, skill, tag] = [await made('create-group'), await made('create-skill'), await made('create-tag')];
    const [access, rights, role] = [await people.access('users:read'), await people.rights({}), await people.role([])];
    const userGroup = await made('create-user-group');
    const has = {
      access,
      rights,
      roles: [role],
      userGroup,
      groups: [group],
      skills: [{ skill, level: 3 }],
      tags: [tag],
    };
    for (const title of ['Cecil', 'Adam', 'Dora', 'Bert']) await tenant.aUser({ title, ...has });
    await tenant.aUser({ title: 'Aibo', userType: 'ai-coworker', ...has });
    await tenant.aUser({ title: 'Gone', state: 'deactivated', ...has });
    await tenant.aUser({ title: 'Other' });
    await stream.deliver();
    const expected = ['Adam', 'Aibo', 'Bert', 'Cecil', 'Dora'];
    expect(await titlesOf('list-users-of-access', { accessId: access })).toEqual(expected);
    expect(await titlesOf('list-users-of-rights', { rightsId: rights })).toEqual(expected);
    expect(await titlesOf('list-users-of-role', { roleId: role })).toEqual(expected);
    expect(await titlesOf('list-users-of-user-group', { userGroupId: userGroup })).toEqual(expected);
    expect(await titlesOf('list-users-of-group', { groupId: group })).toEqual(expected);
    expect(await titlesOf('list-users-of-skill', { skillId: skill })).toEqual(expected);
    expect(await titlesOf('list-users-of-tag', { tagId: tag })).toEqual(expected);
    const filtered = async (query: Record<string, string>) =>
      (await tenant.call('list-users', { token, query })).body.users.map(({ title }: { title: string }) => title);
    for (const query of [
      { group },
      { skill },
      { tag },
      { group, skill },
      { userGroup, tag, role },
      { tag, sort: 'login' },
    ]) {
      expect((await filtered(query as unknown as Record<string, string>)).sort()).toEqual([
        'Adam',
        'Bert',
        'Cecil',
        'Dora',
      ]);
    }
    expect(await filtered({ group, sort: '-title' })).toEqual(['Dora', 'Cecil', 'Bert', 'Adam']);
    expect(await filtered({ tag, search: 'adam' })).toEqual(['Adam']);
    expect(await filtered({ tag, deactivated: 'true' })).toEqual(['Gone']);
    expect(await filtered({ tag, tab: 'ai-coworkers' })).toEqual(['Aibo']);
  });

  it('S4-26 counts who has all of a kind, present and future, among the users of each', async () => {
    const [one, two] = [await made('create-tag'), await made('create-tag')];
    const skill = await made('create-skill');
    await tenant.aUser({ title: 'Every', allTags: true, allSkills: true, tags: [one] });
    await tenant.aUser({ title: 'First', tags: [one] });
    await tenant.aUser({ title: 'Fully', tags: [one, two] });
    await stream.deliver();
    expect(await titlesOf('list-users-of-tag', { tagId: one })).toEqual(['Every', 'First', 'Fully']);
    expect(await titlesOf('list-users-of-tag', { tagId: two })).toEqual(['Every', 'Fully']);
    expect(await titlesOf('list-users-of-skill', { skillId: skill })).toEqual(['Every']);
    const later = await made('create-tag');
    expect(await titlesOf('list-users-of-tag', { tagId: later })).toEqual(['Every']);
    const { body } = await tenant.call('list-users', { token, query: { tag: later } });
    expect(body.users.map(({ title }: { title: string }) => title)).toEqual(['Every']);
  });

  it('S0-14 shows only who is in sight, by whatever sight is given', async () => {
    const group = await made('create-group');
    const team = await people.rights({});
    await tenant.aUser({ title: 'Passive', userType: 'passive', groups: [group] });
    await tenant.aUser({ title: 'Teammate', rights: team, groups: [group] });
    await tenant.aUser({ title: 'Stranger', groups: [group] });
    await stream.deliver();
    const seen = async (sight: object) => {
      const rights = await people.rights({ users: sight });
      const asker = await people.person(['groups:read'], { rights });
      return titlesOf('list-users-of-group', { groupId: group }, asker.token);
    };
    expect(await seen({ types: ['passive'] })).toEqual(['Passive']);
    expect(await seen({ rights: [team] })).toEqual(['Teammate']);
    expect(await seen({ types: ['passive'], rights: [team] })).toEqual(['Passive', 'Teammate']);
    expect(await seen({})).toEqual([]);
  });

  it('is not told of what does not exist', async () => {
    const params = { groupId: 'grp_ffffffffffff' };
    expect(await tenant.call('list-users-of-group', { token, params })).toMatchObject({
      status: 404,
      body: { code: 'record_not_found' },
    });
  });

  it('is named when a record cannot go, also who was deactivated', async () => {
    const group = await made('create-group');
    await tenant.aUser({ title: 'Keeps It', groups: [group], state: 'deactivated' });
    await stream.deliver();
    const refused = await tenant.call('delete-group', {
      token,
      params: { groupId: group },
      headers: { 'if-match': '"1"' },
    });
    expect(refused).toMatchObject({ status: 409, body: { code: 'record_in_use' } });
    expect(refused.body.detail).toContain('Keeps It');
  });
});
