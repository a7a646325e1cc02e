import type { User } from '#domain/users/user.ts';
import { type People, peopleOf } from '#test/functions/users/people.ts';
import { streamOf, type TestStream } from '#test/setup/stream.ts';
import { aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let token: string;
beforeAll(async () => {
  tenant = await aTenant();
  token = (await tenant.aSuperUser({ title: 'Zzz Admin' })).token;
});

const list = (query: Record<string, string> = {}, by = token) => tenant.call('list-users', { token: by, query });
const titles = ({ body }: { body: { users: { title: string }[] } }) => body.users.map(({ title }) => title);

describe('S0-4 S1-1 the list of users', () => {
  it('S0-8 is in order of titles, accents and case aside', async () => {
    for (const title of ['Zdeněk', 'Čeněk', 'adam', 'Bára', 'Ádám 2', 'Łucja']) await tenant.aUser({ title });
    const expected = ['adam', 'Ádám 2', 'Bára', 'Čeněk', 'Łucja', 'Zdeněk', 'Zzz Admin'];
    expect(titles(await list())).toEqual(expected);
    expect(titles(await list({ sort: '-title' }))).toEqual(expected.toReversed());
  });

  it('S0-8 takes a title that is cut in the middle of an emoji for its order', async () => {
    const title = `${'a'.repeat(31)}😀😀`;
    const user = await tenant.aUser({ title });
    expect(titles(await list({ limit: '1' }))).toEqual([title]);
    await tenant.call('deactivate-user', { token, params: { userId: user.id } });
  });

  it('gives every user exactly once, page after page', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list({ limit: '2', ...(cursor && { cursor }) });
      expect(page.body.users.length).toBeLessThanOrEqual(2);
      seen.push(...titles(page));
      cursor = page.body.next;
    } while (cursor);
    expect(seen).toEqual(titles(await list()));
  });

  it('S0-56 shows deactivated users only when asked for them', async () => {
    const user = await tenant.aUser({ title: 'Gone', state: 'deactivated' });
    expect(titles(await list())).not.toContain('Gone');
    expect(titles(await list({ deactivated: 'true' }))).toContain('Gone');
    expect(titles(await list({ state: 'deactivated' }))).toContain('Gone');
    expect(titles(await list({ deactivated: 'true', tab: 'ai-coworkers' }))).not.toContain(user.title);
  });

  it('S0-1 lists AI coworkers apart from all others', async () => {
    await tenant.aUser({ title: 'Bot', userType: 'ai-coworker' });
    await tenant.aUser({ title: 'Program', userType: 'api' });
    expect(titles(await list({ tab: 'ai-coworkers' }))).toEqual(['Bot']);
    expect(titles(await list({ tab: 'agents' }))).toContain('Program');
    expect(titles(await list())).not.toContain('Bot');
  });

  it('S0-4 is for who may read users, and refused to everybody else', async () => {
    const people = await peopleOf(tenant);
    const { token: blind } = await people.person(['settings:read']);
    expect(await list({}, blind)).toMatchObject({
      status: 403,
      body: { code: 'not_permitted', because: 'users:read' },
    });
    expect(await tenant.call('list-users', {})).toMatchObject({ status: 401 });
  });

  it('refuses a cursor of another list, of another filter, of another caller, and a bent one', async () => {
    const { next } = (await list({ limit: '1' })).body;
    const other = (await tenant.aSuperUser({ title: 'Zzz Other' })).token;
    for (const answer of [
      await list({ limit: '1', cursor: next, deactivated: 'true' }),
      await list({ limit: '1', cursor: next, sort: '-title' }),
      await list({ limit: '1', cursor: next, type: 'contact-center' }),
      await list({ limit: '1', cursor: next, search: 'a' }),
      await list({ limit: '1', cursor: next }, other),
      await list({ limit: '1', cursor: `${next.slice(0, -2)}AA` }),
      await list({ limit: '1', cursor: 'nonsense' }),
    ]) {
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_cursor' } });
    }
    expect(await list({ limit: '5', cursor: next })).toMatchObject({ status: 200 });
  });

  it('refuses limits out of range, values that do not exist and unknown parameters', async () => {
    const wrong: Record<string, string>[] = [
      { limit: '0' },
      { limit: '101' },
      { limit: 'x' },
      { deactivated: 'maybe' },
      { sort: 'access' },
      { type: 'robot' },
      { group: 'nonsense' },
      { search: '' },
      { search: 'x'.repeat(101) },
      { title: 'Jana' },
    ];
    for (const query of wrong) {
      expect([query, (await list(query)).body.code]).toEqual([query, 'invalid_input']);
    }
  });
});

