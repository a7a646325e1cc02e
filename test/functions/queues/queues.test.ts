import { channels } from '#contract/channels.ts';
import * as definitions from '#domain/definitions/definitions.ts';
import { type Queue, rightsItem } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { recordKey } from '#table/keys.ts';
import { type Item, put } from '#table/write.ts';
import { entriesAbout, ifMatch, type People, peopleOf } from '#test/functions/users/people.ts';
import { aTenant, type Called, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let people: People;
let token: string;
beforeAll(async () => {
  tenant = await aTenant();
  people = await peopleOf(tenant);
  token = people.root.token;
});

const nothing = 'que_000000000000';
let count = 0;
const named = (body: object) => ({ name: `Named ${++count}`, ...body });
const queues = (n: number) => Promise.all(Array.from({ length: n }, () => people.queue()));
const read = async (queueId: string) => (await tenant.call('get-queue', { token, params: { queueId } })).body;
const namedBy = async (ids: readonly string[]): Promise<number[]> =>
  (await Promise.all(ids.map(read))).map((queue) => queue.namedBy);
const drop = (queueId: string, options: object = {}) =>
  tenant.call('delete-queue', { token, params: { queueId }, headers: ifMatch(1), ...options });
const createRights = (body: object, headers = {}) =>
  tenant.call('create-rights', { token, body: named(body), headers });
const changeRights = (rightsId: string, body: object, version = 1) =>
  tenant.call('change-rights', { token, params: { rightsId }, body, headers: ifMatch(version) });
const dropRights = (rightsId: string, version = 1) =>
  tenant.call('delete-rights', { token, params: { rightsId }, headers: ifMatch(version) });
const kept = async (rightsId: string) => rightsItem().parse(await tenant.read(recordKey('rights', rightsId)));

/** The request, with something done after all that it reads and before its commit. */
async function overtaken(request: () => Promise<Called>, meanwhile: () => Promise<void>): Promise<Called> {
  const { table } = tenant.deps;
  const original = table.until.bind(table);
  table.until = (deadline) => {
    const bounded = original(deadline);
    const transact = bounded.transact.bind(bounded);
    bounded.transact = async (writes) => {
      if (table.until !== original) {
        table.until = original;
        await meanwhile();
      }
      return transact(writes);
    };
    return bounded;
  };
  const answer = await request();
  expect(table.until).toBe(original);
  return answer;
}

describe('S0-14 queues', () => {
  it('are of one channel each, and need one', async () => {
    for (const channel of channels) {
      const answer = await tenant.call('create-queue', { token, body: { name: `Of ${channel}`, channel } });
      expect(answer).toMatchObject({ status: 201, body: { channel, namedBy: 0 } });
      expect(await read(answer.body.id)).toEqual(answer.body);
    }
    expect(await tenant.call('create-queue', { token, body: { name: 'Of none' } })).toMatchObject({
      status: 422,
      body: { code: 'invalid_input', errors: [{ pointer: '/body/channel' }] },
    });
  });

  it('keep their channel: a change that names another is refused, and says what to do instead', async () => {
    const id = await people.queue('email');
    const change = (body: object) =>
      tenant.call('change-queue', { token, params: { queueId: id }, body, headers: ifMatch(1) });
    for (const body of [{ channel: 'voice' }, { name: 'Calls', channel: 'voice' }]) {
      const answer = await change(body);
      expect(answer).toMatchObject({
        status: 422,
        body: { code: 'invalid_input', errors: [{ pointer: '/body/channel' }] },
      });
      expect(answer.body.errors[0].detail).toContain('create another queue');
    }
    expect(await read(id)).toMatchObject({ channel: 'email', version: 1 });
    expect(await entriesAbout(tenant, id)).toHaveLength(1);
    expect(await change({ name: 'Letters' })).toMatchObject({ status: 200, body: { channel: 'email' } });
  });

  it('say nothing of users: nobody has one', async () => {
    const id = await people.queue();
    expect(await read(id)).not.toHaveProperty('usedBy');
    const stale = await drop(id, { headers: ifMatch(7) });
    expect(stale).toMatchObject({ status: 412, body: { current: { id, namedBy: 0 } } });
    expect(stale.body.current).not.toHaveProperty('usedBy');
    const [made] = await entriesAbout(tenant, id, 'queue.created');
    expect(made?.changes).toMatchObject({ channel: { after: 'voice' } });
    expect(made?.changes).not.toHaveProperty('usedBy');
  });

  it('need their own permissions to be read and changed', async () => {
    const reader = await people.person(['queues:read', 'groups:change']);
    const other = await people.person(['groups:read', 'rights:change']);
    const id = await people.queue();
    const options = { token: reader.token, params: { queueId: id }, headers: ifMatch(1) };
    expect(await tenant.call('list-queues', { token: reader.token })).toMatchObject({ status: 200 });
    expect(await tenant.call('get-queue', options)).toMatchObject({ status: 200 });
    for (const answer of [
      await tenant.call('create-queue', { token: reader.token, body: { name: 'Mine', channel: 'sms' } }),
      await tenant.call('change-queue', { ...options, body: { name: 'Mine' } }),
      await tenant.call('delete-queue', options),
      await tenant.call('list-queues', { token: other.token }),
      await tenant.call('get-queue', { ...options, token: other.token }),
    ]) {
      expect(answer).toMatchObject({ status: 403, body: { code: 'not_permitted' } });
    }
  });

  it('are five hundred at most', async () => {
    const full = await aTenant();
    const root = await full.aSuperUser();
    const queue = (n: number): Queue => ({
      type: 'queue',
      ...records.fresh(full.deps, 'queue'),
      name: `Queue ${n}`,
      channel: 'voice',
      namedBy: 0,
    });
    for (let n = 0; n < 499; n++) await full.deps.table.transact(records.creation(queue(n)));
    const create = (name: string) => full.call('create-queue', { token: root.token, body: { name, channel: 'voice' } });
    expect(await create('The last one')).toMatchObject({ status: 201 });
    expect(await create('One more')).toMatchObject({
      status: 409,
      body: { code: 'too_many_records', because: 500, remedy: expect.any(String) },
    });
  });
});

describe('S0-5 S0-14 rights that name queues', () => {
  it('name those that exist: all that is missing, with the users that are, in one answer', async () => {
    const known = await queues(3);
    const users = { ids: ['usr_000000000000000000000000'] };
    const body = { queues: [...known, nothing, 'que_missing'], users };
    const expected = {
      status: 422,
      body: {
        code: 'prerequisites_missing',
        rule: 'S0-5',
        errors: [{ pointer: '/body/queues/3' }, { pointer: '/body/queues/4' }, { pointer: '/body/users/ids/0' }],
      },
    };
    expect(await createRights(body)).toMatchObject(expected);
    const id = await people.rights({ queues: known });
    expect(await changeRights(id, body)).toMatchObject(expected);
    expect(await namedBy(known)).toEqual([1, 1, 1]);
    expect(await entriesAbout(tenant, id)).toHaveLength(1);
  });

  it('are counted by the queues they name, and by no others', async () => {
    const [a, b, c] = (await queues(3)) as [string, string, string];
    const id = await people.rights({ queues: [a, b] });
    await people.rights({ queues: 'all' });
    const other = await people.rights({ queues: [b] });
    expect(await namedBy([a, b, c])).toEqual([1, 2, 0]);
    expect(await changeRights(id, { queues: [c, b] })).toMatchObject({ status: 200, body: { queues: [c, b] } });
    expect(await namedBy([a, b, c])).toEqual([0, 2, 1]);
    expect(await changeRights(id, { description: 'Same queues' }, 2)).toMatchObject({ status: 200 });
    expect(await changeRights(id, { queues: [a] }, 2)).toMatchObject({ status: 412 });
    expect(await namedBy([a, b, c])).toEqual([0, 2, 1]);
    expect(await changeRights(id, { queues: 'all' }, 3)).toMatchObject({ status: 200, body: { queues: 'all' } });
    expect(await namedBy([a, b, c])).toEqual([0, 1, 0]);
    expect(await dropRights(other)).toMatchObject({ status: 204 });
    expect(await namedBy([a, b, c])).toEqual([0, 0, 0]);
  });

  it('do not reset the count when the queue is renamed meanwhile', async () => {
    const id = await people.queue();
    const rename = () =>
      tenant.call('change-queue', { token, params: { queueId: id }, body: { name: 'Renamed' }, headers: ifMatch(1) });
    const made: Called[] = [];
    const renamed = await overtaken(rename, async () => {
      made.push(...(await Promise.all(Array.from({ length: 8 }, () => createRights({ queues: [id] })))));
    });
    expect([renamed, ...made].map(({ status }) => status)).toEqual([200, ...Array.from({ length: 8 }, () => 201)]);
    expect(await read(id)).toMatchObject({ name: 'Renamed', namedBy: 8 });
  });

  it('name sixty at most, each once', async () => {
    const many = [...(await queues(60)), nothing];
    const refused = { status: 422, body: { code: 'invalid_input', errors: [{ pointer: '/body/queues' }] } };
    const answer = await createRights({ queues: many });
    expect(answer).toMatchObject(refused);
    expect(answer.body.errors[0].detail).toContain('60');
    expect(await createRights({ queues: [many[0], many[0]] })).toMatchObject(refused);
    const id = await people.rights({});
    expect(await changeRights(id, { queues: many })).toMatchObject(refused);
    expect(await changeRights(id, { queues: many.slice(0, 60) })).toMatchObject({ status: 200 });
    expect(new Set(await namedBy(many.slice(0, 60)))).toEqual(new Set([1]));
  });

  it('are refused, not half kept, where they are more than one change can carry', async () => {
    const all = await queues(120);
    const others = await Promise.all(Array.from({ length: 21 }, () => people.rights({})));
    const first = all.slice(0, 60);
    const tooMany = (because: number) => ({
      status: 422,
      body: { code: 'invalid_input', because, errors: [{ pointer: '/body' }], remedy: expect.any(String) },
    });
    expect(await createRights({ queues: first, users: { rights: others } })).toMatchObject(tooMany(81));
    const users = { rights: others.slice(0, 20) };
    const { status, body } = await createRights({ queues: first, users }, { 'idempotency-key': 'as-many-as-fit' });
    expect(status).toBe(201);
    const swapped = await changeRights(body.id, { name: 'All anew', queues: all.slice(60) });
    expect(swapped).toMatchObject(tooMany(120));
    expect(swapped.body.remedy).toContain('after that');
    expect(await namedBy([all[0], all[60]] as string[])).toEqual([1, 0]);
    // 31 go and 31 come: one too many.
    expect(await changeRights(body.id, { name: 'Too much', queues: all.slice(31, 91) })).toMatchObject(tooMany(62));
    expect(await changeRights(body.id, { name: 'Half anew', queues: all.slice(30, 90) })).toMatchObject({
      status: 200,
    });
    expect(await namedBy([all[0], all[30], all[89]] as string[])).toEqual([0, 1, 1]);
    expect(await dropRights(body.id, 2)).toMatchObject({ status: 204 });
    expect(new Set(await namedBy(all))).toEqual(new Set([0]));
  });

  it('keep the queues they name: the refusal says how many, and which to whoever reads rights', async () => {
    const id = await people.queue();
    const [one, two] = [await createRights({ queues: [id] }), await createRights({ queues: [id] })] as [Called, Called];
    const refused = { status: 409, body: { code: 'record_in_use', rule: 'S0-5', because: 2 } };
    const answer = await drop(id);
    expect(answer).toMatchObject(refused);
    expect(answer.body.detail).toContain(one.body.name);
    expect(answer.body.detail).toContain(two.body.name);
    const narrow = await people.person(['queues:read', 'queues:change']);
    const short = await drop(id, { token: narrow.token });
    expect(short).toMatchObject(refused);
    expect(short.body.detail).not.toContain(one.body.name);
    expect(await entriesAbout(tenant, id, 'queue.deleted')).toHaveLength(0);
    expect(await changeRights(one.body.id, { queues: [] })).toMatchObject({ status: 200 });
    expect(await drop(id)).toMatchObject({ status: 409, body: { because: 1 } });
    expect(await dropRights(two.body.id)).toMatchObject({ status: 204 });
    expect(await drop(id)).toMatchObject({ status: 204 });
  });

  it('never name what is gone, however naming and deleting race', async () => {
    for (let round = 0; round < 20; round++) {
      const [id, staying] = (await queues(2)) as [string, string];
      const before = await people.rights({ queues: [staying] });
      const [gone, created, changed] = await Promise.all([
        drop(id),
        createRights({ queues: [staying, id] }),
        changeRights(before, { queues: [id, staying] }),
      ]);
      const naming = [created, changed].filter(({ status }) => status < 300);
      for (const { status, body } of [created, changed]) {
        if (status >= 300) expect(body.code).toBe('prerequisites_missing');
      }
      if (gone.status === 204) expect(naming).toEqual([]);
      else {
        expect([gone.status, gone.body.code]).toEqual([409, 'record_in_use']);
        expect((await read(id)).namedBy).toBe(naming.length);
      }
    }
  });

  it('are refused by the commit, too, when a queue went while they were made', async () => {
    const id = await people.queue();
    const answer = await overtaken(
      () => createRights({ queues: [id] }),
      async () => expect(await drop(id)).toMatchObject({ status: 204 }),
    );
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'prerequisites_missing', because: [id], errors: [{ pointer: '/body/queues' }] },
    });
  });
});

