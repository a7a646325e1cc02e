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
const aGroup = async (): Promise<string> =>
  (await tenant.call('create-group', { token, body: { name: `Group ${++count}` } })).body.id;
const usedBy = async (groupId: string): Promise<number> =>
  (await tenant.call('get-group', { token, params: { groupId } })).body.usedBy;
const drop = (groupId: string) => tenant.call('delete-group', { token, params: { groupId }, headers: ifMatch(1) });

describe('S1-29 C13 groups of a user', () => {
  it('are as many as wanted, and each counts who is in it', async () => {
    const groups = [await aGroup(), await aGroup(), await aGroup()];
    const [a, b, c] = groups as [string, string, string];
    const user = await tenant.aUser(agentGrants);
    expect(await people.change(user.id, { groups })).toMatchObject({ status: 200, body: { groups } });
    expect(await Promise.all(groups.map(usedBy))).toEqual([1, 1, 1]);
    expect(await people.change(user.id, { groups: [c] })).toMatchObject({ status: 200, body: { groups: [c] } });
    expect([await usedBy(a), await usedBy(b), await usedBy(c)]).toEqual([0, 0, 1]);
    expect(await people.change(user.id, { groups: [] })).toMatchObject({ status: 200 });
    expect(await usedBy(c)).toBe(0);
  });

  it('give nothing to inherit: what is in force stays as it was', async () => {
    const user = await tenant.aUser(agentGrants);
    const inForce = async () =>
      (await tenant.call('get-effective-settings', { token, params: { userId: user.id } })).body;
    const before = await inForce();
    await people.change(user.id, { groups: [await aGroup()] });
    expect(await inForce()).toEqual(before);
    expect((await people.now(user.id)).userGroup).toBe('ugr_default');
  });

  it('must exist, each, and the refusal points at those that do not', async () => {
    const known = await aGroup();
    const user = await tenant.aUser(agentGrants);
    const refused = await people.change(user.id, { groups: [known, 'grp_nothing'], tags: ['tag_nothing'] });
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'prerequisites_missing', errors: [{ pointer: '/body/groups/1' }, { pointer: '/body/tags/0' }] },
    });
    expect(await people.change(user.id, { groups: [known, known] })).toMatchObject({ status: 422 });
    expect(await people.change(user.id, { groups: ['ugr_default'] })).toMatchObject({
      status: 422,
      body: { code: 'invalid_input', errors: [{ pointer: '/body/groups/0' }] },
    });
    expect(await usedBy(known)).toBe(0);
  });

  it('are refused, not half kept, where they are more than one change can carry', async () => {
    const groups: string[] = [];
    for (let n = 0; n < 66; n++) groups.push(await aGroup());
    const user = await tenant.aUser(agentGrants);
    expect(await people.change(user.id, { groups: groups.slice(0, 50) })).toMatchObject({ status: 200 });
    // 34 go and 16 come: that much one transaction holds.
    expect(await people.change(user.id, { groups: groups.slice(34, 66) })).toMatchObject({ status: 200 });
    const refused = await people.change(user.id, { groups: groups.slice(0, 34) });
    expect(refused).toMatchObject({ status: 422, body: { code: 'invalid_input', errors: [{ pointer: '/body' }] } });
    expect(refused.body.remedy).toContain('after that');
    expect(await Promise.all([groups[0], groups[65]].map((id) => usedBy(id as string)))).toEqual([0, 1]);
    const skills = await Promise.all(
      Array.from({ length: 30 }, async (_, n) => {
        const { body } = await tenant.call('create-skill', { token, body: { name: `Skill ${n}` } });
        return { skill: body.id as string, level: 1 };
      }),
    );
    const tooMany = await people.change(user.id, { skills });
    expect(tooMany).toMatchObject({ status: 422, body: { code: 'invalid_input', because: 64 } });
    expect(await people.change(user.id, { groups: groups.slice(34, 54), skills })).toMatchObject({ status: 200 });
  });

  it('that go while users get into them are either gone, and nobody has them, or stay with a true count', async () => {
    for (let round = 0; round < 5; round++) {
      const groupId = await aGroup();
      const members = await Promise.all(Array.from({ length: 4 }, () => tenant.aUser(agentGrants)));
      const [gone, ...joined] = await Promise.all([
        drop(groupId),
        ...members.map(({ id }) => people.change(id, { groups: [groupId] })),
      ]);
      const inIt = joined.filter(({ status }) => status === 200).length;
      for (const { status, body } of joined) if (status !== 200) expect(body.code).toBe('prerequisites_missing');
      if (gone.status === 204) expect(inIt).toBe(0);
      else expect([gone.body.code, await usedBy(groupId)]).toEqual(['record_in_use', inIt]);
    }
  });

  it('need their own permissions to be read and changed', async () => {
    const reader = await people.person(['groups:read']);
    const groupId = await aGroup();
    expect(await tenant.call('list-groups', { token: reader.token })).toMatchObject({ status: 200 });
    for (const answer of [
      await tenant.call('create-group', { token: reader.token, body: { name: 'Mine' } }),
      await tenant.call('change-group', {
        token: reader.token,
        params: { groupId },
        body: { name: 'Mine' },
        headers: ifMatch(1),
      }),
      await tenant.call('delete-group', { token: reader.token, params: { groupId }, headers: ifMatch(1) }),
      await tenant.call('list-tags', { token: reader.token }),
    ]) {
      expect(answer).toMatchObject({ status: 403, body: { code: 'not_permitted' } });
    }
  });
});
