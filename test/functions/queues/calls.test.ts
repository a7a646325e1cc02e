import { channels } from '#contract/channels.ts';
import { index } from '#domain/directory/index-user.ts';
import * as stored from '#domain/users/users.ts';
import { recordKey } from '#table/keys.ts';
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

let count = 0;
const create = (body: object) =>
  tenant.call('create-queue', { token, body: { name: `Calls ${++count}`, channel: 'voice', ...body } });
const read = async (queueId: string) => (await tenant.call('get-queue', { token, params: { queueId } })).body;
const change = (queueId: string, body: object, version = 1) =>
  tenant.call('change-queue', { token, params: { queueId }, body, headers: ifMatch(version) });
const drop = (queueId: string, by = token) =>
  tenant.call('delete-queue', { token: by, params: { queueId }, headers: ifMatch(1) });

const said = {
  recording: 'after-bridged-with-transfer',
  recordingControl: true,
  outgoingNumbers: ['+420222333444', '+420222333445'],
};
const unsaid = { recording: 'off', recordingControl: false, outgoingNumbers: [] };

/** Somebody whose calls go there when they do not answer, and who is found by it. */
async function withTarget(target: string, values: object = {}) {
  const user = await tenant.aUser({ ...agentGrants, ...values });
  const answer = await people.change(user.id, { target });
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  await index(tenant.deps, await stored.require(tenant.deps, user.id));
  return user;
}

describe('S0-32 S0-37 S0-39 S1-22 what a queue says of its calls', () => {
  it('is recording, its control and numbers: as said, or else off, no and none', async () => {
    const full = await create({ ...said, outgoingNumbers: ['00420 222 333 444', '+420222333445'] });
    expect(full).toMatchObject({ status: 201, body: said });
    expect(await read(full.body.id)).toEqual(full.body);
    const plain = await create({});
    expect(plain).toMatchObject({ status: 201, body: unsaid });
    const { queues } = (await tenant.call('list-queues', { token })).body;
    expect(queues).toContainEqual(full.body);
    expect(queues).toContainEqual(plain.body);
    const [made] = await entriesAbout(tenant, full.body.id, 'queue.created');
    expect(made?.changes).toMatchObject({
      recording: { after: said.recording },
      outgoingNumbers: { after: said.outgoingNumbers },
    });
  });

  it('is shown of queues of before there were such fields, too', async () => {
    const { body } = await create({});
    // As 0.5 kept them: a queue says nothing of it in the table until somebody does.
    const kept = await tenant.read(recordKey('queue', body.id));
    for (const field of Object.keys(unsaid)) expect(kept).not.toHaveProperty(field);
    expect(await change(body.id, { name: 'Renamed' })).toMatchObject({ status: 200, body: unsaid });
    expect(await change(body.id, { name: 'Late' })).toMatchObject({ status: 412, body: { current: unsaid } });
  });

  it('is changed field by field, and the audit remembers from what', async () => {
    const { id } = (await create({})).body;
    expect(await change(id, { recording: 'from-call-start' })).toMatchObject({
      status: 200,
      body: { ...unsaid, recording: 'from-call-start', version: 2 },
    });
    expect(await change(id, { recordingControl: true, outgoingNumbers: ['+420222333446'] }, 2)).toMatchObject({
      status: 200,
      body: { recording: 'from-call-start', recordingControl: true, outgoingNumbers: ['+420222333446'] },
    });
    expect(await change(id, unsaid, 3)).toMatchObject({ status: 200, body: unsaid });
    const entries = await entriesAbout(tenant, id, 'queue.changed');
    const first = entries.find(({ changes }) => (changes as { version: { after: number } }).version.after === 2);
    expect(first?.changes).toMatchObject({ recording: { before: 'off', after: 'from-call-start' } });
  });

  it('is one of the ways of recording, and numbers with + or 00 and the country code', async () => {
    const { id } = (await create({})).body;
    for (const [field, value, pointer] of [
      ['recording', 'on', '/body/recording'],
      ['recordingControl', 'yes', '/body/recordingControl'],
      ['outgoingNumbers', ['217'], '/body/outgoingNumbers/0'],
      ['outgoingNumbers', ['+420222333444', '00420222333444'], '/body/outgoingNumbers'],
    ] as const) {
      const refused = { status: 422, body: { code: 'invalid_input', errors: [{ pointer }] } };
      expect(await create({ [field]: value })).toMatchObject(refused);
      expect(await change(id, { [field]: value })).toMatchObject(refused);
    }
  });

  it.each(channels.filter((channel) => channel !== 'voice'))(
    'is refused of a queue of channel %s, which has no calls, and not shown',
    async (channel) => {
      const refused = (...fields: string[]) => ({
        status: 422,
        body: {
          code: 'invalid_input',
          errors: fields.map((field) => ({ pointer: `/body/${field}` })),
          rule: 'S0-32',
          because: channel,
          remedy: expect.stringContaining('voice'),
        },
      });
      expect(await create({ channel, ...said })).toMatchObject(refused(...Object.keys(said)));
      const answer = await create({ channel });
      expect(answer.status).toBe(201);
      for (const [field, value] of Object.entries(said)) {
        expect(await create({ channel, [field]: value })).toMatchObject(refused(field));
        expect(await change(answer.body.id, { [field]: value })).toMatchObject(refused(field));
        expect(answer.body).not.toHaveProperty(field);
      }
      expect(await read(answer.body.id)).toMatchObject({ version: 1 });
    },
  );
});

describe('S0-43 a queue that is the target of users', () => {
  it('is not deleted: the refusal says of how many, and names those in sight', async () => {
    const { id } = (await create({ name: 'Fallback' })).body;
    const users = [
      await withTarget(id, { title: 'Hana' }),
      await withTarget(id, { title: 'Ivan', userType: 'back-office' }),
    ];
    const refused = {
      status: 409,
      body: { code: 'record_in_use', rule: 'S0-43', because: 2, remedy: expect.any(String) },
    };
    const answer = await drop(id);
    expect(answer).toMatchObject(refused);
    expect(answer.body.detail).toMatch(/Fallback is the target of 2 users.*Hana, Ivan/);
    const rights = await people.rights({ users: { types: ['contact-center'] } });
    const narrow = await people.person(['queues:change'], { rights });
    const short = await drop(id, narrow.token);
    expect(short).toMatchObject(refused);
    expect(short.body.detail).toContain('Hana');
    expect(short.body.detail).not.toContain('Ivan');
    expect(await people.change(users[0]?.id as string, { target: null })).toMatchObject({ status: 200 });
    expect(await drop(id)).toMatchObject({ status: 409, body: { because: 1 } });
    expect(await people.change(users[1]?.id as string, { target: null })).toMatchObject({ status: 200 });
    expect(await drop(id)).toMatchObject({ status: 204 });
  });

  it('is never gone while it is one, however choosing and deleting race', async () => {
    for (let round = 0; round < 5; round++) {
      const { id } = (await create({})).body;
      const users = await Promise.all(Array.from({ length: 4 }, () => tenant.aUser(agentGrants)));
      const [gone, ...chosen] = await Promise.all([
        drop(id),
        ...users.map((user) => people.change(user.id, { target: id })),
      ]);
      const having = chosen.filter(({ status }) => status === 200).length;
      if (gone.status === 204) expect(having).toBe(0);
      else expect([gone.body.code, having > 0]).toEqual(['record_in_use', true]);
      expect((await drop(id)).status).toBe(gone.status === 204 ? 404 : 409);
    }
  });
});
