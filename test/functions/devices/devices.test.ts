import { deviceKinds } from '#contract/device-kinds.ts';
import { index } from '#domain/directory/index-user.ts';
import { type Device, shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import * as stored from '#domain/users/users.ts';
import { deviceLogOnKey } from '#table/keys.ts';
import { put } from '#table/write.ts';
import { entriesAbout, ifMatch, type People, peopleOf } from '#test/functions/users/people.ts';
import { agentGrants, aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let people: People;
let token: string;
beforeAll(async () => {
  tenant = await aTenant();
  people = await peopleOf(tenant);
  token = people.root.token;
});

const addresses = {
  sip: 'sip:desk-12@pbx.example.com',
  external: '+420601234567',
  teams: 'jana@example.com',
} as const;
let count = 0;
const create = (body: object, by = token) => tenant.call('create-device', { token: by, body });
const aDevice = async (values: object = {}): Promise<string> => {
  const { status, body } = await create({ name: `Device ${++count}`, kind: 'sip', address: addresses.sip, ...values });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body.id;
};
const read = (deviceId: string) => tenant.call('get-device', { token, params: { deviceId } });
const change = (deviceId: string, body: object, version = 1, by = token) =>
  tenant.call('change-device', { token: by, params: { deviceId }, body, headers: ifMatch(version) });
const drop = (deviceId: string, version = 1, by = token) =>
  tenant.call('delete-device', { token: by, params: { deviceId }, headers: ifMatch(version) });
const usersOf = (deviceId: string, by = token, query: Record<string, string> = {}) =>
  tenant.call('list-users-of-device', { token: by, params: { deviceId }, query });
const logIn = (userId: string, ...devices: string[]) =>
  tenant.call('put-device-log-on', { token, params: { userId }, body: { devices } });

/** Somebody who has these devices, and is found by them. */
async function owner(deviceIds: string[], values: object = {}) {
  const user = await tenant.aUser({ ...agentGrants, ...values });
  const devices = deviceIds.map((device) => ({ device, ringSeconds: 20 }));
  const answer = await people.change(user.id, { devices });
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  await index(tenant.deps, await stored.require(tenant.deps, user.id));
  return user;
}

describe('S1-25 S0-40 devices', () => {
  it('are SIP telephones, numbers outside, and users of Microsoft Teams', async () => {
    for (const kind of deviceKinds) {
      const body = { name: `Of ${kind}`, description: 'First floor', kind, address: addresses[kind] };
      const answer = await create(body);
      expect(answer).toMatchObject({ status: 201, body: { ...body, id: expect.stringMatching(/^dev_/), usedBy: 0 } });
      expect((await read(answer.body.id)).body).toEqual(answer.body);
      const { devices } = (await tenant.call('list-devices', { token })).body;
      expect(devices).toContainEqual(answer.body);
      const [entry, ...others] = await entriesAbout(tenant, answer.body.id);
      expect([entry?.event, others]).toEqual(['device.created', []]);
      expect(entry?.changes).toMatchObject({ address: { after: addresses[kind] } });
    }
  });

  it('keep a number outside with its +, however it was typed', async () => {
    const id = await aDevice({ kind: 'external', address: '00420 601 234 567' });
    expect((await read(id)).body).toMatchObject({ address: '+420601234567' });
    expect(await change(id, { address: '00421/901-234567' })).toMatchObject({ body: { address: '+421901234567' } });
  });

  it('have an address of their kind, or are refused with a pointer, the rule and an example', async () => {
    for (const kind of deviceKinds) {
      const [other] = deviceKinds.filter((each) => each !== kind);
      const address = addresses[other as keyof typeof addresses];
      const refused = {
        status: 422,
        body: {
          code: 'invalid_input',
          errors: [{ pointer: '/body/address' }],
          rule: 'S1-25',
          because: kind,
          remedy: expect.stringContaining(addresses[kind]),
        },
      };
      expect(await create({ name: `Wrong ${kind}`, kind, address })).toMatchObject(refused);
      const id = await aDevice({ kind, address: addresses[kind] });
      expect(await change(id, { address })).toMatchObject(refused);
      expect((await read(id)).body).toMatchObject({ address: addresses[kind], version: 1 });
    }
    expect(await create({ name: 'Of no kind', kind: 'fax', address: '1' })).toMatchObject({
      status: 422,
      body: { code: 'invalid_input', errors: [{ pointer: '/body/kind' }] },
    });
  });

  it('change their name, description and address, never their kind', async () => {
    const id = await aDevice({ description: 'Old' });
    const address = 'sips:desk-13@pbx.example.com:5061';
    const changed = await change(id, { name: 'Desk 13', description: null, address });
    expect(changed).toMatchObject({ status: 200, body: { name: 'Desk 13', kind: 'sip', address, version: 2 } });
    expect(changed.body).not.toHaveProperty('description');
    expect(await change(id, { kind: 'teams', address: addresses.teams }, 2)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/body/kind', detail: expect.stringContaining('create another device') }] },
    });
    expect(await change(id, {}, 2)).toMatchObject({ status: 422 });
    expect(await change(id, { name: 'Late' })).toMatchObject({ status: 412, body: { current: { version: 2 } } });
    expect(await tenant.call('change-device', { token, params: { deviceId: id }, body: { name: 'X' } })).toMatchObject({
      status: 428,
    });
    const [entry] = await entriesAbout(tenant, id, 'device.changed');
    expect(entry?.changes).toMatchObject({ address: { before: addresses.sip, after: address } });
  });

  it('have a name of their own: of several who want one at once, one gets it', async () => {
    const tries = ['Reception', 'RECEPTION', 'reception', 'Reception'].map((name) =>
      create({ name, kind: 'sip', address: addresses.sip }),
    );
    const answers = await Promise.all(tries);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 422, 422, 422]);
    const refused = answers.find(({ status }) => status === 422);
    expect(refused?.body).toMatchObject({ code: 'name_taken', errors: [{ pointer: '/body/name' }] });
    const id = answers.find(({ status }) => status === 201)?.body.id;
    expect(await change(await aDevice(), { name: 'reception' })).toMatchObject({ body: { code: 'name_taken' } });
    expect(await drop(id)).toMatchObject({ status: 204 });
    expect(await create({ name: 'Reception', kind: 'sip', address: addresses.sip })).toMatchObject({ status: 201 });
  });

  it('are five hundred at most', async () => {
    const full = await aTenant();
    const root = await full.aSuperUser();
    const device = (n: number): Device => ({
      type: 'device',
      ...records.fresh(full.deps, 'device'),
      name: `Device ${n}`,
      kind: 'sip',
      address: addresses.sip,
    });
    for (let n = 0; n < 499; n++) await full.deps.table.transact(records.creation(device(n)));
    const one = (name: string) =>
      full.call('create-device', { token: root.token, body: { name, kind: 'sip', address: addresses.sip } });
    expect(await one('The last one')).toMatchObject({ status: 201 });
    expect(await one('One more')).toMatchObject({ status: 409, body: { code: 'too_many_records', because: 500 } });
  });

  it('need their own permissions to be read and changed', async () => {
    const reader = await people.person(['devices:read', 'trunks:change']);
    const other = await people.person(['queues:read', 'users:read']);
    const id = await aDevice();
    expect(await tenant.call('list-devices', { token: reader.token })).toMatchObject({ status: 200 });
    expect(await usersOf(id, reader.token)).toMatchObject({ status: 200 });
    const answers = [
      await create({ name: 'Mine', kind: 'sip', address: addresses.sip }, reader.token),
      await change(id, { name: 'Mine' }, 1, reader.token),
      await drop(id, 1, reader.token),
      await tenant.call('list-devices', { token: other.token }),
      await usersOf(id, other.token),
    ];
    for (const answer of answers) expect(answer).toMatchObject({ status: 403, body: { code: 'not_permitted' } });
  });
});

