import { keyOf } from '#domain/numbers/numbers.ts';
import { userKeys } from '#table/keys.ts';
import { put } from '#table/write.ts';
import { aBulkTenant, type BulkTenant } from '#test/functions/bulk/bulk-edits.ts';
import { entriesAbout } from '#test/functions/users/people.ts';
import { agentGrants } from '#test/setup/tenant.ts';

let tenant: BulkTenant;
let device: string;
let queue: string;
beforeAll(async () => {
  tenant = await aBulkTenant();
  const { token } = tenant;
  const body = { name: 'Hall', kind: 'external', address: '+420701234567' };
  device = (await tenant.call('create-device', { token, body })).body.id;
  queue = (await tenant.call('create-queue', { token, body: { name: 'Sales', channel: 'voice' } })).body.id;
});

const agents = (count: number, values: object = {}) =>
  Promise.all(Array.from({ length: count }, () => tenant.aUser({ ...agentGrants, ...values })));
const now = async (userId: string) => (await tenant.call('get-user', { token: tenant.token, params: { userId } })).body;
const change = async (userId: string, body: object) => {
  const headers = { 'if-match': `"${(await now(userId)).version}"` };
  return tenant.call('change-user', { token: tenant.token, params: { userId }, body, headers });
};
const settings = () => ({
  recordingControl: true,
  staticLogin: true,
  forwarding: '+420601234567',
  target: queue,
  devices: [{ device, delaySeconds: 0, ringSeconds: 20 }],
  outgoingNumbers: ['+420212345678'],
  callerName: 'Acme',
  sipOption: 'webrtc',
  autoDial: true,
  predictiveQueue: true,
  predictiveRatio: 2.5,
  predictiveSorting: 'weight',
});

