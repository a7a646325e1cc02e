import { entriesOf } from '#domain/directory/entries.ts';
import { memberPartitions } from '#table/keys.ts';
import { allHolders, licensesRead, type Read } from './reading.ts';

interface Holder {
  id: string;
  title: string;
  licenses: { license: string; since: string; causes: { field: string; text: string; ids: object }[] }[];
}

const entriesIn = (tenant: Read['tenant'], license: string) => tenant.allOf(memberPartitions('license', license));

describe('S0-57 S0-58 who takes licenses', () => {
  it('says of each license since when and why, in words and as data', async () => {
    const { tenant, people, call, aHolder } = await licensesRead();
    const queues = await Promise.all([people.queue('voice'), people.queue('voice'), people.queue('email')]);
    const rights = await people.rights({ name: 'Sales', queues });
    const access = await people.access('users:read', 'crm:use');
    const role = await people.role(['quality:use']);
    const since = new Date(tenant.deps.now()).toISOString();
    const user = await aHolder({ rights, access, roles: [role], recording: 'from-call-start', title: 'Jana' });
    const [jana] = (await allHolders(call)).filter(({ id }: Holder) => id === user.id) as [Holder];
    expect(jana).toMatchObject({ title: 'Jana', type: 'contact-center', state: 'active' });
    expect(jana).not.toHaveProperty('login');
    const names = await Promise.all(queues.map(async (id) => nameOf(tenant, people.root.token, id)));
    const why = Object.fromEntries(jana.licenses.map(({ license, causes }) => [license, causes]));
    expect(why).toEqual({
      voice: [
        {
          field: 'rights',
          text: `rights Sales include queue ${names[0]} and 1 more`,
          ids: { rights, queue: queues[0], queues: 2 },
        },
      ],
      email: [
        {
          field: 'rights',
          text: `rights Sales include queue ${names[2]}`,
          ids: { rights, queue: queues[2], queues: 1 },
        },
      ],
      crm: [
        {
          field: 'access',
          text: expect.stringMatching(/^access Record \d+ holds crm:use$/),
          ids: { access, permission: 'crm:use' },
        },
      ],
      quality: [
        {
          field: 'roles',
          text: expect.stringMatching(/^role Record \d+ holds quality:use$/),
          ids: { role, permission: 'quality:use' },
        },
      ],
      'call-recording': [{ field: 'recording', text: 'calls are recorded', ids: {} }],
    });
    expect(jana.licenses.map((each) => each.since)).toEqual(jana.licenses.map(() => since));
  });

  it('S0-12 explains the one core license of who has no queue, and rights to all of them', async () => {
    const { call, aHolder } = await licensesRead();
    const bare = await aHolder();
    const all = await aHolder({ rights: 'rgt_everything' });
    const holders: Holder[] = await allHolders(call);
    const causesOf = (id: string, license: string) =>
      holders.find((each) => each.id === id)?.licenses.find((each) => each.license === license)?.causes;
    expect(causesOf(bare.id, 'voice')).toEqual([
      {
        field: 'type',
        text: 'type contact-center takes one channel at least, and the rights include no queue',
        ids: { type: 'contact-center' },
      },
    ]);
    expect(causesOf(all.id, 'chat')).toEqual([
      { field: 'rights', text: 'rights Everything include all queues', ids: { rights: 'rgt_everything' } },
    ]);
  });

  it('C2 marks what waits for the user’s sign-out', async () => {
    const { people, call, aHolder, tenant, stream } = await licensesRead();
    const rights = await people.rights({ name: 'Mail', queues: [await people.queue('email')] });
    const user = await aHolder();
    await tenant.signIn(user.login);
    expect((await people.change(user.id, { rights }, 'nextSignOut')).status).toBe(200);
    await stream.deliver();
    const [holder] = (await allHolders(call, { license: 'email' })) as [Holder];
    expect(holder).toMatchObject({
      id: user.id,
      licenses: [
        {
          license: 'email',
          causes: [{ field: 'rights', queued: true, text: expect.stringMatching(/, from their next sign-out on$/) }],
        },
      ],
    });
  });

  it('S0-58 is exactly those who take one, each once, by title, whatever the size of a page', async () => {
    const { tenant, call, aHolder } = await licensesRead();
    const made = [];
    for (let n = 0; n < 23; n++) made.push(await aHolder({ title: `Holder ${String((n * 7) % 23).padStart(2, '0')}` }));
    await aHolder({ userType: 'passive', title: 'Holder of none' });
    await aHolder({ title: 'Holder who is gone', state: 'deactivated' });
    const wanted = made.map(({ title }) => title).sort();
    for (const limit of ['1', '5', '23', '100']) {
      const holders: Holder[] = await allHolders(call, { limit });
      expect(holders.map(({ title }) => title)).toEqual(wanted);
    }
    expect((await allHolders(call, { license: 'back-office' })).length).toBe(0);
    expect((await allHolders(call, { license: 'voice', limit: '4' })).length).toBe(23);
    expect(tenant.logged.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('shows all users, also to who has nobody in sight; logins with users:read-details alone', async () => {
    const { tenant, people, call, aHolder } = await licensesRead();
    const user = await aHolder();
    const { token } = await people.person(['licenses:read'], { userType: 'passive', rights: 'rgt_own' });
    const blind = await tenant.call('list-license-users', { token });
    expect(blind.body.users.map(({ id }: Holder) => id)).toContain(user.id);
    const details = (await people.person(['licenses:read', 'users:read-details'], { userType: 'passive' })).token;
    const seen = (await tenant.call('list-license-users', { token: details })).body.users;
    expect(seen.find(({ id }: Holder) => id === user.id)).toMatchObject({ login: user.login });
    expect((await call('list-license-users')).body.users[0]).not.toHaveProperty('login');
  });

  it('S0-14 shows no login of who is out of sight, neither in the list nor in the export', async () => {
    const { tenant, people, aHolder } = await licensesRead();
    const [visible, hidden] = [await aHolder(), await aHolder()];
    const rights = await people.rights({ users: { ids: [visible.id] } });
    const permissions = ['licenses:read', 'users:read-details'] as const;
    const { token } = await people.person([...permissions], { userType: 'passive', rights });
    const { users } = (await tenant.call('list-license-users', { token })).body;
    const logins = Object.fromEntries(users.map(({ id, login }: { id: string; login?: string }) => [id, login]));
    expect(logins).toMatchObject({ [visible.id]: visible.login, [hidden.id]: undefined });
    const { body } = await tenant.call('export-license-usage', { token });
    expect(body).toContain(hidden.id);
    expect(body).toContain(`,${visible.login},`);
    expect(body).not.toContain(`,${hidden.login},`);
  });

  it('follows every change of what users take by the stream: made, moved, deactivated, restored', async () => {
    const { tenant, people, call, stream } = await licensesRead();
    const { token } = people.root;
    const ids = async (license?: string) =>
      ((await allHolders(call, license ? { license } : {})) as Holder[]).map(({ id }) => id);
    const body = { login: 'new', title: 'New', type: 'contact-center', authEmail: 'new@example.com', language: 'en' };
    const created = await tenant.call('create-user', {
      token,
      body: { ...body, access: 'acc_agent', rights: 'rgt_own' },
    });
    expect(created.status).toBe(201);
    const { id } = created.body;
    await stream.deliver();
    expect(await ids('voice')).toContain(id);
    expect(await ids()).toContain(id);

    const rights = await people.rights({ name: 'Mail', queues: [await people.queue('email')] });
    expect((await people.change(id, { rights })).status).toBe(200);
    await stream.deliver();
    expect(await ids('voice')).not.toContain(id);
    expect(await ids('email')).toEqual([id]);

    await tenant.call('deactivate-user', { token, params: { userId: id }, body: {} });
    // At once, however far the stream is: the index finds, the user says.
    expect(await ids('email')).toEqual([]);
    await stream.deliver();
    expect(await entriesIn(tenant, 'email')).toEqual([]);
    expect((await ids()).includes(id)).toBe(false);

    await tenant.call('restore-user', { token, params: { userId: id }, body: {} });
    await stream.deliver();
    expect(await ids('email')).toEqual([id]);
  });

  it('costs nothing more where other fields change', async () => {
    const { tenant, aHolder } = await licensesRead();
    const user = await aHolder();
    const other = { ...user, secondFactor: 'email-otp' as const, version: 2, language: 'cs', userGroup: 'ugr_x' };
    expect(entriesOf(other)).toEqual(entriesOf(user));
    expect(
      entriesOf(user)
        .filter(({ pk }) => pk.startsWith('MEMBERS#license'))
        .map(({ pk }) => pk.split('#')[2]),
    ).toEqual(['*', 'voice']);
    expect(await entriesIn(tenant, 'voice')).toHaveLength(1);
  });
});

describe('bad input to who takes licenses', () => {
  let read: Read;
  beforeAll(async () => {
    read = await licensesRead();
  });

  it.each(['list-license-users', 'export-license-usage'] as const)(
    '%s refuses a license that there is not, and says which there are',
    async (id) => {
      expect(await read.call(id, { query: { license: 'telepathy' } })).toMatchObject({
        status: 404,
        body: {
          code: 'license_not_found',
          detail: expect.stringContaining('call-recording'),
          errors: [{ pointer: '/query/license' }],
          because: 'telepathy',
        },
      });
      expect(await read.call(id, { query: { license: 'Voice!' } })).toMatchObject({
        status: 422,
        body: { code: 'invalid_input', errors: [{ pointer: '/query/license' }] },
      });
    },
  );

  it.each(['list-license-users', 'export-license-usage'] as const)(
    '%s refuses a cursor of another list',
    async (id) => {
      const { call, aHolder } = read;
      for (let n = 0; n < 3; n++) await aHolder();
      const { next } = (await call('list-license-users', { query: { license: 'voice', limit: '1' } })).body;
      expect(next).toEqual(expect.any(String));
      for (const cursor of [next, 'x']) {
        expect(await call(id, { query: { cursor } })).toMatchObject({ status: 400, body: { code: 'invalid_cursor' } });
      }
    },
  );

  it('refuses pages of none and of thousands', async () => {
    for (const limit of ['0', '101', '-1', '1.5', 'x']) {
      expect(await read.call('list-license-users', { query: { limit } })).toMatchObject({
        status: 422,
        body: { errors: [{ pointer: '/query/limit' }] },
      });
    }
  });
});

async function nameOf(tenant: Read['tenant'], token: string, queueId: string): Promise<string> {
  return (await tenant.call('get-queue', { token, params: { queueId } })).body.name;
}
