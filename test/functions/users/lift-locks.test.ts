import { resetMailLimit } from '#domain/passwords/resets.ts';
import { passwordGuesses } from '#domain/sign-in/limits.ts';
import { userKeys } from '#table/keys.ts';
import { put } from '#table/write.ts';
import { entriesAbout, type People, peopleOf } from '#test/functions/users/people.ts';
import { aTenant, password, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let people: People;
beforeAll(async () => {
  tenant = await aTenant();
  people = await peopleOf(tenant);
});

const nobody = 'usr_000000000000000000000000';
const locks = (userId: string, token = people.root.token) =>
  tenant.call('get-user-locks', { token, params: { userId } });
const lift = (userId: string, token = people.root.token) =>
  tenant.call('lift-user-locks', { token, params: { userId } });
/** A count as failures leave it. */
const counted = (userId: string, kind: string, count: number, facts: object = {}) =>
  tenant.deps.table.write(
    put({
      ...userKeys.limit(userId, kind),
      type: 'limit',
      v: 1,
      count,
      expiresAt: tenant.deps.now() + 3_000_000,
      ...facts,
    }),
  );
const inSeconds = (seconds: number) => new Date(tenant.deps.now() + seconds * 1000).toISOString();

describe('G3 locks of a user', () => {
  it('are none where nothing was counted', async () => {
    const user = await tenant.aUser();
    expect(await locks(user.id)).toMatchObject({ status: 200, body: { locks: [] } });
  });

  it('are all that was counted: how many, whether it blocks, and until when', async () => {
    const user = await tenant.aUser();
    await counted(user.id, 'passwords', passwordGuesses(user.id, false).max);
    await counted(user.id, 'passwords-known', 3, { notBefore: tenant.deps.now() + 60_000 });
    await counted(user.id, 'codes', 4);
    await counted(user.id, 'code-mails', 10);
    await counted(user.id, 'reset-codes', 10);
    await counted(user.id, 'reset-mails', resetMailLimit(user.id).max);
    expect((await locks(user.id)).body.locks).toEqual([
      { what: 'wrong passwords from elsewhere', count: 5, blocked: true, until: inSeconds(3000) },
      { what: 'wrong passwords from known devices and networks', count: 3, blocked: true, until: inSeconds(60) },
      { what: 'wrong codes', count: 4, blocked: false, until: inSeconds(3000) },
      { what: 'codes sent', count: 10, blocked: true, until: inSeconds(3000) },
      { what: 'wrong reset codes', count: 10, blocked: true, until: inSeconds(3000) },
      { what: 'reset mails', count: 5, blocked: true, until: inSeconds(3000) },
    ]);
  });

  it('leave out counts that stand no longer, and waits that are over', async () => {
    const user = await tenant.aUser();
    await counted(user.id, 'codes', 10, { expiresAt: tenant.deps.now() });
    await counted(user.id, 'passwords', 3, { notBefore: tenant.deps.now() });
    expect((await locks(user.id)).body.locks).toEqual([
      { what: 'wrong passwords from elsewhere', count: 3, blocked: false, until: inSeconds(3000) },
    ]);
  });

  it('show nothing of devices, networks or addresses', async () => {
    const user = await tenant.aUser();
    await tenant.signIn(user.login);
    await counted(user.id, 'passwords', 5);
    const { body } = await locks(user.id);
    expect(Object.keys(body.locks[0]).sort()).toEqual(['blocked', 'count', 'until', 'what']);
  });
});

describe('G3 lifting locks', () => {
  it('forgets every count of the user, writes one entry, and leaves others as they are', async () => {
    const [user, other] = [await tenant.aUser(), await tenant.aUser()];
    for (const kind of ['passwords', 'passwords-known', 'codes', 'code-mails', 'reset-codes', 'reset-mails']) {
      await counted(user.id, kind, 10);
      await counted(other.id, kind, 10);
    }
    const before = (await tenant.allOf([userKeys.partition(user.id)])).filter(({ type }) => type !== 'limit');
    expect(await lift(user.id)).toMatchObject({ status: 204, body: null });
    expect(await tenant.allOf([userKeys.partition(user.id)])).toEqual(before);
    expect((await locks(user.id)).body.locks).toEqual([]);
    expect((await locks(other.id)).body.locks).toHaveLength(6);
    expect(await entriesAbout(tenant, user.id)).toMatchObject([
      { event: 'user.locks-lifted', actor: people.root.user.id },
    ]);
  });

  it('lets the next guess be judged at once', async () => {
    const user = await tenant.aUser();
    const signIn = (typed: string) =>
      tenant.call('sign-in', { body: { login: user.login, password: typed }, ip: '203.0.113.5' });
    for (let n = 0; n < 3; n++) expect(await signIn('wrong')).toMatchObject({ status: 401 });
    expect(await signIn(password)).toMatchObject({ status: 429 });
    await lift(user.id);
    expect(await signIn('wrong')).toMatchObject({ status: 401 });
    expect(await signIn(password)).toMatchObject({ status: 200 });
  });

  it('is well where there is nothing to lift', async () => {
    const user = await tenant.aUser();
    expect(await lift(user.id)).toMatchObject({ status: 204 });
    expect(await lift(user.id)).toMatchObject({ status: 204 });
  });

  it('is refused for oneself, or a stolen session could guess without end', async () => {
    const { user, token } = people.root;
    await counted(user.id, 'passwords-known', 5);
    expect(await lift(user.id, token)).toMatchObject({ status: 403, body: { code: 'outranked', rule: 'G3' } });
    expect((await locks(user.id)).body.locks).toHaveLength(1);
    expect(await entriesAbout(tenant, user.id, 'user.locks-lifted')).toEqual([]);
    const { token: second } = await tenant.aSuperUser();
    expect(await lift(user.id, second)).toMatchObject({ status: 204 });
  });
});

describe('C12 whose locks', () => {
  it('may not be lifted by who has less', async () => {
    const { token } = await people.person(['users:read', 'users:read-details', 'users:change']);
    const { user: boss } = await tenant.aSuperUser();
    await counted(boss.id, 'passwords', 5);
    expect(await lift(boss.id, token)).toMatchObject({ status: 403, body: { code: 'outranked', rule: 'C12' } });
    expect((await locks(boss.id, token)).body.locks).toHaveLength(1);
    expect(await entriesAbout(tenant, boss.id, 'user.locks-lifted')).toEqual([]);
  });

  it('need their permissions', async () => {
    const user = await tenant.aUser();
    const { token: reader } = await people.person(['users:read', 'users:read-details']);
    expect(await locks(user.id, reader)).toMatchObject({ status: 200 });
    expect(await lift(user.id, reader)).toMatchObject({ status: 403, body: { code: 'not_permitted' } });
    const { token: nobodys } = await people.person(['users:read']);
    expect(await locks(user.id, nobodys)).toMatchObject({ status: 403, body: { code: 'not_permitted' } });
    for (const operation of ['get-user-locks', 'lift-user-locks'] as const) {
      expect(await tenant.call(operation, { params: { userId: user.id } })).toMatchObject({ status: 401 });
    }
  });

  it('are not found for who is out of sight, or is not there', async () => {
    const { token } = await people.person(['users:read', 'users:read-details', 'users:change'], { rights: 'rgt_own' });
    const hidden = await tenant.aUser();
    await counted(hidden.id, 'passwords', 5);
    for (const userId of [hidden.id, nobody]) {
      for (const operation of ['get-user-locks', 'lift-user-locks'] as const) {
        expect(await tenant.call(operation, { token, params: { userId } })).toMatchObject({
          status: 404,
          body: { code: 'user_not_found' },
        });
      }
    }
    expect((await locks(hidden.id)).body.locks).toHaveLength(1);
  });
});
