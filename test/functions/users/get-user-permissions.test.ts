import { permissions } from '#contract/permissions.ts';
import { type People, peopleOf } from '#test/functions/users/people.ts';
import { aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let people: People;
beforeAll(async () => {
  tenant = await aTenant();
  people = await peopleOf(tenant);
});

interface Explained {
  name: string;
  granted: boolean;
  from: object[];
  wouldGrant: { id: string }[];
}

async function explained(userId: string): Promise<Map<string, Explained>> {
  const answer = await tenant.call('get-user-permissions', { token: people.root.token, params: { userId } });
  expect(answer.status).toBe(200);
  return new Map(answer.body.permissions.map((each: Explained) => [each.name, each]));
}

describe('C12 S4-24 why a user may do what they may do', () => {
  it('says of each permission what grants it: access, role, a role through another', async () => {
    const inner = await people.role(['audit:read', 'users:create']);
    const outer = await people.role(['users:create'], [inner]);
    const { user } = await people.person(['users:read', 'users:create'], { roles: [outer] });
    const found = await explained(user.id);
    expect([...found.keys()]).toEqual(permissions);
    expect(found.get('users:read')).toMatchObject({
      granted: true,
      from: [{ from: 'access', id: user.access, name: expect.any(String) }],
      wouldGrant: [],
    });
    expect(found.get('audit:read')).toMatchObject({
      granted: true,
      from: [{ from: 'role', id: inner, through: outer }],
    });
    expect(found.get('users:create')?.from).toEqual([
      { from: 'access', id: user.access, name: expect.any(String) },
      { from: 'role', id: outer, name: expect.any(String) },
      { from: 'role', id: inner, name: expect.any(String), through: outer },
    ]);
  });

  it('says what would grant a denied one: accesses and roles, also by what these include', async () => {
    const through = await people.role([], ['rol_auditor']);
    const { user } = await people.person(['users:read']);
    const denied = (await explained(user.id)).get('audit:read');
    expect(denied).toMatchObject({ granted: false, from: [] });
    const ids = denied?.wouldGrant.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['acc_administrator', 'rol_auditor', through]));
    expect(ids).not.toContain('acc_agent');
  });

  it('says that a SuperUser holds all by being one', async () => {
    for (const { granted, from } of (await explained(people.root.user.id)).values()) {
      expect(granted).toBe(true);
      expect(from).toContainEqual({ from: 'superUser' });
    }
  });

  it('says what the next request of the user would find', async () => {
    const { user, token } = await people.person(['users:read', 'users:read-details']);
    const own = await tenant.call('get-user-permissions', { token, params: { userId: user.id } });
    const granted = own.body.permissions.filter((each: Explained) => each.granted);
    expect(granted.map(({ name }: Explained) => name)).toEqual(['users:read', 'users:read-details']);
    await people.change(user.id, { roles: ['rol_auditor'] });
    expect((await explained(user.id)).get('audit:read')?.granted).toBe(true);
  });

  it('is for who may see details', async () => {
    const { user, token } = await people.person(['users:read']);
    expect(await tenant.call('get-user-permissions', { token, params: { userId: user.id } })).toMatchObject({
      status: 403,
      body: { code: 'not_permitted', rule: 'S0-13', because: 'users:read-details', remedy: expect.any(String) },
    });
  });
});
