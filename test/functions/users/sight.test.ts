import type { OperationId } from '#contract/operations.ts';
import { ifMatch, type People, peopleOf } from '#test/functions/users/people.ts';
import { aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let people: People;
beforeAll(async () => {
  tenant = await aTenant();
  people = await peopleOf(tenant);
});

const everythingOfUsers = [
  'users:read',
  'users:read-details',
  'users:create',
  'users:change',
  'users:deactivate',
  'users:delete',
] as const;
const nobody = 'usr_000000000000000000000000';

async function titlesSeen(token: string, limit = '100'): Promise<string[]> {
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await tenant.call('list-users', { token, query: { limit, ...(cursor && { cursor }) } });
    expect(page.status).toBe(200);
    expect(page.body.users.length).toBeLessThanOrEqual(Number(limit));
    seen.push(...page.body.users.map(({ title }: { title: string }) => title));
    cursor = page.body.next;
  } while (cursor);
  return seen;
}

describe('S0-14 users out of sight', () => {
  it.each([
    ['get-user', {}],
    ['change-user', { body: { title: 'Mine' }, headers: ifMatch(1) }],
    ['change-user', { body: { title: 'Mine' }, headers: ifMatch(7) }],
    ['deactivate-user', { body: {} }],
    ['get-removal-impact', {}],
    ['delete-user', {}],
    ['restore-user', { body: {} }],
    ['sign-out-user', {}],
    ['invite-user', {}],
    ['get-user-permissions', {}],
  ] as [OperationId, object][])('%s answers as if they did not exist', async (operation, options) => {
    const { token } = await people.person([...everythingOfUsers], { rights: 'rgt_own' });
    const hidden = await tenant.aUser({ title: 'Hidden' });
    const ask = (userId: string) => tenant.call(operation, { token, params: { userId }, ...options });
    const [there, absent] = [await ask(hidden.id), await ask(nobody)];
    expect(there).toMatchObject({ status: 404, body: { code: 'user_not_found' } });
    const bare = (text: string, id: string) => JSON.parse(text.replaceAll(id, '…').replace(/request:\w+/, ''));
    expect(bare(JSON.stringify(there.body), hidden.id)).toEqual(bare(JSON.stringify(absent.body), nobody));
    expect((await people.now(hidden.id)).version).toBe(1);
  });

  it('are not found either when they are a SuperUser or deactivated', async () => {
    const { token } = await people.person([...everythingOfUsers], { rights: 'rgt_own' });
    const gone = await tenant.aUser({ state: 'deactivated' });
    for (const userId of [people.root.user.id, gone.id]) {
      expect(await tenant.call('get-user', { token, params: { userId } })).toMatchObject({ status: 404 });
    }
    expect((await tenant.call('list-users', { token, query: { deactivated: 'true' } })).body.users).toEqual([]);
  });
});

describe('S0-14 users in sight', () => {
  it.each([
    ['all', 'all', ['Api', 'Named', 'Passive 1', 'Passive 2', 'Teammate', 'Viewer', 'Zzz Root']],
    ['by types', { types: ['passive'] }, ['Passive 1', 'Passive 2', 'Viewer']],
    ['by rights', 'rights', ['Teammate', 'Viewer']],
    ['by ids', 'ids', ['Named', 'Viewer']],
    ['of each of these', 'mixed', ['Api', 'Named', 'Teammate', 'Viewer']],
    ['nobody', {}, ['Viewer']],
  ])('are listed: %s, and oneself always', async (_title, given, expected) => {
    const own = await aTenant();
    const ownPeople = await peopleOf(own);
    const team = await ownPeople.rights({});
    const named = await own.aUser({ title: 'Named' });
    await own.aUser({ title: 'Teammate', rights: team });
    await own.aUser({ title: 'Passive 1', userType: 'passive' });
    await own.aUser({ title: 'Passive 2', userType: 'passive' });
    await own.aUser({ title: 'Api', userType: 'api' });
    const byName: Record<string, object> = {
      rights: { rights: [team] },
      ids: { ids: [named.id] },
      mixed: { types: ['api'], rights: [team], ids: [named.id] },
    };
    const rights = await ownPeople.rights({ users: (typeof given === 'string' && byName[given]) || given });
    const { token } = await ownPeople.person(['users:read'], { title: 'Viewer', rights });
    const list = await own.call('list-users', { token });
    expect(list.body.users.map(({ title }: { title: string }) => title)).toEqual(expected);
  });

  it('come exactly once over pages of any size, also when they are rare among many', async () => {
    const own = await aTenant();
    const ownPeople = await peopleOf(own);
    const expected: string[] = [];
    for (let n = 0; n < 60; n++) {
      const isSeen = n % 7 === 3 || n > 57;
      const title = `User ${String(n).padStart(2, '0')}`;
      if (isSeen) expected.push(title);
      await own.aUser({ title, userType: isSeen ? 'passive' : 'contact-center' });
    }
    const rights = await ownPeople.rights({ users: { types: ['passive'] } });
    const { token } = await ownPeople.person(['users:read'], { title: 'Zz Viewer', rights });
    const outer = tenant;
    tenant = own;
    for (const limit of ['1', '2', '3', '5', '100']) {
      expect(await titlesSeen(token, limit)).toEqual([...expected, 'Zz Viewer']);
    }
    tenant = outer;
  });

  it('S0-13 show no login, address, factor nor rights to who may not see details', async () => {
    const few = await people.person(['users:read', 'users:change', 'users:create', 'users:deactivate']);
    const user = await tenant.aUser({ title: 'Shy', emoji: '🎧', access: 'acc_agent', roles: ['rol_auditor'] });
    const fields = ['emoji', 'id', 'state', 'title', 'type', 'version'];
    const got = await tenant.call('get-user', { token: few.token, params: { userId: user.id } });
    expect(Object.keys(got.body).sort()).toEqual(fields);
    for (const listed of (await tenant.call('list-users', { token: few.token })).body.users) {
      expect(fields).toEqual(expect.arrayContaining(Object.keys(listed)));
    }
    const changed = await tenant.call('change-user', {
      token: few.token,
      params: { userId: (await tenant.aUser({ emoji: '🎧' })).id },
      body: { title: 'Changed' },
      headers: ifMatch(1),
    });
    expect(Object.keys(changed.body).sort()).toEqual(fields);
  });

  it('S0-13 show no more than that to who comes with a stale version', async () => {
    const few = await people.person(['users:read', 'users:change']);
    const user = await tenant.aUser();
    const stale = await tenant.call('change-user', {
      token: few.token,
      params: { userId: user.id },
      body: { title: 'Changed' },
      headers: ifMatch(9),
    });
    expect(stale).toMatchObject({ status: 412, body: { code: 'version_stale', current: { title: user.title } } });
    expect(JSON.stringify(stale.body)).not.toContain(user.login);
    const raced = await Promise.all(
      Array.from({ length: 5 }, (_, n) =>
        tenant.call('change-user', {
          token: few.token,
          params: { userId: user.id },
          body: { title: `Raced ${n}` },
          headers: ifMatch(1),
        }),
      ),
    );
    expect(raced.filter(({ status }) => status === 412)).toHaveLength(4);
    expect(JSON.stringify(raced)).not.toContain(user.login);
  });
});