describe('S1-34 S0-31 S0-39 S0-41 S0-43 telephony of many users at once', () => {
  it('is set, told in the audit, and taken back, with all that others had', async () => {
    const users = await agents(3);
    const [first] = users;
    await change(first?.id as string, { callerName: 'Own', alias: 'Jana', staticLogin: true });
    const edit = await tenant.edit({ users: tenant.ids(users), changes: settings() });
    expect(edit.counts).toMatchObject({ changes: 3, refused: 0 });
    for (const { id } of users) expect(await now(id)).toMatchObject(settings());
    expect(await now(first?.id as string)).toMatchObject({ alias: 'Jana' });
    const entries = await entriesAbout(tenant, users[1]?.id as string, 'user.changed');
    expect(entries).toMatchObject([{ changes: { callerName: { after: 'Acme' }, target: { after: queue } } }]);
    const params = { deviceId: device };
    expect((await tenant.call('get-device', { token: tenant.token, params })).body.usedBy).toBe(3);

    const undone = await tenant.edit({ undo: edit.id });
    expect(undone.counts).toMatchObject({ changes: 3, refused: 0 });
    expect(await now(first?.id as string)).toMatchObject({ callerName: 'Own', alias: 'Jana', staticLogin: true });
    const { callerName: _name, staticLogin: _static, ...others } = settings();
    for (const field of Object.keys(others)) expect(await now(first?.id as string)).not.toHaveProperty(field);
    expect(await now(users[2]?.id as string)).not.toHaveProperty('callerName');
    expect((await tenant.call('get-device', { token: tenant.token, params })).body.usedBy).toBe(0);
  });

  it('changes nobody who is so already', async () => {
    const users = await agents(2);
    await tenant.edit({ users: tenant.ids(users), changes: settings() });
    const again = await tenant.plan({ users: tenant.ids(users), changes: settings() });
    expect(again.body.counts).toMatchObject({ changes: 0, unchanged: 2 });
  });

  it('leaves what it does not name, secrets too, as it is', async () => {
    const [user] = await agents(1);
    const id = user?.id as string;
    await change(id, {
      sipOption: 'pbx',
      sipUsername: 'bulk-jana',
      sipPassword: 'sip-canary-bulk',
      description: 'Note',
    });
    const sealed = (await tenant.read(userKeys.telephony(id)))?.sipPassword;
    await tenant.edit({ users: { ids: [id] }, changes: { callerName: 'Acme' } });
    expect(await now(id)).toMatchObject({
      callerName: 'Acme',
      sipUsername: 'bulk-jana',
      hasSipPassword: true,
      description: 'Note',
    });
    expect((await tenant.read(userKeys.telephony(id)))?.sipPassword).toBe(sealed);
    expect(await tenant.read(userKeys.details(id))).not.toHaveProperty('callerName');
  });

  it('S4-27 is refused to whose SIP account it does not go with, and done for the others', async () => {
    const [plain, account] = await agents(2);
    await change(account?.id as string, { sipOption: 'pbx', sipUsername: 'bulk-eva' });
    const edit = await tenant.edit({ users: tenant.ids([plain, account] as never), changes: { sipOption: 'webrtc' } });
    expect(edit.counts).toMatchObject({ changes: 1, refused: 1 });
    const became = await tenant.became(edit.id);
    expect(became[account?.id as string]).toMatchObject({
      result: 'refused',
      problem: { code: 'invalid_input', pointer: '/body/changes/sipUsername' },
    });
  });

  it('S1-18 says of whom it may cost', async () => {
    const users = await agents(2);
    const planned = await tenant.plan({ users: tenant.ids(users), changes: { forwarding: '+420601234567' } });
    const became = await tenant.became(planned.body.id);
    for (const { id } of users) expect(became[id].warnings).toEqual([expect.stringContaining('charged')]);
  });

  it('S0-7 is refused to who takes no calls', async () => {
    const [user] = await agents(1, { userType: 'passive' });
    const planned = await tenant.plan({ users: { ids: [user?.id] }, changes: { forwarding: '+420601234567' } });
    expect((await tenant.became(planned.body.id))[user?.id as string]).toMatchObject({
      problem: { code: 'invalid_input' },
    });
  });

  it.each([
    ['forwarding', '217'],
    ['target', '217'],
  ])('a %s to an extension is refused at once: circles are judged one user at a time', async (field, value) => {
    const [user] = await agents(1);
    expect(await tenant.plan({ users: { ids: [user?.id] }, changes: { [field]: value } })).toMatchObject({
      status: 422,
      body: {
        code: 'invalid_input',
        because: ['217'],
        errors: [{ pointer: `/body/changes/${field}`, detail: expect.stringContaining('PATCH') }],
      },
    });
  });

  it('a forwarding to an extension that a bulk edit took away does not come back with it: it is set by hand', async () => {
    const [ada, eva] = await agents(2);
    const extension = '871';
    await tenant.deps.table.write(
      put({ ...keyOf('extensions', extension), type: 'number', v: 1, number: extension, userId: eva?.id }),
    );
    expect(await change(ada?.id as string, { forwarding: extension })).toMatchObject({ status: 200 });
    const edit = await tenant.edit({ users: { ids: [ada?.id] }, changes: { forwarding: null } });
    expect(edit.counts).toMatchObject({ changes: 1 });
    const undone = await tenant.edit({ undo: edit.id });
    expect(undone.counts).toMatchObject({ changes: 0, refused: 1 });
    expect((await tenant.became(undone.id))[ada?.id as string]).toMatchObject({
      problem: { code: 'invalid_input', detail: expect.stringContaining('871') },
    });
  });

  it.each([
    ['virtualExtension', '300'],
    ['virtualExtension', 'generate'],
    ['sipUri', 'sip:jana@pbx.example.com'],
    ['sipUsername', 'jana'],
    ['sipPassword', 'sip-canary-bulk'],
  ])('%s belongs to one user alone', async (field, value) => {
    const [user] = await agents(1);
    const refused = await tenant.plan({ users: { ids: [user?.id] }, changes: { [field]: value } });
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ pointer: `/body/changes/${field}` }] } });
    expect(JSON.stringify(refused.body)).not.toContain('canary');
  });

  it('S0-5 S0-43 names what is missing, and a queue that takes no calls, at once', async () => {
    const [user] = await agents(1);
    const plan = (changes: object) => tenant.plan({ users: { ids: [user?.id] }, changes });
    expect(await plan({ devices: [{ device: 'dev_0123456789ab' }], target: 'que_0123456789ab' })).toMatchObject({
      status: 422,
      body: {
        code: 'prerequisites_missing',
        errors: [{ pointer: '/body/changes/devices/0/device' }, { pointer: '/body/changes/target' }],
      },
    });
    const body = { name: 'Mail', channel: 'email' };
    const mail = (await tenant.call('create-queue', { token: tenant.token, body })).body.id;
    expect(await plan({ target: mail })).toMatchObject({
      status: 422,
      body: { code: 'invalid_input', errors: [{ pointer: '/body/changes/target' }] },
    });
  });
});
