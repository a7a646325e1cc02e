import type { OperationId } from '#contract/operations.ts';
import { superUsersKey } from '#table/keys.ts';
import { entriesAbout, ifMatch, type People, peopleOf } from '#test/functions/users/people.ts';
import { deactivate } from '#test/setup/leaving.ts';
import { aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let people: People;
let strong: string;
let within: string;
/** Holds everything about users and records, but neither settings nor audit; content: queue A, passive users. */
let admin: Awaited<ReturnType<People['person']>>;
let narrow: string;
let wide: string;
let queueA: string;
let queueB: string;
beforeAll(async () => {
  tenant = await aTenant();
  people = await peopleOf(tenant);
  strong = await people.access('users:read', 'settings:change');
  within = await people.access('users:read');
  queueA = await people.queue();
  queueB = await people.queue();
  narrow = await people.rights({ queues: [queueA], users: { types: ['passive'] } });
  wide = await people.rights({ queues: [queueA, queueB], users: { types: ['passive'] } });
  admin = await people.person(
    [
      'users:read',
      'users:read-details',
      'users:create',
      'users:change',
      'users:deactivate',
      'accesses:read',
      'accesses:change',
      'rights:read',
      'rights:change',
      'roles:read',
      'roles:change',
    ],
    { rights: narrow },
  );
});

const passive = { userType: 'passive' as const };
let count = 0;
const newUser = (values: object) => {
  const login = `granted${++count}`;
  return {
    title: login,
    login,
    type: 'passive',
    authEmail: `${login}@example.com`,
    access: within,
    rights: narrow,
    ...values,
  };
};
const tooMuch = (pointer: string, because: string[]) => ({
  status: 403,
  body: { code: 'grants_too_much', rule: 'C12', because, errors: [{ pointer }], remedy: expect.any(String) },
});
const asAdmin = (operation: OperationId, options: object) => tenant.call(operation, { token: admin.token, ...options });

describe('C12 nobody grants more than they hold', () => {
  it('creating a user', async () => {
    const role = await people.role([], ['rol_auditor']);
    const create = (values: object) => asAdmin('create-user', { body: newUser(values) });
    expect(await create({ access: strong })).toMatchObject(tooMuch('/body/access', ['settings:change']));
    expect(await create({ rights: wide })).toMatchObject(tooMuch('/body/rights', ['queues']));
    expect(await create({ rights: 'rgt_everything' })).toMatchObject(
      tooMuch('/body/rights', ['queues', 'categories', 'groups', 'databases', 'users']),
    );
    expect(await create({ roles: ['rol_auditor'] })).toMatchObject(tooMuch('/body/roles/0', ['audit:read']));
    expect(await create({ roles: [role] })).toMatchObject(tooMuch('/body/roles/0', ['audit:read']));
    expect(await create({ type: 'back-office', superUser: true })).toMatchObject(
      tooMuch('/body/superUser', ['superUser']),
    );
    expect(await create({})).toMatchObject({ status: 201 });
  });

  it('changing a user, and oneself', async () => {
    const target = await tenant.aUser({ ...passive, access: within, rights: narrow });
    const attempts: [object, string, string[]][] = [
      [{ access: strong }, '/body/access', ['settings:change']],
      [{ rights: wide }, '/body/rights', ['queues']],
      [{ roles: ['rol_auditor'] }, '/body/roles/0', ['audit:read']],
      [{ superUser: true }, '/body/superUser', ['superUser']],
    ];
    for (const [body, pointer, lacking] of attempts) {
      for (const { id, when } of [{ id: target.id }, { id: admin.user.id, when: 'nextSignOut' }] as const) {
        if (pointer === '/body/superUser' && id === target.id) continue;
        const { version } = await people.now(id);
        const query = when ? { query: { when } } : {};
        expect(
          await asAdmin('change-user', { params: { userId: id }, body, ...query, headers: ifMatch(version) }),
        ).toMatchObject(tooMuch(pointer, lacking));
      }
    }
    expect(await people.now(target.id)).toMatchObject({ version: 1, access: within });
    expect(await entriesAbout(tenant, target.id)).toEqual([]);
  });

  it('creating and changing an access', async () => {
    const permissions = ['users:read', 'audit:read'];
    expect(await asAdmin('create-access', { body: { name: 'Above', permissions } })).toMatchObject(
      tooMuch('/body/permissions', ['audit:read']),
    );
    const edit = (accessId: string, body: object) =>
      asAdmin('change-access', { params: { accessId }, body, headers: ifMatch(1) });
    expect(await edit(within, { permissions })).toMatchObject(tooMuch('/body/permissions', ['audit:read']));
    // Nor does one weaken, rename or delete what is above oneself.
    for (const body of [{ permissions: [] }, { name: 'Mine' }]) {
      expect(await edit(strong, body)).toMatchObject(tooMuch('/path/accessId', ['settings:change']));
    }
    const unused = await people.access('audit:read');
    expect(await asAdmin('delete-access', { params: { accessId: unused }, headers: ifMatch(1) })).toMatchObject(
      tooMuch('/path/accessId', ['audit:read']),
    );
  });

  it('creating and changing a role, itself or by what it includes', async () => {
    const own = await people.role(['users:read']);
    const above = await people.role([], ['rol_auditor']);
    const refused = tooMuch('/body/permissions', ['audit:read']);
    expect(await asAdmin('create-role', { body: { name: 'A1', permissions: ['audit:read'] } })).toMatchObject(refused);
    expect(await asAdmin('create-role', { body: { name: 'A2', includes: [above] } })).toMatchObject(refused);
    const edit = (roleId: string, body: object) =>
      asAdmin('change-role', { params: { roleId }, body, headers: ifMatch(1) });
    expect(await edit(own, { permissions: ['audit:read'] })).toMatchObject(refused);
    expect(await edit(own, { includes: [above] })).toMatchObject(refused);
    expect(await edit(above, { includes: [] })).toMatchObject(tooMuch('/path/roleId', ['audit:read']));
    expect(await asAdmin('delete-role', { params: { roleId: above }, headers: ifMatch(1) })).toMatchObject(
      tooMuch('/path/roleId', ['audit:read']),
    );
    expect(await edit(own, { permissions: ['users:create'] })).toMatchObject({ status: 200 });
  });

  it('creating and changing rights: content and users in sight', async () => {
    const create = (body: object) => asAdmin('create-rights', { body: { name: `R${++count}`, ...body } });
    const queueC = await people.queue();
    expect(await create({ queues: 'all' })).toMatchObject(tooMuch('/body', ['queues']));
    expect(await create({ queues: [queueA, queueC], groups: ['G'] })).toMatchObject(
      tooMuch('/body', ['queues', 'groups']),
    );
    expect(await create({ users: 'all' })).toMatchObject(tooMuch('/body', ['users']));
    expect(await create({ users: { types: ['passive', 'api'] } })).toMatchObject(tooMuch('/body', ['users']));
    expect(await create({ users: { ids: [people.root.user.id] } })).toMatchObject(tooMuch('/body', ['users']));
    const made = await create({ queues: [queueA], users: { types: ['passive'] } });
    expect(made).toMatchObject({ status: 201 });
    const edit = (rightsId: string, body: object) =>
      asAdmin('change-rights', { params: { rightsId }, body, headers: ifMatch(1) });
    expect(await edit(made.body.id, { queues: [queueA, queueB] })).toMatchObject(tooMuch('/body', ['queues']));
    expect(await edit(narrow, { users: 'all' })).toMatchObject(tooMuch('/body', ['users']));
    expect(await edit(wide, { queues: [] })).toMatchObject(tooMuch('/path/rightsId', ['queues']));
    expect(await edit(made.body.id, { queues: [] })).toMatchObject({ status: 200 });
  });
});

describe('C12 nobody changes who holds more', () => {
  const paths: [OperationId, object][] = [
    ['change-user', { body: { authEmail: 'mine@example.com' }, headers: ifMatch(1) }],
    ['change-user', { body: { secondFactor: 'off' }, headers: ifMatch(1) }],
    ['change-user', { body: { title: 'Fool' }, headers: ifMatch(1) }],
    ['deactivate-user', { body: {} }],
    ['sign-out-user', {}],
    ['invite-user', {}],
  ];

  it.each(paths)('%s refuses an administrator who wants to have a SuperUser', async (operation, options) => {
    const boss = await tenant.aUser({ ...passive, superUser: true });
    expect(await asAdmin(operation, { params: { userId: boss.id }, ...options })).toMatchObject({
      status: 403,
      body: { code: 'outranked', rule: 'C12', because: 'superUser' },
    });
    expect(await entriesAbout(tenant, boss.id)).toEqual([]);
  });

  it.each(paths)(
    '%s refuses one who lacks a permission of the other, by access or by role',
    async (operation, options) => {
      for (const held of [{ access: strong }, { roles: ['rol_auditor'] }]) {
        const other = await tenant.aUser({ ...passive, ...held });
        expect(await asAdmin(operation, { params: { userId: other.id }, ...options })).toMatchObject({
          status: 403,
          body: { code: 'outranked', because: held.access ? ['settings:change'] : ['audit:read'] },
        });
      }
    },
  );

  it('C2 counts what waits for the other’s sign-out: who gets hold of the account would have it', async () => {
    const rising = await tenant.aUser({ ...passive, access: within, rights: narrow });
    await tenant.signIn(rising.login);
    expect(await people.change(rising.id, { access: strong }, 'nextSignOut')).toMatchObject({ status: 200 });
    const answer = await asAdmin('change-user', {
      params: { userId: rising.id },
      body: { authEmail: 'takeover@example.com' },
      headers: ifMatch(2),
    });
    expect(answer).toMatchObject({ status: 403, body: { code: 'outranked', because: ['settings:change'] } });
  });

  it('whose rights reach further, though their permissions are the same', async () => {
    const narrow = await people.rights({ queues: [queueA], users: { types: ['contact-center'] } });
    const weaker = await people.person(['users:change', 'users:read-details'], { rights: narrow });
    const stronger = await people.person(['users:change', 'users:read-details']);
    const answer = await tenant.call('change-user', {
      token: weaker.token,
      params: { userId: stronger.user.id },
      body: { authEmail: 'mine@example.com' },
      headers: ifMatch(1),
    });
    expect(answer).toMatchObject({ status: 403, body: { code: 'outranked', rule: 'C12' } });
    expect(answer.body.because).toEqual(expect.arrayContaining(['queues', 'users']));
  });

  it('nor takes back what somebody else has queued for them', async () => {
    const admin = await people.person(['users:change', 'users:read-details', 'settings:read']);
    const weaker = await people.access('users:change', 'users:read-details');
    await people.change(admin.user.id, { access: weaker }, 'nextSignOut');
    const cancel = (token: string) =>
      tenant.call('change-user', {
        token,
        params: { userId: admin.user.id },
        body: { queued: null },
        headers: ifMatch(2),
      });
    expect(await cancel(admin.token)).toMatchObject({ status: 403, body: { code: 'outranked' } });
    expect(await cancel(people.root.token)).toMatchObject({ status: 200 });
  });

  it('lets anybody with the permission change themselves and their equals', async () => {
    const equal = await tenant.aUser({ ...passive, access: admin.user.access as string, rights: narrow });
    const edit = async (userId: string) => {
      const headers = ifMatch((await people.now(userId)).version);
      return asAdmin('change-user', { params: { userId }, body: { title: 'Renamed' }, headers });
    };
    expect(await edit(equal.id)).toMatchObject({ status: 200 });
    expect(await edit(admin.user.id)).toMatchObject({ status: 200 });
    const two = [await tenant.aSuperUser(), await tenant.aSuperUser()];
    const options = { token: two[0]?.token as string, params: { userId: two[1]?.user.id as string } };
    expect(await tenant.call('sign-out-user', options)).toMatchObject({ status: 204 });
  });
});

describe('C12 what a granter loses while granting', () => {
  it('is never granted after the loss: the order of the entries tells', async () => {
    for (let round = 0; round < 20; round++) {
      const granter = await people.person(['users:read', 'users:change', 'audit:read']);
      const less = await people.access('users:read', 'users:change');
      const target = await tenant.aUser({ ...passive, access: within });
      const grant = () =>
        tenant.call('change-user', {
          token: granter.token,
          params: { userId: target.id },
          body: { roles: ['rol_auditor'] },
          headers: ifMatch(1),
        });
      const [granted, demoted] = await Promise.all([
        grant(),
        people.change(granter.user.id, { access: less }, 'signOutNow'),
      ]);
      expect(demoted.status).toBe(200);
      if (granted.status !== 200) expect([401, 403, 409]).toContain(granted.status);
      expect(await grant()).toMatchObject({ status: 401 });
      expect((await people.now(target.id)).roles ?? []).toEqual(granted.status === 200 ? ['rol_auditor'] : []);
    }
  });

  it('is not granted back to oneself by a request that was under way', async () => {
    const more = await people.role(['audit:read']);
    const granter = await people.person(['users:read', 'users:change'], { roles: [more] });
    const { version } = await people.now(granter.user.id);
    // The demotion commits between the moment when the caller is known and the moment when the user is read.
    const { table } = tenant.deps;
    const original = table.until.bind(table);
    let isPending = true;
    table.until = (deadline) => {
      const bounded = original(deadline);
      const get = bounded.get.bind(bounded);
      bounded.get = async (key, options) => {
        if (isPending) {
          isPending = false;
          expect(await people.change(granter.user.id, { roles: [] })).toMatchObject({ status: 200 });
        }
        return get(key, options);
      };
      return bounded;
    };
    const answer = await tenant.call('change-user', {
      token: granter.token,
      params: { userId: granter.user.id },
      body: { roles: [more] },
      headers: ifMatch(version + 1),
    });
    table.until = original;
    expect(isPending).toBe(false);
    expect(answer).toMatchObject({ status: 409, body: { code: 'caller_changed' } });
    expect((await people.now(granter.user.id)).roles).toEqual([]);
  });

  /** Runs the request, and something else just before that transaction of it. */
  async function meanwhile<T>(transaction: number, happens: () => Promise<void>, request: () => Promise<T>) {
    const { table } = tenant.deps;
    const original = table.until.bind(table);
    let count = 0;
    table.until = (deadline) => {
      const bounded = original(deadline);
      const attempt = bounded.attempt.bind(bounded);
      bounded.attempt = async (writes) => {
        table.until = original;
        if (++count === transaction) await happens();
        return attempt(writes);
      };
      return bounded;
    };
    const answer = await request();
    expect(count).toBeGreaterThanOrEqual(transaction);
    return answer;
  }

  /** An access that an agent has, and whose next edit takes seats of another license, which a job does. */
  async function editByJob() {
    const accessId = await people.access('users:read');
    await tenant.aUser({ access: accessId, rights: narrow });
    const edit = (token: string) =>
      tenant.call('change-access', {
        ...{ token, params: { accessId }, headers: ifMatch(1) },
        body: { permissions: ['users:read', 'crm:use'] },
      });
    const now = async () => (await tenant.call('get-access', { token: people.root.token, params: { accessId } })).body;
    return { accessId, edit, now };
  }
  /** The first transactions of a request whose edit a job brings about. */
  const [BEGINNING, SEATS, IN_FORCE] = [1, 2, 3];
  const jobsBegun = async () => (await tenant.jobs()).filter(({ kind }) => kind === 'move-licenses').length;
  const editor = () => people.person(['users:read', 'accesses:change', 'crm:use'], { userType: 'passive' });

  it.each([
    ['before the job is begun', BEGINNING, { access: 'acc_agent' }],
    ['while it takes seats', SEATS, { access: 'acc_agent' }],
    ['but for the permission to edit, while it takes seats', SEATS, { roles: ['rol_auditor'] }],
    ['as it comes into force', IN_FORCE, { access: 'acc_agent' }],
  ] as const)('is not granted by an edit that a job brings about: lost %s', async (_when, transaction, loss) => {
    const { accessId, edit, now } = await editByJob();
    const granter = await editor();
    const crm = await people.access('users:read', 'crm:use');
    const demote = async () => {
      const body = 'roles' in loss ? { ...loss, access: crm } : loss;
      expect(await people.change(granter.user.id, body, 'signOutNow')).toMatchObject({ status: 200 });
    };
    const begun = await jobsBegun();
    const answer = await meanwhile(transaction, demote, () => edit(granter.token));
    expect(answer).toMatchObject({ status: 409, body: { code: 'caller_changed' } });
    expect(await jobsBegun()).toBe(begun + (transaction === BEGINNING ? 0 : 1));
    expect(await now()).toMatchObject({ version: 1, permissions: ['users:read'] });
    expect(await entriesAbout(tenant, accessId, 'access.changed')).toEqual([]);
    expect((await edit(people.root.token)).status).toBe(200);
  });

  it('is not granted by a job whose API token was disabled, or whose owner was deactivated', async () => {
    for (const end of ['token', 'owner'] as const) {
      const { edit, now } = await editByJob();
      const granter = await editor();
      const params = { userId: granter.user.id };
      const { token } = people.root;
      const made = await tenant.call('create-token', { token, params, body: { title: 'Editing' } });
      const stop = async () => {
        const { status } =
          end === 'owner'
            ? await deactivate(tenant, token, granter.user.id)
            : await tenant.call('delete-token', { token, params: { ...params, tokenId: made.body.id } });
        expect([200, 204]).toContain(status);
      };
      const answer = await meanwhile(SEATS, stop, () => edit(made.body.value));
      expect(answer).toMatchObject({ status: 409, body: { code: 'caller_changed' } });
      expect(await now()).toMatchObject({ version: 1 });
    }
  });

  it('is granted by a job that moves the granter’s own seats, or beside another change of them', async () => {
    for (const transaction of [SEATS, IN_FORCE]) {
      const { accessId, edit, now } = await editByJob();
      const granter = await tenant.aSuperUser({ access: accessId, rights: narrow });
      const rename = async () => {
        expect(await people.change(granter.user.id, { title: 'Renamed' })).toMatchObject({ status: 200 });
      };
      const answer = await meanwhile(transaction, rename, () => edit(granter.token));
      expect({ status: answer.status, code: answer.body.code }).toEqual({ status: 200, code: undefined });
      expect(await now()).toMatchObject({ version: 2, permissions: ['users:read', 'crm:use'] });
    }
  });
});

describe('I6 C12 SuperUsers who unmake each other', () => {
  it('leave at least one, in each of 50 rounds', async () => {
    const own = await aTenant();
    const both = [await own.aSuperUser(), await own.aSuperUser()] as const;
    const read = async ({ token }: { token: string }, userId: string) =>
      (await own.call('get-user', { token, params: { userId } })).body;
    const versions: [number, number] = [1, 1];
    const set = (by: 0 | 1, whom: 0 | 1, superUser: boolean) =>
      own.call('change-user', {
        token: both[by].token,
        params: { userId: both[whom].user.id },
        body: { superUser },
        headers: ifMatch(versions[whom]),
      });
    for (let round = 0; round < 50; round++) {
      const answers = await Promise.all([set(0, 1, false), set(1, 0, false)]);
      const done = answers.filter(({ status }) => status === 200);
      expect(done.length).toBeLessThanOrEqual(1);
      const ids = (await own.read(superUsersKey))?.ids as Set<string>;
      expect(ids.size).toBe(2 - done.length);
      if (done.length === 0) continue;
      // Who is left makes the other one again.
      const left = ids.has(both[0].user.id) ? 0 : 1;
      const other = left === 0 ? 1 : 0;
      versions[other] = (await read(both[left], both[other].user.id)).version;
      expect(await set(left, other, true)).toMatchObject({ status: 200 });
      versions[other]++;
    }
  });

  it('cannot unmake the last one, not even themselves', async () => {
    const own = await aTenant();
    const { user, token } = await own.aSuperUser();
    for (const [operation, options] of [
      ['change-user', { body: { superUser: false }, headers: ifMatch(1) }],
      ['deactivate-user', { body: {} }],
    ] as const) {
      expect(await own.call(operation, { token, params: { userId: user.id }, ...options })).toMatchObject({
        status: 409,
        body: { code: 'last_superuser', rule: 'I6', remedy: expect.any(String) },
      });
    }
  });
});

describe('an edit by which the editor would lose a permission', () => {
  it('of an access is refused, and accepted with force', async () => {
    const { user, token } = await people.person(['accesses:read', 'accesses:change', 'users:read']);
    const edit = (query: Record<string, string>) =>
      tenant.call('change-access', {
        token,
        params: { accessId: user.access as string },
        query,
        body: { permissions: ['accesses:read', 'accesses:change'] },
        headers: ifMatch(1),
      });
    for (const query of [{}, { force: 'false' }] as Record<string, string>[]) {
      expect(await edit(query)).toMatchObject({
        status: 409,
        body: { code: 'would_lose_own_permission', because: ['users:read'], remedy: expect.stringContaining('force') },
      });
    }
    expect(await edit({ force: 'true' })).toMatchObject({ status: 200 });
    expect(await tenant.call('list-users', { token })).toMatchObject({ status: 403 });
  });

  it('of a role, or of one that it includes, is refused, and accepted with force', async () => {
    const inner = await people.role(['users:read']);
    const outer = await people.role([], [inner]);
    const { token } = await people.person(['roles:change'], { roles: [outer] });
    const edit = (roleId: string, body: object, query = {}) =>
      tenant.call('change-role', { token, params: { roleId }, query, body, headers: ifMatch(1) });
    const refused = { status: 409, body: { code: 'would_lose_own_permission', because: ['users:read'] } };
    expect(await edit(inner, { permissions: [] })).toMatchObject(refused);
    expect(await edit(outer, { includes: [] })).toMatchObject(refused);
    expect(await edit(outer, { includes: [] }, { force: 'true' })).toMatchObject({ status: 200 });
  });

  it('asks nothing of who holds it by another way as well', async () => {
    const role = await people.role(['users:read']);
    const { token } = await people.person(['roles:change', 'users:read'], { roles: [role] });
    const body = { permissions: [] };
    expect(
      await tenant.call('change-role', { token, params: { roleId: role }, body, headers: ifMatch(1) }),
    ).toMatchObject({
      status: 200,
    });
  });
});