describe('filters and orders of the list', () => {
  let own: TestTenant;
  let people: People;
  let stream: TestStream;
  const ask = async (query: Record<string, string>, by = people.root.token): Promise<string[]> => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const answer = await own.call('list-users', {
        token: by,
        query: { limit: '3', ...query, ...(cursor && { cursor }) },
      });
      expect([query, answer.status]).toEqual([query, 200]);
      seen.push(...titles(answer));
      cursor = answer.body.next;
    } while (cursor);
    return seen;
  };

  const userGroup = 'ugr_aaaaaaaaaaaa';
  const at = Date.parse('2026-03-01T10:00:00Z');

  beforeAll(async () => {
    own = await aTenant();
    people = await peopleOf(own);
    stream = await streamOf(own);
    const crowd: Partial<User>[] = [
      { title: 'Alfa', login: 'zulu', access: 'acc_agent', rights: 'rgt_own', lastSignInAt: at },
      { title: 'Bravo', login: 'yankee', roles: ['rol_auditor'], lastSignInAt: at + 3000 },
      { title: 'Charlie', login: 'xray', userType: 'back-office', secondFactor: 'email-otp', lastSignInAt: at + 1000 },
      { title: 'Delta', login: 'whiskey', superUser: true },
      { title: 'Echo', login: 'Victor', state: 'invited', userType: 'passive' },
      { title: 'Foxtrot', login: 'uniform', roles: ['rol_auditor'], access: 'acc_agent', lastSignInAt: at + 2000 },
      { title: 'Golf', login: 'tango', state: 'deactivated', roles: ['rol_auditor'] },
    ];
    for (const each of crowd) await own.aUser(each);
    await stream.deliver();
  });

  it.each([
    ['type', { type: 'back-office' }, ['Charlie']],
    ['state', { state: 'invited' }, ['Echo']],
    ['access', { access: 'acc_agent' }, ['Alfa', 'Foxtrot']],
    ['rights', { rights: 'rgt_own' }, ['Alfa']],
    ['role', { role: 'rol_auditor' }, ['Bravo', 'Foxtrot']],
    ['role, deactivated', { role: 'rol_auditor', deactivated: 'true' }, ['Golf']],
    ['role and access', { role: 'rol_auditor', access: 'acc_agent' }, ['Foxtrot']],
    ['role, backwards', { role: 'rol_auditor', sort: '-title' }, ['Foxtrot', 'Bravo']],
    ['second factor', { secondFactor: 'email-otp' }, ['Charlie']],
    ['SuperUsers', { superUser: 'true' }, ['Delta', 'Zzz Root']],
    ['all but SuperUsers', { superUser: 'false' }, ['Alfa', 'Bravo', 'Charlie', 'Echo', 'Foxtrot']],
    ['default user group', { userGroup: 'ugr_default', type: 'passive' }, ['Echo']],
    ['another user group', { userGroup }, []],
    ['search and type', { search: 'e', type: 'passive' }, ['Echo']],
    ['search and access', { search: 'al', access: 'acc_agent' }, ['Alfa']],
    ['search and another access', { search: 'al', access: 'acc_supervisor' }, []],
    ['search of deactivated', { search: 'golf', deactivated: 'true' }, ['Golf']],
    ['search, deactivated aside', { search: 'golf' }, []],
  ] as [string, Record<string, string>, string[]][])('S1-1 by %s', async (_what, query, expected) => {
    expect(await ask(query)).toEqual(expected);
  });

  it('S1-1 by login, both ways, case aside', async () => {
    const root = await own.call('get-user', { token: people.root.token, params: { userId: people.root.user.id } });
    expect(root.body.login).toMatch(/^agent-/);
    const byLogin = ['Zzz Root', 'Foxtrot', 'Echo', 'Delta', 'Charlie', 'Bravo', 'Alfa'];
    expect(await ask({ sort: 'login' })).toEqual(byLogin);
    expect(await ask({ sort: '-login' })).toEqual(byLogin.toReversed());
    expect(await ask({ sort: 'login', role: 'rol_auditor' })).toEqual(['Foxtrot', 'Bravo']);
  });

  it('S1-1 by last sign-in, both ways; who never signed in comes last in both', async () => {
    // The first SuperUser signed in when the test began, later than all of them.
    expect(await ask({ sort: 'lastSignIn' })).toEqual([
      'Alfa',
      'Charlie',
      'Foxtrot',
      'Bravo',
      'Zzz Root',
      'Delta',
      'Echo',
    ]);
    expect(await ask({ sort: '-lastSignIn' })).toEqual([
      'Zzz Root',
      'Bravo',
      'Foxtrot',
      'Charlie',
      'Alfa',
      'Delta',
      'Echo',
    ]);
  });

  it('shows the columns of everybody in each order', async () => {
    for (const sort of ['title', 'login', '-lastSignIn']) {
      const { body } = await own.call('list-users', { token: people.root.token, query: { sort } });
      expect(body.users.find(({ title }: { title: string }) => title === 'Foxtrot')).toEqual({
        id: expect.any(String),
        title: 'Foxtrot',
        type: 'contact-center',
        state: 'active',
        login: 'uniform',
        authEmail: expect.any(String),
        secondFactor: 'off',
        access: 'acc_agent',
        roles: ['rol_auditor'],
        superUser: false,
        userGroup: 'ugr_default',
        lastSignInAt: new Date(at + 2000).toISOString(),
      });
    }
  });

  it('S0-13 tells who may not see details nothing by a filter, an order or a search either', async () => {
    const few = await people.person(['users:read']);
    await stream.deliver();
    const closed = [
      ['access', 'acc_agent'],
      ['role', 'rol_auditor'],
      ['superUser', 'true'],
      ['sort', 'login'],
    ] as const;
    for (const [field, value] of closed) {
      const query = { [field]: value };
      const refused = await own.call('list-users', { token: few.token, query });
      expect(refused).toMatchObject({ status: 403, body: { code: 'not_permitted', because: 'users:read-details' } });
    }
    expect(await ask({ type: 'back-office' }, few.token)).toEqual(['Charlie']);
    expect(await ask({ search: 'xray' }, few.token)).toEqual([]);
    expect(await ask({ search: 'charl' }, few.token)).toEqual(['Charlie']);
    const { body } = await own.call('list-users', { token: few.token, query: { search: 'charl' } });
    expect(Object.keys(body.users[0]).sort()).toEqual(['id', 'state', 'title', 'type']);
  });

  it('S0-14 leaves out who is out of sight, however they are found', async () => {
    const passive = await people.rights({ users: { types: ['passive'] } });
    const named = await people.rights({ users: { rights: ['rgt_own'] } });
    const byType = await people.person(['users:read', 'users:read-details'], { title: 'Zzz One', rights: passive });
    const byRights = await people.person(['users:read', 'users:read-details'], { title: 'Zzz Two', rights: named });
    await stream.deliver();
    for (const sort of ['title', 'login', 'lastSignIn']) {
      expect((await ask({ sort }, byType.token)).sort()).toEqual(['Echo', 'Zzz One']);
      expect((await ask({ sort }, byRights.token)).sort()).toEqual(['Alfa', 'Zzz Two']);
    }
    expect(await ask({ role: 'rol_auditor' }, byType.token)).toEqual([]);
    for (const search of ['al', 'alfa', 'br', 'echo']) {
      expect(await ask({ search }, byType.token)).toEqual(search === 'echo' ? ['Echo'] : []);
    }
    expect(await ask({ search: 'alfa' }, byRights.token)).toEqual(['Alfa']);
    expect(await ask({ search: 'charlie' }, byRights.token)).toEqual([]);
  });
});