describe('S0-14 S0-15 channels of rights', () => {
  it('are those of the queues they name: the first of each, in the order given, and how many', async () => {
    const [calls, more, mail] = [await people.queue('voice'), await people.queue('voice'), await people.queue('email')];
    const id = await people.rights({ queues: [more, mail, calls] });
    expect((await kept(id)).channels).toEqual({
      voice: { queue: more, count: 2 },
      email: { queue: mail, count: 1 },
    });
    await changeRights(id, { queues: [calls, more] });
    expect((await kept(id)).channels).toEqual({ voice: { queue: calls, count: 2 } });
    await changeRights(id, { name: 'The same channels', users: 'all' }, 2);
    expect((await kept(id)).channels).toEqual({ voice: { queue: calls, count: 2 } });
    await changeRights(id, { queues: 'all' }, 3);
    expect((await kept(id)).channels).toEqual({});
    await changeRights(id, { queues: [mail] }, 4);
    expect((await kept(id)).channels).toEqual({ email: { queue: mail, count: 1 } });
    await changeRights(id, { queues: [] }, 5);
    expect((await kept(id)).channels).toEqual({});
  });

  it('are shown by no answer and in no entry', async () => {
    const { body } = await createRights({ queues: [await people.queue()] });
    const one = await tenant.call('get-rights', { token, params: { rightsId: body.id } });
    const { rights } = (await tenant.call('list-rights', { token })).body;
    const stale = await changeRights(body.id, { queues: [] }, 7);
    for (const shown of [body, one.body, ...rights, stale.body.current]) {
      expect(shown).toMatchObject({ queues: expect.anything() });
      expect(shown).not.toHaveProperty('channels');
    }
    await changeRights(body.id, { queues: [] });
    for (const { changes } of await entriesAbout(tenant, body.id)) {
      expect(changes).toHaveProperty('queues');
      expect(changes).not.toHaveProperty('channels');
    }
  });

  it('are none of rights of before there were queues, whose names name none', async () => {
    const { body } = await createRights({ queues: [] });
    const { channels: _channels, ...item } = (await tenant.read(recordKey('rights', body.id))) as Item;
    await tenant.deps.table.write(put({ ...item, ...recordKey('rights', body.id), queues: ['Inbound'] }));
    definitions.forget(tenant.deps);
    expect((await definitions.current(tenant.deps)).rights.get(body.id)).toMatchObject({ channels: {} });
    const rightsId = body.id;
    expect(await tenant.call('get-rights', { token, params: { rightsId } })).toMatchObject({
      status: 200,
      body: { queues: ['Inbound'] },
    });
    expect(await changeRights(rightsId, { description: 'Still there' })).toMatchObject({ status: 200 });
    expect(await changeRights(rightsId, { queues: ['Inbound'] }, 2)).toMatchObject({
      status: 422,
      body: { code: 'invalid_input', errors: [{ pointer: '/body/queues/0' }] },
    });
    expect(await changeRights(rightsId, { queues: [await people.queue('chat')] }, 2)).toMatchObject({ status: 200 });
    expect((await kept(rightsId)).channels).toMatchObject({ chat: { count: 1 } });
    expect(await dropRights(rightsId, 3)).toMatchObject({ status: 204 });
  });
});
