// What accesses, rights, roles, user groups, groups, skills, tags and queues have in common, shown for each of the eight.

import type { OperationId } from '#contract/operations.ts';
import { entriesOf } from '#domain/directory/entries.ts';
import * as records from '#domain/records/records.ts';
import type { User } from '#domain/users/user.ts';
import { put } from '#table/write.ts';
import { entriesAbout, ifMatch, type People, peopleOf } from '#test/functions/users/people.ts';
import { aTenant, type TestTenant } from '#test/setup/tenant.ts';

interface Kind {
  kind: 'access' | 'rights' | 'role' | 'user-group' | 'group' | 'skill' | 'tag' | 'queue';
  list: 'accesses' | 'rights' | 'roles' | 'user-groups' | 'groups' | 'skills' | 'tags' | 'queues';
  /** Where the list stands in the answer. */
  listed?: string;
  param: string;
  prefix: string;
  /** What a request must name beside the name. */
  least: object;
  /** A change of what it grants, and a value that it must not take. */
  change: object;
  wrong: [body: object, pointer: string][];
  /** As a user has it, and what takes it from them. Nobody has a queue: rights name it (queues.test.ts). */
  held?: (id: string) => Partial<User>;
  instead?: object;
}

const kinds: Kind[] = [
  {
    kind: 'access',
    list: 'accesses',
    param: 'accessId',
    prefix: 'acc',
    least: { permissions: ['users:read'] },
    change: { permissions: ['users:read', 'users:create'] },
    wrong: [
      [{ permissions: ['users:fly'] }, '/body/permissions/0'],
      [{ permissions: ['users:read', '__proto__'] }, '/body/permissions/1'],
      [{ permissions: ['constructor'] }, '/body/permissions/0'],
      [{ permissions: ['users:read', 'users:read'] }, '/body/permissions'],
      [{ permissions: 'users:read' }, '/body/permissions'],
      [{ 'permissions.0': 'users:read' }, '/body/permissions.0'],
    ],
    held: (id) => ({ access: id }),
    instead: { access: 'acc_agent' },
  },
  {
    kind: 'rights',
    list: 'rights',
    param: 'rightsId',
    prefix: 'rgt',
    least: {},
    change: { queues: ['que_sales'], users: { types: ['passive'] } },
    wrong: [
      [{ queues: [''] }, '/body/queues/0'],
      [{ queues: 'some' }, '/body/queues'],
      [{ queues: ['que_sales', 'Sales'] }, '/body/queues/1'],
      [{ queues: ['que_sales', 'que_sales'] }, '/body/queues'],
      [{ users: { types: 'passive' } }, '/body/users/types'],
      [{ users: { types: ['robot'] } }, '/body/users/types/0'],
      [{ users: { rights: ['rgt_own', 'rgt_own'] } }, '/body/users/rights'],
      [{ users: { ids: ['me'] } }, '/body/users/ids/0'],
      [{ users: { everybody: true } }, '/body/users/everybody'],
      [{ 'users.ids': [] }, '/body/users.ids'],
    ],
    held: (id) => ({ rights: id }),
    instead: { rights: 'rgt_own' },
  },
  {
    kind: 'role',
    list: 'roles',
    param: 'roleId',
    prefix: 'rol',
    least: {},
    change: { permissions: ['audit:read'] },
    wrong: [
      [{ permissions: ['users:fly'] }, '/body/permissions/0'],
      [{ permissions: ['toString'] }, '/body/permissions/0'],
      [{ includes: ['acc_agent'] }, '/body/includes/0'],
      [{ includes: 'rol_auditor' }, '/body/includes'],
      [{ 'includes.0': 'rol_auditor' }, '/body/includes.0'],
    ],
    held: (id) => ({ roles: [id] }),
    instead: { roles: [] },
  },
  {
    kind: 'user-group',
    list: 'user-groups',
    listed: 'userGroups',
    param: 'userGroupId',
    prefix: 'ugr',
    least: {},
    change: { language: 'cs', timeZone: 'Europe/Prague', sessionSeconds: 3600, allowedNetworks: ['192.0.2.0/24'] },
    wrong: [
      [{ language: 'not a language' }, '/body/language'],
      [{ timeZone: 'automatic' }, '/body/timeZone'],
      [{ timeZone: 'Mars/Phobos' }, '/body/timeZone'],
      [{ sessionSeconds: 59 }, '/body/sessionSeconds'],
      [{ maxSessions: 0 }, '/body/maxSessions'],
      [{ wrapUpSeconds: -1 }, '/body/wrapUpSeconds'],
      [{ resourceFilter: '' }, '/body/resourceFilter'],
      [{ allowedNetworks: ['192.0.2.0'] }, '/body/allowedNetworks/0'],
      [{ profiles: [] }, '/body/profiles'],
    ],
    held: (id) => ({ userGroup: id }),
    instead: { userGroup: 'ugr_default' },
  },
  {
    kind: 'group',
    list: 'groups',
    param: 'groupId',
    prefix: 'grp',
    least: {},
    change: {},
    wrong: [
      [{ description: '' }, '/body/description'],
      [{ description: 'x'.repeat(301) }, '/body/description'],
      [{ permissions: ['users:read'] }, '/body/permissions'],
    ],
    held: (id) => ({ groups: [id] }),
    instead: { groups: [] },
  },
  {
    kind: 'skill',
    list: 'skills',
    param: 'skillId',
    prefix: 'skl',
    least: {},
    change: {},
    wrong: [
      [{ description: '' }, '/body/description'],
      [{ description: 'x'.repeat(301) }, '/body/description'],
      [{ permissions: ['users:read'] }, '/body/permissions'],
    ],
    held: (id) => ({ skills: [{ skill: id, level: 5 }] }),
    instead: { skills: [] },
  },
  {
    kind: 'tag',
    list: 'tags',
    param: 'tagId',
    prefix: 'tag',
    least: {},
    change: {},
    wrong: [
      [{ description: '' }, '/body/description'],
      [{ description: 'x'.repeat(301) }, '/body/description'],
      [{ permissions: ['users:read'] }, '/body/permissions'],
    ],
    held: (id) => ({ tags: [id] }),
    instead: { tags: [] },
  },
  {
    kind: 'queue',
    list: 'queues',
    param: 'queueId',
    prefix: 'que',
    least: { channel: 'voice' },
    change: {},
    wrong: [
      [{ channel: 'fax' }, '/body/channel'],
      [{ channel: ['voice'] }, '/body/channel'],
      [{ namedBy: 7 }, '/body/namedBy'],
      [{ description: '' }, '/body/description'],
    ],
  },
];

