import type { KnownRecord } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { type RecordKind, recordKey, userKeys } from '#table/keys.ts';
import { update } from '#table/write.ts';
import { ifMatch, type People, peopleOf } from '#test/functions/users/people.ts';
import { aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let people: People;
beforeAll(async () => {
  tenant = await aTenant();
  people = await peopleOf(tenant);
});

const mayList = async (token: string) => (await tenant.call('list-users', { token })).status === 200;
const mayAudit = async (token: string) => (await tenant.call('list-audit', { token })).status === 200;
/** As another process would: this one does not hear of it. */
const changeElsewhere = (kind: RecordKind, id: string, permissions: string[]) =>
  tenant.deps.table.write(update(recordKey(kind, id), { set: { permissions } }));

describe('S0-13 C12 what a user may do', () => {
  it('is what access, roles and the roles in them hold together', async () => {
    const innermost = await people.role(['audit:read']);
    const inner = await people.role([], [innermost]);
    const outer = await people.role(['settings:read'], [inner]);
    const { token } = await people.person(['users:read'], { roles: [outer] });
    expect(await mayList(token)).toBe(true);
    expect(await mayAudit(token)).toBe(true);
    expect(await tenant.call('get-settings', { token })).toMatchObject({ status: 200 });
    expect(await tenant.call('list-accesses', { token })).toMatchObject({
      status: 403,
      body: { code: 'not_permitted', rule: 'S0-13', because: 'accesses:read', remedy: expect.any(String) },
    });
  });

  it('is nothing but oneself without access and roles, and everything for a SuperUser without either', async () => {
    const plain = await tenant.aUser({ userType: 'cloudphone' });
    const token = await tenant.signIn(plain.login);
    expect(await tenant.call('get-me', { token })).toMatchObject({ status: 200 });
    expect(await mayList(token)).toBe(false);
    expect(await mayAudit(people.root.token)).toBe(true);
  });

  it('K11 changes with the next request after roles change, and leaves the session alone', async () => {
    const { user, token } = await people.person(['users:read']);
    expect(await mayAudit(token)).toBe(false);
    await people.change(user.id, { roles: ['rol_auditor'] });
    expect(await mayAudit(token)).toBe(true);
    await people.change(user.id, { roles: [] });
    expect(await mayAudit(token)).toBe(false);
    expect(await mayList(token)).toBe(true);
  });

  it('K11 changes with the next request after a change of a definition in the same process', async () => {
    const role = await people.role([]);
    const { user, token } = await people.person(['users:read'], { roles: [role] });
    const body = { permissions: ['audit:read'] };
    await tenant.call('change-role', { token: people.root.token, params: { roleId: role }, body, headers: ifMatch(1) });
    expect(await mayAudit(token)).toBe(true);
    await tenant.call('change-access', {
      token: people.root.token,
      params: { accessId: user.access as string },
      body: { permissions: [] },
      headers: ifMatch(1),
    });
    expect(await mayList(token)).toBe(false);
  });

  it.each([
    ['access', 'users:read'],
    ['role', 'audit:read'],
  ] as const)('K11 changes within five seconds of a change of %s in another process', async (kind, permission) => {
    const role = await people.role(['audit:read']);
    const { user, token } = await people.person(['users:read'], { roles: [role] });
    const may = permission === 'users:read' ? mayList : mayAudit;
    const id = kind === 'role' ? role : (user.access as string);
    expect(await may(token)).toBe(true);
    await changeElsewhere(kind, id, []);
    tenant.advance(5);
    expect(await may(token)).toBe(false);
    await changeElsewhere(kind, id, [permission]);
    tenant.advance(5);
    expect(await may(token)).toBe(true);
  });

  it('K11 S0-14 is not seen any more within five seconds of a change of rights in another process', async () => {
    const other = await tenant.aUser();
    const rights = await people.rights({ users: 'all' });
    const { token } = await people.person(['users:read'], { rights });
    const look = async () => (await tenant.call('get-user', { token, params: { userId: other.id } })).status;
    expect(await look()).toBe(200);
    await tenant.deps.table.write(
      update(recordKey('rights', rights), { set: { users: { types: [], rights: [], ids: [] } } }),
    );
    tenant.advance(5);
    expect(await look()).toBe(404);
  });

  it('K11 is in force with the next request also when another process has just made the access, rights and role', async () => {
    const { user, token } = await people.person(['users:read']);
    const common = { v: 1 as const, version: 1, name: 'Elsewhere', usedBy: 0, updatedAt: 0 };
    const made: KnownRecord[] = [
      { ...common, type: 'access', id: 'acc_elsewhere', permissions: ['audit:read'] },
      { ...common, type: 'role', id: 'rol_elsewhere', permissions: ['settings:read'], includes: [] },
    ];
    expect(await mayAudit(token)).toBe(false);
    for (const record of made) await tenant.deps.table.transact(records.creation(record));
    const set = { access: 'acc_elsewhere', roles: ['rol_elsewhere'] };
    await tenant.deps.table.write(update(userKeys.user(user.id), { set }));
    expect(await mayAudit(token)).toBe(true);
    expect(await tenant.call('get-settings', { token })).toMatchObject({ status: 200 });
  });

  it('K11 gives no stale success to any of 20 requests that begin five seconds after the change', async () => {
    const { user, token } = await people.person(['users:read']);
    const during = Promise.all(Array.from({ length: 20 }, () => tenant.call('list-users', { token })));
    const changed = tenant.call('change-access', {
      token: people.root.token,
      params: { accessId: user.access as string },
      body: { permissions: [] },
      headers: ifMatch(1),
    });
    expect((await changed).status).toBe(200);
    for (const { status } of await during) expect([200, 403]).toContain(status);
    tenant.advance(5);
    const after = await Promise.all(Array.from({ length: 20 }, () => tenant.call('list-users', { token })));
    expect(after.map(({ status }) => status)).toEqual(Array(20).fill(403));
  });
});