describe('S0-41 S1-25 users of a device', () => {
  it('are listed page by page, those in sight alone', async () => {
    const id = await aDevice();
    const titles = ['Adam', 'Bela', 'Cyril'];
    for (const title of titles) await owner([id], { title, ...(title === 'Bela' && { userType: 'back-office' }) });
    await owner([await aDevice()], { title: 'Dora, of another device' });
    const listed = async (by: string) => {
      const first = (await usersOf(id, by, { limit: '2' })).body;
      const rest = first.next ? (await usersOf(id, by, { limit: '2', cursor: first.next })).body.users : [];
      return [...first.users, ...rest].map(({ title }: { title: string }) => title);
    };
    expect(await listed(token)).toEqual(titles);
    const rights = await people.rights({ users: { types: ['contact-center'] } });
    const narrow = await people.person(['devices:read'], { rights });
    expect(await listed(narrow.token)).toEqual(['Adam', 'Cyril']);
    expect((await read(id)).body.usedBy).toBe(3);
    expect(await usersOf('dev_000000000000')).toMatchObject({ status: 404, body: { code: 'record_not_found' } });
  });

  it('keep it from being deleted: the refusal names those in sight, and says how many', async () => {
    const id = await aDevice();
    const users = [
      await owner([id], { title: 'Emil' }),
      await owner([id], { title: 'Filip', userType: 'back-office' }),
    ];
    const refused = { status: 409, body: { code: 'record_in_use', because: 2, remedy: expect.any(String) } };
    const answer = await drop(id);
    expect(answer).toMatchObject(refused);
    expect(answer.body.detail).toContain('Emil, Filip');
    const rights = await people.rights({ users: { types: ['contact-center'] } });
    const narrow = await people.person(['devices:change'], { rights });
    const short = await drop(id, 1, narrow.token);
    expect(short).toMatchObject(refused);
    expect(short.body.detail).toContain('Emil');
    expect(short.body.detail).not.toContain('Filip');
    for (const user of users) expect(await people.change(user.id, { devices: [] })).toMatchObject({ status: 200 });
    expect(await drop(id)).toMatchObject({ status: 204 });
    expect(await read(id)).toMatchObject({ status: 404 });
    expect(await entriesAbout(tenant, id, 'device.deleted')).toHaveLength(1);
  });

  it('never have what is gone, however giving and deleting race', async () => {
    for (let round = 0; round < 5; round++) {
      const id = await aDevice();
      const users = await Promise.all(Array.from({ length: 4 }, () => tenant.aUser(agentGrants)));
      const [gone, ...given] = await Promise.all([
        drop(id),
        ...users.map((user) => people.change(user.id, { devices: [{ device: id }] })),
      ]);
      const having = given.filter(({ status }) => status === 200).length;
      for (const { status, body } of given) if (status !== 200) expect(body.code).toBe('prerequisites_missing');
      if (gone.status === 204) expect(having).toBe(0);
      else expect([gone.body.code, (await read(id)).body.usedBy]).toEqual(['record_in_use', having]);
    }
  });
});

