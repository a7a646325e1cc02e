import { fieldMatrix } from '#contract/user-types.ts';
import { entriesAbout, type People, peopleOf } from '#test/functions/users/people.ts';
import { agentGrants, aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let people: People;
let token: string;
let device: string;
let other: string;
beforeAll(async () => {
  tenant = await aTenant();
  people = await peopleOf(tenant);
  token = people.root.token;
  [device, other] = [await people.device(), await people.device()];
});

let count = 0;
const create = (values: object = {}) => {
  const login = `tess-${++count}`;
  const body = { type: 'contact-center', title: 'Tess', login, authEmail: `${login}@example.com`, ...agentGrants };
  return tenant.call('create-user', { token, body: { ...body, ...values } });
};
const anAgent = async (values: object = {}): Promise<string> => (await create(values)).body.id;
const usedBy = async (deviceId: string): Promise<number> =>
  (await tenant.call('get-device', { token, params: { deviceId } })).body.usedBy;
const pointersOf = ({ body }: { body: { errors: { pointer: string }[] } }) => body.errors.map(({ pointer }) => pointer);

const settings = () => ({
  recordingControl: true,
  staticLogin: true,
  forwarding: '+420601234567',
  target: '+420601234568',
  devices: [{ device, delaySeconds: 5, ringSeconds: 20 }],
  outgoingNumbers: ['+420212345678', '+420212345679'],
  callerName: 'Acme sales',
  sipOption: 'webrtc',
  autoDial: true,
  predictiveQueue: true,
  predictiveRatio: 2.5,
  predictiveSorting: 'weight',
});
const fields = Object.keys(settings()) as (keyof ReturnType<typeof settings>)[];

describe('S0-31 S0-37 S0-38 S0-39 S0-41 S0-43 S1-20 C10 S4-13 S4-14 S4-15 S4-16 telephony settings of a user', () => {
  it('are given when the user is created, and shown to who sees details', async () => {
    const { status, body } = await create(settings());
    expect(status).toBe(201);
    expect(body).toMatchObject(settings());
    expect(await people.now(body.id)).toMatchObject(settings());
    const { token: agent } = await people.person(['users:read']);
    const seen = (await tenant.call('get-user', { token: agent, params: { userId: body.id } })).body;
    for (const field of fields) expect(seen).not.toHaveProperty(field);
  });

  it.each(fields)('%s is changed alone, taken away, and told in the audit and the history', async (field) => {
    const id = await anAgent();
    const value = settings()[field];
    expect(await people.change(id, { [field]: value })).toMatchObject({ status: 200, body: { [field]: value } });
    expect((await people.now(id))[field]).toEqual(value);
    tenant.advance(1);
    const none = field === 'devices' ? [] : null;
    const taken = await people.change(id, { [field]: none });
    expect(taken.status).toBe(200);
    expect(taken.body).not.toHaveProperty(field);
    const entries = (await entriesAbout(tenant, id, 'user.changed')).sort((a, b) => Number(a.at) - Number(b.at));
    expect(entries).toMatchObject([
      { changes: { [field]: { after: value } } },
      { changes: { [field]: { before: value } } },
    ]);
    const history = await tenant.call('get-user-history', { token, params: { userId: id }, query: { field } });
    expect(history.body.changes).toMatchObject([
      { field, before: value },
      { field, after: value },
    ]);
  });

  it('stay as they were when another of them is changed', async () => {
    const id = await anAgent(settings());
    await people.change(id, { alias: 'Tess' });
    await people.change(id, { callerName: 'Acme' });
    await people.change(id, { target: null });
    const { target: _target, ...others } = settings();
    expect(await people.now(id)).toMatchObject({ ...others, callerName: 'Acme', alias: 'Tess' });
  });

  it('are shown to the user as their own', async () => {
    const id = await anAgent({ ...settings(), password: 'under the old bridge' });
    const user = await tenant.aUser({ ...agentGrants, forwarding: '+420601234567', devices: settings().devices });
    const me = await tenant.call('get-me', { token: await tenant.signIn(user.login) });
    expect(me.body.user).toMatchObject({ forwarding: '+420601234567', devices: settings().devices });
    expect(await people.now(id)).toMatchObject({ staticLogin: true });
  });

  it('C18 say nothing of who takes no calls, and whether calls are recorded of who does', async () => {
    const says = await people.now(await anAgent());
    expect(says).toMatchObject({ recording: 'off', extension: 'dynamic' });
    const silent = await people.now((await tenant.aUser({ userType: 'passive' })).id);
    for (const field of ['recording', 'extension', ...fields]) expect(silent).not.toHaveProperty(field);
    const ofCalls = Object.entries(fieldMatrix()).filter(([field]) => (fields as string[]).includes(field));
    expect(ofCalls).toHaveLength(fields.length);
    for (const [, row] of ofCalls) expect([row.passive, row.system, row.api]).toEqual(['no', 'no', 'no']);
  });

  it('S1-22 C21 many numbers, one name: numbers with 00 are kept with +', async () => {
    const id = await anAgent({ outgoingNumbers: ['00420 212 345 678', '+420 (212) 345-679'] });
    expect((await people.now(id)).outgoingNumbers).toEqual(['+420212345678', '+420212345679']);
  });

  it('S1-21 K4 a static login is not signed out for doing nothing, until its session ends', async () => {
    const later = await aTenant({ idleMinutes: 60, sessionSeconds: 43_200 });
    const [fixed, plain] = [await later.aUser({ staticLogin: true }), await later.aUser()];
    const [own, others] = [await later.signIn(fixed.login), await later.signIn(plain.login)];
    const asks = async (session: string) => (await later.call('get-me', { token: session })).status;
    later.advance(61 * 60);
    expect([await asks(own), await asks(others)]).toEqual([200, 401]);
    later.advance(43_200 - 61 * 60);
    expect(await asks(own)).toBe(401);
  });
});

describe('S0-42 S1-25 S1-26 C9 when devices ring', () => {
  it('each has a delay and a duration, and as many turns as do not overlap', async () => {
    const devices = [
      { device, delaySeconds: 0, ringSeconds: 20 },
      { device: other, delaySeconds: 10, ringSeconds: 600 },
      { device, delaySeconds: 20, ringSeconds: 10 },
    ];
    const id = await anAgent({ devices });
    expect((await people.now(id)).devices).toEqual(devices);
    expect((await people.change(id, { devices: [{ device }] })).body.devices).toEqual([
      { device, delaySeconds: 0, ringSeconds: 30 },
    ]);
  });

  it('counts who has a device once, however often it rings', async () => {
    const mine = await people.device();
    const turns = [0, 60].map((delaySeconds) => ({ device: mine, delaySeconds, ringSeconds: 30 }));
    const id = await anAgent({ devices: turns });
    expect(await usedBy(mine)).toBe(1);
    await people.change(id, { devices: turns.slice(1) });
    expect(await usedBy(mine)).toBe(1);
    await people.change(id, { devices: [] });
    expect(await usedBy(mine)).toBe(0);
  });

  const turn = (values: object) => ({ device, delaySeconds: 0, ringSeconds: 30, ...values });
  it.each([
    ['overlap on one device', () => [turn({}), turn({ delaySeconds: 29 })], '/body/devices/1'],
    [
      'of which one is within the other',
      () => [turn({ ringSeconds: 90 }), turn({ delaySeconds: 30 })],
      '/body/devices/1',
    ],
    ['of no length', () => [turn({ ringSeconds: 0 })], '/body/devices/0/ringSeconds'],
    ['of a negative delay', () => [turn({ delaySeconds: -1 })], '/body/devices/0/delaySeconds'],
    ['of parts of a second', () => [turn({ ringSeconds: 1.5 })], '/body/devices/0/ringSeconds'],
    ['longer than ten minutes', () => [turn({ ringSeconds: 601 })], '/body/devices/0/ringSeconds'],
    ['of what is no device', () => [turn({ device: 'que_0123456789ab' })], '/body/devices/0/device'],
    [
      'of more than ten',
      () => Array.from({ length: 11 }, (_, n) => turn({ delaySeconds: n * 30, ringSeconds: 30 })),
      '/body/devices',
    ],
  ])('turns are refused that %s', async (_what, devices, pointer) => {
    const refused = await create({ devices: devices() });
    expect(refused).toMatchObject({ status: 422, body: { code: 'invalid_input' } });
    expect(pointersOf(refused as never)).toEqual([pointer]);
  });

  it('S0-5 of a device that is not there, all at once', async () => {
    const missing = { device: 'dev_0123456789ab' };
    const devices = [missing, { device }, { device: 'dev_0123456789ac' }];
    const refused = await create({ devices, target: 'que_0123456789ab' });
    expect(refused).toMatchObject({ status: 422, body: { code: 'prerequisites_missing', rule: 'S0-5' } });
    expect(pointersOf(refused as never)).toEqual(['/body/devices/0/device', '/body/devices/2/device', '/body/target']);
    const id = await anAgent();
    expect(await people.change(id, { devices: [missing] })).toMatchObject({
      status: 422,
      body: { code: 'prerequisites_missing', errors: [{ pointer: '/body/devices/0/device' }] },
    });
  });
});

describe('S0-43 S1-27 the target of calls that are not answered', () => {
  it('is a queue of calls, which is then used by the user', async () => {
    const queue = await people.queue();
    const id = await anAgent({ target: queue });
    expect((await people.now(id)).target).toBe(queue);
    const version = (await tenant.call('get-queue', { token, params: { queueId: queue } })).body.version;
    const headers = { 'if-match': `"${version}"` };
    const remove = () => tenant.call('delete-queue', { token, params: { queueId: queue }, headers });
    expect(await remove()).toMatchObject({ status: 409, body: { code: 'record_in_use' } });
    await people.change(id, { target: null });
    expect((await remove()).status).toBe(204);
  });

  it.each(['email', 'chat'] as const)('is no queue of %s', async (channel) => {
    const queue = await people.queue(channel);
    expect(await create({ target: queue })).toMatchObject({
      status: 422,
      body: { code: 'invalid_input', rule: 'S0-43', because: channel, errors: [{ pointer: '/body/target' }] },
    });
    const id = await anAgent();
    expect(await people.change(id, { target: queue })).toMatchObject({ status: 422, body: { rule: 'S0-43' } });
  });

  it('is there when it is saved, or the save is refused: a queue deleted in the same moment', async () => {
    for (let n = 0; n < 5; n++) {
      const queue = await people.queue();
      const id = await anAgent();
      const { version } = (await tenant.call('get-queue', { token, params: { queueId: queue } })).body;
      const headers = { 'if-match': `"${version}"` };
      const [saved, deleted] = await Promise.all([
        people.change(id, { target: queue }),
        tenant.call('delete-queue', { token, params: { queueId: queue }, headers }),
      ]);
      expect([saved.status, deleted.status]).not.toEqual([200, 204]);
      const { target } = await people.now(id);
      const there = await tenant.call('get-queue', { token, params: { queueId: queue } });
      expect(target === undefined || there.status === 200).toBe(true);
      if (saved.status !== 200) expect(pointersOf(saved as never)).toEqual(['/body/target']);
    }
  });
});

describe('S0-31 S1-18 what is no number', () => {
  it.each([
    ['112', 'the number that calls for help'],
    ['0112 345', 'a number without its country'],
    ['601234567', 'more digits than an extension has'],
    ['+0420601234567', 'a country that is none'],
    ['+420601', 'a number too short'],
    ['sip:jana@example.com', 'a SIP URI'],
    ['+42060123456x', 'letters'],
    ['1', 'one digit'],
    ['', 'nothing'],
  ])('%s: %s', async (number) => {
    for (const field of ['forwarding', 'target']) {
      const refused = await create({ [field]: number });
      expect(refused).toMatchObject({ status: 422, body: { code: 'invalid_input' } });
      expect(pointersOf(refused as never)).toEqual([`/body/${field}`]);
    }
  });

  it('a queue, to forward all calls to', async () => {
    expect(await create({ forwarding: await people.queue() })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/body/forwarding' }] },
    });
  });
});

describe('S1-18 calls to a number outside', () => {
  const warning = (field: string) => ({
    pointer: `/body/${field}`,
    rule: 'S1-18',
    detail: expect.stringContaining('charged'),
  });

  it.each(['forwarding', 'target'])('may be charged: %s says so when it is set, and not again', async (field) => {
    const number = '+420601234567';
    const created = await create({ [field]: number });
    expect(created.body.warnings).toEqual([warning(field)]);
    const { id } = created.body;
    expect((await people.change(id, { alias: 'Tess' })).body).not.toHaveProperty('warnings');
    expect((await people.change(id, { [field]: '+420601234568' })).body.warnings).toEqual([warning(field)]);
    expect((await people.change(id, { [field]: null })).body).not.toHaveProperty('warnings');
  });

  it('cost nothing to a queue or an extension', async () => {
    await anAgent({ extension: '861' });
    const { status, body } = await create({ target: await people.queue(), forwarding: '861' });
    expect(status).toBe(201);
    expect(body).not.toHaveProperty('warnings');
  });
});
