import { failures } from '#contract/call-failures.ts';
import { releases } from '#domain/numbers/numbers.ts';
import { userKeys } from '#table/keys.ts';
import { remove } from '#table/write.ts';
import { aPlatform, type Platform } from './platform.ts';

let here: Platform;
beforeAll(async () => {
  here = await aPlatform();
});

const route = (query: Record<string, string>) => here.ask('route-inbound-call', { query });
const turn = (device: { id: string }, delaySeconds = 0, ringSeconds = 30) => ({
  device: device.id,
  delaySeconds,
  ringSeconds,
});

describe('S0-40 S0-41 S0-42 a direct call', () => {
  it('rings on the devices of whoever has the extension, fixed or virtual, by delay and duration (C9, S1-26)', async () => {
    const [desk, mobile] = [await here.device(), await here.device({ kind: 'external', address: '+420601000001' })];
    const devices = [turn(mobile, 10, 20), turn(desk, 0, 15)];
    const jana = await here.person({ title: 'Jana', extension: '217', virtualExtension: '917', devices });
    for (const query of [{ extension: '217' }, { extension: '917' }, { user: jana.id }] as Record<string, string>[]) {
      const { status, body } = await route(query);
      expect([status, body.outcome, body.user, body.ringsFor]).toEqual([
        200,
        'ring',
        { id: jana.id, title: 'Jana', extension: '217' },
        30,
      ]);
      expect(body.ring).toEqual([
        {
          device: { id: desk.id, kind: 'sip', name: desk.name, address: desk.address },
          startsAt: 0,
          endsAt: 15,
          why: 'assigned',
        },
        {
          device: { id: mobile.id, kind: 'external', name: mobile.name, address: '+420601000001' },
          startsAt: 10,
          endsAt: 30,
          why: 'assigned',
        },
      ]);
      expect(body.hops).toEqual([]);
      expect(body.trace.length).toBeGreaterThan(0);
    }
  });

  it('S1-25 rings on devices that the user has logged in to, and on their own phone (S4-27)', async () => {
    const live = await here.device();
    const jana = await here.person({}, { sipOption: 'custom-uri', sipUri: 'sip:jana@home.example' });
    await here.work(jana.id, { devices: [live.id] });
    const { body } = await route({ user: jana.id });
    expect(
      body.ring.map(({ device, why }: { device: { address: string }; why: string }) => [device.address, why]),
    ).toEqual([
      [live.address, 'logged-in'],
      ['sip:jana@home.example', 'own'],
    ]);
  });

  it('rings on a device that another process has made since this one has read them', async () => {
    await route({ user: (await here.person()).id });
    const fresh = await here.device();
    const jana = await here.person({ devices: [turn(fresh)] });
    expect((await route({ user: jana.id })).body).toMatchObject({
      outcome: 'ring',
      ring: [{ device: { id: fresh.id } }],
    });
  });

  it('goes by a change of a device five seconds later at the latest, and at once in the process that made it', async () => {
    const device = await here.device();
    const jana = await here.person({ devices: [turn(device)] });
    const addresses = async () => (await route({ user: jana.id })).body.ring[0].device.address;
    expect(await addresses()).toBe(device.address);
    const renamed = { ...device, address: 'sip:other@pbx.example.com', version: 2 };
    const change = {
      params: { deviceId: device.id },
      body: { address: renamed.address },
      headers: { 'if-match': '"1"' },
    };
    expect(await here.call('change-device', { token: here.root.token, ...change })).toMatchObject({ status: 200 });
    expect(await addresses()).toBe(renamed.address);
    const elsewhere = { ...here.deps.definitions };
    const back = { ...change, body: { address: device.address }, headers: { 'if-match': '"2"' } };
    expect(await here.call('change-device', { token: here.root.token, ...back })).toMatchObject({ status: 200 });
    // As if another process had made it.
    if (elsewhere.ofCalls) here.deps.definitions.ofCalls = elsewhere.ofCalls;
    expect(await addresses()).toBe(renamed.address);
    here.advance(5);
    expect(await addresses()).toBe(device.address);
  });
});