/** As the stream would. */
const indexed = (user: User) => tenant.deps.table.transact(entriesOf(user).map((entry) => put(entry)));

/** Users move to another user group by a request of its own. */
const given = async (userId: string, values: object) =>
  'userGroup' in values
    ? tenant.call('move-user', { token, params: { userId }, body: values })
    : people.change(userId, values);

let tenant: TestTenant;
let people: People;
let token: string;
beforeAll(async () => {
  tenant = await aTenant();
  people = await peopleOf(tenant);
  token = people.root.token;
  const common = { v: 1 as const, version: 1, usedBy: 0, namedBy: 0, updatedAt: 0 };
  const sales = { type: 'queue' as const, id: 'que_sales', name: 'Sales', channel: 'voice' as const, ...common };
  await tenant.deps.table.transact(records.creation(sales));
});

describe.each(kinds)('S0-3 S0-13 S0-14 S1-29 S3-2 S4-24 records: $kind', (each) => {
  const { kind, list, listed = list, param, prefix, least, change, wrong, held, instead } = each;
  const counted = kind === 'queue' ? { namedBy: 0 } : { usedBy: 0 };
  const nobody = `${prefix}_000000000000`;
  const create = (body: object) => tenant.call(`create-${kind}` as OperationId, { token, body });
  const read = (id: string) => tenant.call(`get-${kind}` as OperationId, { token, params: { [param]: id } });
  const edit = (id: string, body: object, version?: number) =>
    tenant.call(`change-${kind}` as OperationId, {
      token,
      params: { [param]: id },
      body,
      ...(version !== undefined && { headers: ifMatch(version) }),
    });
  const drop = (id: string, version?: number) =>
    tenant.call(`delete-${kind}` as OperationId, {
      token,
      params: { [param]: id },
      ...(version !== undefined && { headers: ifMatch(version) }),
    });
  const names = async (): Promise<string[]> =>
    (await tenant.call(`list-${list}` as OperationId, { token })).body[listed].map(
      ({ name }: { name: string }) => name,
    );
  const made = async (name: string, body: object = {}) => (await create({ name, ...least, ...body })).body;

  it('are created, read, listed by name, changed and deleted, each with one entry before and after', async () => {
    const created = await create({ name: ' Škola ', description: 'For new ones', ...least });
    expect(created).toMatchObject({
      status: 201,
      headers: { etag: '"1"' },
      body: { name: 'Škola', description: 'For new ones', version: 1, ...counted },
    });
    const { id } = created.body;
    expect(id).toMatch(new RegExp(`^${prefix}_[0-9a-f]{12}$`));
    expect(await read(id)).toMatchObject({ status: 200, body: created.body, headers: { etag: '"1"' } });
    expect(await names()).toEqual([...(await names())].sort((a, b) => a.localeCompare(b)));
    expect(await names()).toContain('Škola');

    tenant.advance(60);
    const changed = await edit(id, { name: 'Academy', description: null, ...change }, 1);
    expect(changed).toMatchObject({
      status: 200,
      headers: { etag: '"2"' },
      body: { name: 'Academy', version: 2, ...change },
    });
    expect(changed.body).not.toHaveProperty('description');
    expect(changed.body.updatedAt).not.toBe(created.body.updatedAt);
    expect((await read(id)).body).toEqual(changed.body);

    expect(await drop(id, 2)).toMatchObject({ status: 204, body: null });
    expect(await read(id)).toMatchObject({ status: 404, body: { code: 'record_not_found' } });
    expect(await names()).not.toContain('Academy');

    const entries = await entriesAbout(tenant, id);
    expect(entries.map(({ event }) => event).sort()).toEqual([`${kind}.changed`, `${kind}.created`, `${kind}.deleted`]);
    const changes = (event: string) => entries.find((entry) => entry.event === `${kind}.${event}`)?.changes;
    expect(changes('created')).toMatchObject({ name: { after: 'Škola' } });
    expect(changes('changed')).toMatchObject({
      name: { before: 'Škola', after: 'Academy' },
      description: { before: 'For new ones' },
    });
    expect(changes('deleted')).toMatchObject({ name: { before: 'Academy' } });
    expect(changes('deleted')).not.toHaveProperty('name.after');
  });

  it('change and go only against the version that was seen, and a refusal leaves no entry', async () => {
    const { id } = await made('Versions');
    expect(await edit(id, { name: 'Other' })).toMatchObject({ status: 428, body: { code: 'version_missing' } });
    expect(await drop(id)).toMatchObject({ status: 428, body: { code: 'version_missing' } });
    expect(await edit(id, { name: 'Other' }, 2)).toMatchObject({
      status: 412,
      body: { code: 'version_stale', because: 1, current: (await read(id)).body },
    });
    expect(await drop(id, 2)).toMatchObject({ status: 412, body: { code: 'version_stale', because: 1 } });
    expect(await edit(id, {}, 1)).toMatchObject({ status: 422, body: { code: 'invalid_input' } });
    expect(await entriesAbout(tenant, id)).toHaveLength(1);
    expect((await read(id)).body).toMatchObject({ name: 'Versions', version: 1 });
  });

  it('lose no update to 20 parallel ones: one wins, the others are told', async () => {
    const { id } = await made('Contested');
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => edit(id, { name: `Contested ${n}` }, 1)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 412)).toHaveLength(19);
    expect(await entriesAbout(tenant, id, `${kind}.changed`)).toHaveLength(1);
    expect((await names()).filter((name) => name.startsWith('Contested'))).toHaveLength(1);
  });

  it('that do not exist are not found, whichever version is named', async () => {
    for (const answer of [await read(nobody), await edit(nobody, { name: 'X' }, 1), await drop(nobody, 1)]) {
      expect(answer).toMatchObject({ status: 404, body: { code: 'record_not_found' } });
    }
    expect(await read('nonsense')).toMatchObject({ status: 422, body: { errors: [{ pointer: `/path/${param}` }] } });
  });

  it('have a name of their own, case and width aside', async () => {
    await made('Straße');
    const { id } = await made('Other road');
    for (const name of ['straße', 'STRASSE', ' Straße ', 'Ｓtraße']) {
      for (const answer of [await create({ name, ...least }), await edit(id, { name }, 1)]) {
        expect(answer).toMatchObject({
          status: 422,
          body: { code: 'name_taken', errors: [{ pointer: '/body/name' }] },
        });
      }
    }
    expect(await entriesAbout(tenant, id)).toHaveLength(1);
    expect(await edit(id, { name: 'OTHER ROAD' }, 1)).toMatchObject({ status: 200, body: { name: 'OTHER ROAD' } });
  });

  it('give a name free when they are renamed or deleted', async () => {
    const { id } = await made('Passing');
    await edit(id, { name: 'Passing on' }, 1);
    expect(await create({ name: 'passing', ...least })).toMatchObject({ status: 201 });
    await drop(id, 2);
    expect(await create({ name: 'PASSING ON', ...least })).toMatchObject({ status: 201 });
  });

  it('are one after 20 parallel creates of one name in as many spellings', async () => {
    const spelled = (n: number) => [...'crowded'].map((c, i) => ((n >> (i % 5)) & 1 ? c.toUpperCase() : c)).join('');
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => create({ name: spelled(n), ...least })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.code === 'name_taken')).toHaveLength(19);
    expect((await names()).filter((name) => name.toLowerCase() === 'crowded')).toHaveLength(1);
  });

  it('refuse what they cannot hold, with a pointer to it', async () => {
    const { id } = await made('Correct');
    const common: [object, string][] = [
      [{ name: '' }, '/body/name'],
      [{ name: '   ' }, '/body/name'],
      [{ name: 'a\nb' }, '/body/name'],
      [{ name: 'x'.repeat(61) }, '/body/name'],
      [{ name: 7 }, '/body/name'],
      [{ usedBy: 7 }, '/body/usedBy'],
      [{ id: nobody }, '/body/id'],
    ];
    for (const [body, pointer] of [...common, ...wrong]) {
      const refused = {
        status: 422,
        body: { code: 'invalid_input', errors: expect.arrayContaining([expect.objectContaining({ pointer })]) },
      };
      expect(await create({ name: 'Never', ...least, ...body })).toMatchObject(refused);
      expect(await edit(id, body, 1)).toMatchObject(refused);
    }
    expect(await names()).not.toContain('Never');
  });

  it('take no key that JavaScript knows better, and no name is too strange', async () => {
    const rawBody = `{"name":"Proto","__proto__":{"usedBy":7},${JSON.stringify(least).slice(1)}`.replace(',}', '}');
    expect(await tenant.call(`create-${kind}` as OperationId, { token, rawBody })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/body/__proto__' }] },
    });
    for (const name of ['__proto__', 'constructor', 'a.b#c%d/e', '🎧']) {
      expect(await create({ name, ...least })).toMatchObject({ status: 201, body: { name, ...counted } });
    }
  });

  it('share a name with other kinds', async () => {
    const answers = await Promise.all(
      kinds.map((each) =>
        tenant.call(`create-${each.kind}` as OperationId, {
          token,
          body: { name: `Shared by ${kind}`, ...each.least },
        }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(kinds.map(() => 201));
  });

  const heldBy = held;
  if (!heldBy || !instead) return;
  it('S0-3 are not deleted while somebody has them: who, and what would lift it', async () => {
    const { id } = await made('Held');
    const user = await tenant.aUser({ title: `Holder of ${kind}`, ...heldBy(id) });
    await indexed(user);
    const refused = await drop(id, 1);
    expect(refused).toMatchObject({ status: 409, body: { code: 'record_in_use', rule: 'S0-5', because: 1 } });
    expect(refused.body.detail).toContain(`Holder of ${kind}`);
    expect(refused.body.remedy).toBeTruthy();
    expect(await entriesAbout(tenant, id, `${kind}.deleted`)).toHaveLength(0);
    expect(await given(user.id, instead)).toMatchObject({ status: 200 });
    expect(await drop(id, 1)).toMatchObject({ status: 204 });
  });
});
