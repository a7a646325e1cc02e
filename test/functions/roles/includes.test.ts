import { entriesAbout, ifMatch, type People, peopleOf } from '#test/functions/users/people.ts';
import { aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let people: People;
let token: string;
beforeAll(async () => {
  tenant = await aTenant();
  people = await peopleOf(tenant);
  token = people.root.token;
});

const edit = (roleId: string, body: object, version = 1) =>
  tenant.call('change-role', { token, params: { roleId }, body, headers: ifMatch(version) });
const drop = (roleId: string, version = 1) =>
  tenant.call('delete-role', { token, params: { roleId }, headers: ifMatch(version) });

describe('S4-24 S4-25 roles that include roles', () => {
  it('must include what exists: all that is missing, in one answer', async () => {
    const includes = ['rol_auditor', 'rol_missing1', 'rol_missing2'];
    const expected = {
      status: 422,
      body: {
        code: 'prerequisites_missing',
        rule: 'S0-5',
        errors: [{ pointer: '/body/includes/1' }, { pointer: '/body/includes/2' }],
        because: ['rol_missing1', 'rol_missing2'],
      },
    };
    expect(await tenant.call('create-role', { token, body: { name: 'Hollow', includes } })).toMatchObject(expected);
    const id = await people.role([]);
    expect(await edit(id, { includes })).toMatchObject(expected);
    expect(await entriesAbout(tenant, id)).toHaveLength(1);
  });

  it('go round in no circle, however long', async () => {
    const a = await people.role(['users:read']);
    const b = await people.role([], [a]);
    const c = await people.role([], [b]);
    const d = await people.role([], ['rol_auditor', c]);
    for (const [includes, n] of [
      [[a], 0],
      [['rol_auditor', b], 1],
      [['rol_auditor', c], 1],
      [[d], 0],
    ] as const) {
      expect(await edit(a, { includes })).toMatchObject({
        status: 422,
        body: { code: 'invalid_input', errors: [{ pointer: `/body/includes/${n}` }] },
      });
    }
    // Twice the same by two ways is no circle.
    expect(await edit(d, { includes: [b, c] })).toMatchObject({ status: 200 });
  });

  it('end up usable also when two edits at the same time close a circle', async () => {
    const [a, b] = [await people.role(['users:read']), await people.role(['users:create'])];
    await Promise.all([edit(a, { includes: [b] }), edit(b, { includes: [a] })]);
    const { user, token: own } = await people.person([], { roles: [a] });
    expect(await tenant.call('list-users', { token: own })).toMatchObject({ status: 200 });
    const { permissions } = (await tenant.call('get-user-permissions', { token, params: { userId: user.id } })).body;
    expect(permissions.find(({ name }: { name: string }) => name === 'users:read').from.length).toBe(1);
  });

  it('name each role once', async () => {
    const a = await people.role(['users:read']);
    const answer = await tenant.call('create-role', { token, body: { name: 'Twice', includes: [a, a] } });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/body/includes' }] } });
  });

  it('S0-5 name only what exists, however including and deleting race', async () => {
    for (let round = 0; round < 20; round++) {
      const inner = await people.role(['users:read']);
      const include = tenant.call('create-role', { token, body: { name: `Racing ${round}`, includes: [inner] } });
      const [included, dropped] = await Promise.all([include, drop(inner)]);
      expect([included.status, dropped.status].sort()).toEqual(included.status === 201 ? [201, 409] : [204, 422]);
    }
  });

  it('S0-5 keep what they include: it is not deleted under them', async () => {
    const inner = await people.role(['users:create']);
    const outer = await people.role([], [inner]);
    const refused = await drop(inner);
    expect(refused).toMatchObject({ status: 409, body: { code: 'record_in_use', rule: 'S0-5' } });
    expect(refused.body.detail).toContain('Record');
    expect(await edit(outer, { includes: [] })).toMatchObject({ status: 200 });
    expect(await drop(inner)).toMatchObject({ status: 204 });
    expect(await edit(outer, { name: 'Still fine' }, 2)).toMatchObject({ status: 200 });
  });
});