describe('S0-31 S0-43 C11 where a call goes instead', () => {
  it('S1-18 forwarding set and cleared decides the next call', async () => {
    const jana = await here.person({ extension: '301', devices: [turn(await here.device())] });
    expect((await route({ extension: '301' })).body.outcome).toBe('ring');
    await here.set(jana.id, { forwarding: '+420601999999' });
    expect((await route({ extension: '301' })).body).toMatchObject({
      outcome: 'forward',
      goesTo: { kind: 'number', number: '+420601999999' },
      hops: [{ id: jana.id }],
    });
  });

  it('follows extensions from user to user, and says whom it passed', async () => {
    const device = await here.device();
    const last = await here.person({ title: 'Last', extension: '403', devices: [turn(device)] });
    const middle = await here.person({ extension: '402', forwarding: '403' });
    const first = await here.person({ extension: '401', forwarding: '402' });
    const { body } = await route({ extension: '401' });
    expect(body).toMatchObject({
      outcome: 'forward',
      user: { id: last.id },
      goesTo: { kind: 'extension', number: '403', user: { id: last.id } },
      ring: [{ device: { id: device.id } }],
    });
    expect(body.hops.map(({ id }: { id: string }) => id)).toEqual([first.id, middle.id]);
  });

  it('ends in circles that no save would have let through', async () => {
    const a = await here.person({ extension: '501', forwarding: '502' });
    await here.person({ extension: '502', target: '501' });
    expect((await route({ user: a.id })).body).toMatchObject({ outcome: 'unreachable', trace: expect.any(Array) });
  });

  it.each(failures)(
    'after %s a direct call goes to the target, a number, an extension or a queue, and a queue’s call does not',
    async (failed) => {
      const queue = await here.queue();
      const device = await here.device();
      const jana = await here.person({ target: queue.id, devices: [turn(device)] });
      await here.work(jana.id, { queues: [queue.id] });
      const place = { kind: 'queue', queue: { id: queue.id, name: queue.name } };
      expect((await route({ user: jana.id })).body.otherwise).toEqual({ goesTo: place, when: [...failures] });
      expect((await route({ user: jana.id, failed })).body).toMatchObject({ outcome: 'transfer', goesTo: place });
      expect((await route({ user: jana.id, queue: queue.id })).body).toMatchObject({ outcome: 'ring' });
      expect((await route({ user: jana.id, queue: queue.id })).body).not.toHaveProperty('otherwise');
      expect((await route({ user: jana.id, queue: queue.id, failed })).body).toMatchObject({ outcome: 'unreachable' });
    },
  );
});

describe('S0-38 C7 a call of a queue', () => {
  it('reaches who is logged on to it and ready, and who always is; of others it says why not', async () => {
    const queue = await here.queue();
    const devices = [turn(await here.device())];
    const jana = await here.person({ devices });
    const outcome = async (user = jana) => {
      const { body } = await route({ user: user.id, queue: queue.id });
      return [body.outcome, body.trace[0].rule];
    };
    expect(await outcome()).toEqual(['unreachable', 'C7']);
    await here.work(jana.id, { queues: [queue.id] });
    expect(await outcome()).toEqual(['ring', 'C7']);
    await here.work(jana.id, { queues: [queue.id], ready: false });
    expect(await outcome()).toEqual(['unreachable', 'C7']);
    const always = await here.person({ devices, staticLogin: true });
    expect(await outcome(always)).toEqual(['ring', 'S0-38']);
  });
});

describe('who and what is not there', () => {
  it('extensions that are nobody’s, rest, wait for a sign-out or lead to somebody who is gone: 404', async () => {
    const left = await here.person({ extension: '601' });
    await here.deps.table.transact(releases(left, { ...left, extension: undefined }, here.deps.now()));
    const gone = await here.person({ extension: '602' });
    await here.deps.table.write(remove(userKeys.user(gone.id)));
    const waits = { extension: '603', by: 'usr_x', at: here.deps.now(), dueAt: here.deps.now() };
    await here.person({ queued: waits });
    for (const extension of ['600', '601', '602', '603', '112']) {
      expect(await route({ extension })).toMatchObject({
        status: 404,
        body: { code: 'extension_not_found', because: extension },
      });
    }
  });

  it('users and queues that are not there: 404', async () => {
    const { id: user } = await here.person();
    expect(await route({ user: 'usr_000000000000000000000000' })).toMatchObject({
      status: 404,
      body: { code: 'user_not_found' },
    });
    expect(await route({ user, queue: 'que_000000000000' })).toMatchObject({
      status: 404,
      body: { code: 'record_not_found' },
    });
  });

  it('S0-54 whoever is deactivated is unreachable, and says why', async () => {
    const jana = await here.person({ state: 'deactivated', extension: '604', forwarding: '+420601999999' });
    expect((await route({ user: jana.id })).body).toMatchObject({
      outcome: 'unreachable',
      user: { id: jana.id },
      trace: [{ rule: 'S0-54' }],
    });
  });

  it.each([
    [{}, '/query'],
    [{ extension: '217', user: 'usr_000000000000000000000000' }, '/query'],
    [{ extension: '1' }, '/query/extension'],
    [{ extension: '217', failed: 'never' }, '/query/failed'],
    [{ extension: '217', queue: 'que_' }, '/query/queue'],
    [{ extension: '217', colour: 'red' }, '/query'],
  ])('%j is refused, and says where', async (query, pointer) => {
    const { status, body } = await route(query as Record<string, string>);
    expect([status, body.code]).toEqual([422, 'invalid_input']);
    expect(body.errors[0].pointer).toContain(pointer);
  });
});