describe('S1-25 S0-41 a device that somebody is logged in to', () => {
  it('is not deleted: the refusal says who, to whoever has them in sight, and how they are logged out', async () => {
    const id = await aDevice({ name: 'Hot desk' });
    const user = await tenant.aUser({ ...agentGrants, title: 'Gustav', userType: 'back-office' });
    expect(await logIn(user.id, id)).toMatchObject({ status: 200 });
    const answer = await drop(id);
    expect(answer).toMatchObject({
      status: 409,
      body: { code: 'record_in_use', rule: 'S1-25', because: user.id, remedy: expect.stringContaining(user.id) },
    });
    expect(answer.body.detail).toContain('Gustav is logged in to Hot desk');
    const rights = await people.rights({ users: { types: ['contact-center'] } });
    const narrow = await people.person(['devices:change'], { rights });
    const short = await drop(id, 1, narrow.token);
    expect(short).toMatchObject({ status: 409, body: { code: 'record_in_use', rule: 'S1-25', because: 'logged-in' } });
    expect(short.body.detail).toContain('Somebody is logged in');
    expect(JSON.stringify(short.body)).not.toMatch(new RegExp(`Gustav|${user.id}`));
    expect((await read(id)).status).toBe(200);
    expect(await logIn(user.id)).toMatchObject({ status: 200 });
    expect(await drop(id)).toMatchObject({ status: 204 });
  });

  it('is not deleted, either, when they log in between the look and the commit', async () => {
    const id = await aDevice();
    const user = await tenant.aUser(agentGrants);
    const { table } = tenant.deps;
    const original = table.until.bind(table);
    let overtook = false;
    table.until = (deadline) => {
      const bounded = original(deadline);
      const transact = bounded.transact.bind(bounded);
      bounded.transact = async (writes) => {
        if (!overtook) {
          overtook = true;
          expect(await logIn(user.id, id)).toMatchObject({ status: 200 });
        }
        return transact(writes);
      };
      return bounded;
    };
    const answer = await drop(id).finally(() => {
      table.until = original;
    });
    expect(overtook).toBe(true);
    expect(answer).toMatchObject({ status: 409, body: { code: 'record_in_use', rule: 'S1-25', because: 'logged-in' } });
    const [device] = await records.byIds(tenant.deps, [{ kind: 'device', id }]);
    expect((await read(id)).body).toEqual(device && shown(device));
  });

  it('is there: nobody is logged in to what is gone, however both race', async () => {
    for (let round = 0; round < 5; round++) {
      const id = await aDevice();
      const users = await Promise.all(Array.from({ length: 3 }, () => tenant.aUser(agentGrants)));
      const [gone, ...logged] = await Promise.all([drop(id), ...users.map((user) => logIn(user.id, id))]);
      const inIt = logged.filter(({ status }) => status === 200);
      const item = await tenant.read(deviceLogOnKey(id));
      if (gone.status === 204) {
        expect([inIt.length, item]).toEqual([0, undefined]);
        for (const { body } of logged) expect(body.code).toBe('record_not_found');
      } else {
        expect([gone.body.code, inIt.length]).toEqual(['record_in_use', 1]);
        expect(item?.userId).toBe(users[logged.indexOf(inIt[0] as (typeof logged)[number])]?.id);
      }
    }
  });

  it('goes with a log-on that was left behind by nobody who knows of it', async () => {
    const id = await aDevice();
    const userId = 'usr_000000000000000000000000';
    const left = { ...deviceLogOnKey(id), type: 'device-log-on', v: 1, userId, since: tenant.deps.now() };
    await tenant.deps.table.write(put(left));
    expect(await drop(id)).toMatchObject({ status: 204 });
    expect(await tenant.read(deviceLogOnKey(id))).toBeUndefined();
  });
});
