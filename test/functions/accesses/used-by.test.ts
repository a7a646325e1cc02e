import type { OperationId } from '#contract/operations.ts';
import { type People, peopleOf } from '#test/functions/users/people.ts';
import { deactivate } from '#test/setup/leaving.ts';
import { streamOf } from '#test/setup/stream.ts';
import { aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let people: People;
let token: string;
let lastReadUnits: number[] = [];
beforeAll(async () => {
  tenant = await aTenant({}, { meter: ({ readUnits }) => readUnits > 0 && lastReadUnits.push(readUnits) });
  people = await peopleOf(tenant);
  token = people.root.token;
});

const invited = (login: string, access: string) => ({
  title: login,
  login,
  type: 'passive',
  authEmail: `${login}@example.com`,
  access,
  rights: 'rgt_own',
});
const create = (login: string, access: string) => tenant.call('create-user', { token, body: invited(login, access) });
const drop = (accessId: string) =>
  tenant.call('delete-access', { token, params: { accessId }, headers: { 'if-match': '"1"' } });

describe('S1-8 how many users have an access', () => {
  it('follows their creation and every change, and nothing that was refused', async () => {
    const [a, b] = [await people.access('users:read'), await people.access('users:read')];
    const { id } = (await create('first', a)).body;
    await create('first', a);
    await create('second', a);
    expect([await people.usedBy(a), await people.usedBy(b)]).toEqual([2, 0]);
    await people.change(id, { access: b });
    expect([await people.usedBy(a), await people.usedBy(b)]).toEqual([1, 1]);
    await people.change(id, { access: b });
    await people.change(id, { title: 'Same' });
    expect([await people.usedBy(a), await people.usedBy(b)]).toEqual([1, 1]);
  });

  it('S4-25 counts each role of a user once', async () => {
    const [one, two] = [await people.role(['users:read']), await people.role(['users:create'])];
    const user = await tenant.aUser();
    const used = async () =>
      Promise.all(
        [one, two].map(async (roleId) => (await tenant.call('get-role', { token, params: { roleId } })).body.usedBy),
      );
    await people.change(user.id, { roles: [one, two] });
    expect(await used()).toEqual([1, 1]);
    expect(await people.change(user.id, { roles: [two, two] })).toMatchObject({ status: 422 });
    await people.change(user.id, { roles: [two] });
    expect(await used()).toEqual([0, 1]);
    await people.change(user.id, { roles: [] });
    expect(await used()).toEqual([0, 0]);
  });

  it('is read for one unit at most', async () => {
    const accessId = await people.access('users:read');
    for (let n = 0; n < 3; n++) await create(`counted${n}`, accessId);
    await people.usedBy(accessId);
    lastReadUnits = [];
    expect(await people.usedBy(accessId)).toBe(3);
    expect(lastReadUnits.at(-1)).toBeLessThanOrEqual(1);
    // Session and user, and the record.
    expect(lastReadUnits.length).toBe(2);
  });

  it('lists who they are, page by page, each once and nothing of how to reach them', async () => {
    const accessId = await people.access('users:read');
    const logins = ['p1', 'p2', 'p3', 'p4', 'p5'];
    for (const login of logins) await create(login, accessId);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await tenant.call('list-users-of-access', {
        token,
        params: { accessId },
        query: { limit: '2', ...(cursor && { cursor }) },
      });
      for (const user of page.body.users) {
        expect(Object.keys(user).sort()).toEqual(['id', 'state', 'title', 'type']);
        seen.push(user.title);
      }
      cursor = page.body.next;
    } while (cursor);
    expect(seen).toEqual(logins);
  });

  it('still tells who has it when they are deactivated, or deep in a long list', async () => {
    const accessId = await people.access('users:read');
    const { id } = (await create('zzz-last', accessId)).body;
    for (let n = 0; n < 30; n++) await tenant.aUser({ title: `Crowd ${n}` });
    expect((await drop(accessId)).body).toMatchObject({
      code: 'record_in_use',
      detail: expect.stringContaining('zzz-last'),
    });
    await deactivate(tenant, token, id);
    expect((await drop(accessId)).body).toMatchObject({
      code: 'record_in_use',
      detail: expect.stringContaining('zzz-last'),
    });
  });

  it('S0-14 lists only those in sight of who asks: of an access, of rights, of a role', async () => {
    const [accessId, rightsId, roleId] = [
      await people.access('users:read'),
      await people.rights({}),
      await people.role([]),
    ];
    const holder = { access: accessId, rights: rightsId, roles: [roleId] };
    await tenant.aUser({ title: 'Seen holder', userType: 'passive', ...holder });
    await tenant.aUser({ title: 'Unseen holder', ...holder });
    // Who has a role is known to the index, which the stream keeps.
    await (await streamOf(tenant)).deliver();
    const rights = await people.rights({ users: { types: ['passive'] } });
    const asker = await people.person(['accesses:read', 'rights:read', 'roles:read'], { rights });
    const titles = async (operation: OperationId, params: Record<string, string>) => {
      const { body } = await tenant.call(operation, { token: asker.token, params });
      return body.users.map(({ title }: { title: string }) => title);
    };
    expect(await titles('list-users-of-access', { accessId })).toEqual(['Seen holder']);
    expect(await titles('list-users-of-rights', { rightsId })).toEqual(['Seen holder']);
    expect(await titles('list-users-of-role', { roleId })).toEqual(['Seen holder']);
  });

  it('S0-14 names nobody who is out of sight of who asks', async () => {
    const accessId = await people.access('users:read');
    await create('hidden-holder', accessId);
    const blind = await people.person(['accesses:change', 'users:read'], { rights: 'rgt_own' });
    const refused = await tenant.call('delete-access', {
      token: blind.token,
      params: { accessId },
      headers: { 'if-match': '"1"' },
    });
    expect(refused).toMatchObject({ status: 409, body: { code: 'record_in_use', because: 1 } });
    expect(refused.body.detail).not.toContain('hidden-holder');
  });
});

describe('S0-5 an access that goes while users get it', () => {
  it('is either deleted, and nobody has it, or stays, and its count is what the users say', async () => {
    for (let round = 0; round < 3; round++) {
      const access = await people.access('users:read');
      const creates = Array.from({ length: 20 }, (_, n) => create(`race${round}-${n}`, access));
      const [dropped, ...created] = await Promise.all([
        round === 0 ? drop(access) : creates[0]?.then(() => drop(access)),
        ...creates,
      ]);
      const made = created.filter(({ status }) => status === 201);
      const there = await tenant.call('get-access', { token, params: { accessId: access } });
      if (dropped?.status === 204) {
        expect(there.status).toBe(404);
        expect(made).toEqual([]);
      } else {
        expect(there.body.usedBy).toBe(made.length);
      }
      for (const answer of created.filter(({ status }) => status !== 201)) {
        expect(['prerequisites_missing', 'try_again']).toContain(answer.body.code);
      }
    }
  });
});
