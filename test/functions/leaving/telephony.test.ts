import { type People, peopleOf } from '#test/functions/users/people.ts';
import { deactivate, finishJobs, impact, remove } from '#test/setup/leaving.ts';
import { streamOf, type TestStream } from '#test/setup/stream.ts';
import { agentGrants, aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let people: People;
let token: string;
let stream: TestStream;
beforeAll(async () => {
  tenant = await aTenant({ numberQuarantineDays: 0 });
  people = await peopleOf(tenant);
  token = people.root.token;
  stream = await streamOf(tenant);
});

let number = 299;
const create = async (values: object = {}) => {
  const login = `leon-${++number}`;
  const body = { type: 'contact-center', title: login, login, authEmail: `${login}@example.com`, ...agentGrants };
  const answer = await tenant.call('create-user', { token, body: { ...body, ...values } });
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  return answer.body;
};
const restore = (userId: string, body: object = {}) =>
  tenant.call('restore-deleted-user', { token, params: { userId }, body });
const gone = async (userId: string) => {
  expect((await remove(tenant, token, userId)).status).toBe(200);
  await finishJobs(tenant);
};

describe('S0-31 S0-43 who leads calls to a user who leaves', () => {
  const pointersTo = async (userId: string, as = token) =>
    (await impact(tenant, as, userId)).pointers.filter(({ what }: { what: string }) => /forwarding|target/.test(what));

  it('is named, with what becomes of their calls, by all of the user’s numbers', async () => {
    const eva = await create({ extension: '401', virtualExtension: '402' });
    const ada = await create({ title: 'Ada', forwarding: '401' });
    const zoe = await create({ title: 'Zoe', target: '402' });
    const both = await create({ title: 'Both', forwarding: '402', target: '401' });
    await stream.deliver();
    const pointers = await pointersTo(eva.id);
    const said = pointers.map(({ what, id, name }: Record<string, string>) => [what, id, name]);
    expect(new Set(said.map(String))).toEqual(
      new Set(
        [
          ['forwarding', ada.id, 'Ada'],
          ['target', zoe.id, 'Zoe'],
          ['forwarding', both.id, 'Both'],
          ['target', both.id, 'Both'],
        ].map(String),
      ),
    );
    expect(said).toHaveLength(4);
    for (const { effect } of pointers) expect(effect).toMatch(/nobody|end there/);
    await people.change(ada.id, { forwarding: '+420601234567' });
    await deactivate(tenant, token, zoe.id);
    // Also before the index has heard of it.
    for (const when of ['at once', 'later']) {
      expect([when, (await pointersTo(eva.id)).map(({ id }: { id: string }) => id)]).toEqual([
        when,
        [both.id, both.id],
      ]);
      await stream.deliver();
    }
  });

  it('is nobody by name to who does not see them, but that there is somebody', async () => {
    const eva = await create({ extension: '411' });
    const ada = await create({ title: 'Ada Unseen', forwarding: '411' });
    await stream.deliver();
    const rights = await people.rights({ users: { ids: [eva.id] } });
    const helper = await people.person(['users:read', 'users:deactivate'], { rights });
    const pointers = await pointersTo(eva.id, helper.token);
    expect(pointers).toEqual([{ what: 'forwarding', id: '411', effect: expect.stringContaining('out of your sight') }]);
    expect(JSON.stringify(pointers)).not.toMatch(new RegExp(`Ada|${ada.id}`));
  });
});

describe('C14 telephony of a deleted user', () => {
  const everything = async () => ({
    extension: String(++number),
    virtualExtension: String(++number),
    recordingControl: true,
    staticLogin: true,
    forwarding: '+420601234567',
    target: await people.queue(),
    devices: [{ device: await people.device(), delaySeconds: 0, ringSeconds: 20 }],
    outgoingNumbers: ['+420212345678'],
    callerName: 'Acme',
    sipOption: 'pbx',
    sipUsername: `leon-${number}`,
    sipPassword: 'sip-canary-deleted',
    predictiveRatio: 2.5,
  });
  const usedBy = async (deviceId: string) =>
    (await tenant.call('get-device', { token, params: { deviceId } })).body.usedBy as number;

  it('comes back whole, with counts and secrets; while they are gone nothing of it is readable', async () => {
    const given = await everything();
    const before = await create(given);
    const { device } = given.devices[0] as { device: string };
    expect(await usedBy(device)).toBe(1);
    await gone(before.id);
    expect(await usedBy(device)).toBe(0);
    expect(JSON.stringify(await tenant.allOf([`USER#${before.id}`, `DELETED#${before.id}`]))).not.toContain('Acme');
    const back = await restore(before.id);
    expect(back.status).toBe(200);
    const { sipPassword: _secret, ...shown } = given;
    expect(back.body).toMatchObject({ ...shown, hasSipPassword: true });
    expect(await people.now(before.id)).toMatchObject({ ...shown, hasSipPassword: true });
    expect(await usedBy(device)).toBe(1);
  });

  it('leaves out devices and the target that are gone, where that is said', async () => {
    const given = await everything();
    const before = await create(given);
    await gone(before.id);
    const { device } = given.devices[0] as { device: string };
    for (const [read, removal, params] of [
      ['get-device', 'delete-device', { deviceId: device }],
      ['get-queue', 'delete-queue', { queueId: given.target }],
    ] as const) {
      const { version } = (await tenant.call(read, { token, params })).body;
      const headers = { 'if-match': `"${version}"` };
      expect((await tenant.call(removal, { token, params, headers })).status).toBe(204);
    }
    const refused = await restore(before.id);
    expect(refused).toMatchObject({ status: 422, body: { code: 'prerequisites_missing' } });
    expect(refused.body.because.sort()).toEqual([device, given.target].sort());
    const back = await restore(before.id, { leaveOutMissing: true });
    expect(back).toMatchObject({ status: 200, body: { forwarding: given.forwarding } });
    for (const left of ['target']) expect(back.body).not.toHaveProperty(left);
    expect(back.body.devices ?? []).toEqual([]);
  });

  it('S4-17 proposes another virtual extension where theirs is somebody else’s', async () => {
    const before = await create({ extension: '501', virtualExtension: '502' });
    await gone(before.id);
    await create({ extension: '502', virtualExtension: '501' });
    const refused = await restore(before.id);
    expect(refused).toMatchObject({ status: 409, body: { code: 'number_taken' } });
    const { proposal } = refused.body;
    expect(new Set(Object.values(proposal)).size).toBe(2);
    expect(await restore(before.id, proposal)).toMatchObject({ status: 200, body: proposal });
  });

  it('S0-31 makes no circle by coming back; where calls went nowhere meanwhile, they do so again', async () => {
    const eva = await create({ title: 'Eva', extension: '511' });
    const before = await create({ title: 'Ada', extension: '512', forwarding: '511' });
    await gone(before.id);
    // The number is nobody's: so nobody can forward to it, but who did so before may still.
    const zoe = await create({ title: 'Zoe', extension: '512' });
    await people.change(eva.id, { target: '512' });
    await people.change(zoe.id, { extension: null });
    expect(await restore(before.id)).toMatchObject({
      status: 409,
      body: { code: 'forwarding_loop', because: ['Ada', 'Eva', 'Ada'], errors: [{ pointer: '/body/forwarding' }] },
    });
    expect(await restore(before.id, { forwarding: '511' })).toMatchObject({ status: 422 });
    await people.change(eva.id, { target: null, extension: null });
    const back = await restore(before.id);
    expect(back).toMatchObject({ status: 200, body: { forwarding: '511', extension: '512' } });
  });

  it('S0-31 comes back without the forwarding that would make one', async () => {
    const eva = await create({ title: 'Eva', extension: '521' });
    const before = await create({ title: 'Ada', extension: '522', forwarding: '521', target: '521' });
    await gone(before.id);
    const zoe = await create({ title: 'Zoe', extension: '522' });
    await people.change(eva.id, { target: '522' });
    await people.change(zoe.id, { extension: null });
    expect(await restore(before.id, { forwarding: null })).toMatchObject({
      body: { errors: [{ pointer: '/body/target' }] },
    });
    const back = await restore(before.id, { forwarding: null, target: null });
    expect(back.status).toBe(200);
    expect(back.body).not.toHaveProperty('forwarding');
  });
});
