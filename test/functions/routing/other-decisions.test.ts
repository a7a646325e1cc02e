import { aPlatform, type Platform } from './platform.ts';

let here: Platform;
beforeAll(async () => {
  here = await aPlatform();
});

const nobody = 'usr_000000000000000000000000';

describe('S0-39 S1-22 C21 what a call of a user presents', () => {
  const route = (query: Record<string, string>) => here.ask('route-outbound-call', { query });

  it('is the number of the highest of trunk, user, queue and caller IDs that says one, and the user’s name', async () => {
    const trunk = await here.trunk('+420111111111');
    const queue = await here.queue({ outgoingNumbers: ['+420333333333'] });
    const callerIds = await here.callerIds(['+421'], '+420444444444');
    const jana = await here.person({ extension: '211' }, { outgoingNumbers: ['+420222222222'], callerName: 'Acme' });
    const eva = await here.person();
    const presents = async (query: Record<string, string>) => (await route(query)).body.presents;
    const own = { number: '+420222222222', name: 'Acme', from: 'user', among: 1 };
    expect(await presents({ extension: '211', trunk: trunk.id })).toEqual(own);
    expect(await presents({ user: jana.id, trunk: trunk.id, queue: queue.id, to: '+420601000000' })).toEqual({
      ...own,
      ...{ number: '+420333333333', from: 'queue', record: queue.id },
    });
    expect(await presents({ user: jana.id, queue: queue.id, to: '00421 900 000 000' })).toEqual({
      ...own,
      ...{ number: '+420444444444', from: 'caller-ids', record: callerIds.id },
    });
    expect(await presents({ user: eva.id, trunk: trunk.id })).toEqual({
      ...{ number: '+420111111111', from: 'trunk', record: trunk.id, among: 1 },
    });
    expect(await presents({ user: eva.id })).toEqual({ from: 'nothing', among: 0 });
  });

  it('is drawn anew each time, so that no answer is kept', async () => {
    const numbers = Array.from({ length: 20 }, (_, n) => `+4206010000${n + 10}`);
    const jana = await here.person({}, { outgoingNumbers: numbers });
    const answers = await Promise.all(Array.from({ length: 40 }, () => route({ user: jana.id })));
    const drawn = new Set(answers.map(({ body }) => body.presents.number));
    // That one of twenty comes forty times in a row does not happen.
    expect(drawn.size).toBeGreaterThan(1);
    expect([...drawn].every((number) => numbers.includes(number))).toBe(true);
    expect(answers[0]?.headers).not.toHaveProperty('etag');
    expect(answers[0]?.headers['cache-control']).toBe('no-store');
  });

  it('S0-42 rings at once on all of the user’s devices', async () => {
    const [one, other] = [await here.device(), await here.device({ kind: 'teams', address: 'jana@example.com' })];
    const devices = [{ device: one.id, delaySeconds: 25, ringSeconds: 5 }];
    const jana = await here.person({ devices });
    await here.work(jana.id, { devices: [other.id] });
    expect((await route({ user: jana.id })).body.rings).toEqual([
      { device: { id: one.id, kind: 'sip', name: one.name, address: one.address }, why: 'assigned' },
      { device: { id: other.id, kind: 'teams', name: other.name, address: 'jana@example.com' }, why: 'logged-in' },
    ]);
  });

  it('is refused for who and what is not there, and for a number that is none', async () => {
    const { id: user } = await here.person();
    expect(await route({ user: nobody })).toMatchObject({ status: 404, body: { code: 'user_not_found' } });
    expect(await route({ extension: '999' })).toMatchObject({ status: 404, body: { code: 'extension_not_found' } });
    for (const query of [{ queue: 'que_000000000000' }, { trunk: 'trk_000000000000' }] as Record<string, string>[]) {
      expect(await route({ user, ...query })).toMatchObject({ status: 404, body: { code: 'record_not_found' } });
    }
    expect(await route({ user, to: '601000000' })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/query/to' }] },
    });
    expect(await route({})).toMatchObject({ status: 422 });
  });
});

describe('S0-32 S0-33 S0-35 S0-37 S1-19 S1-20 C10 the recording of a call', () => {
  const decide = (query: Record<string, string>, headers = {}) => here.ask('decide-recording', { query, headers });

  it('is decided by the settings of user and queue, event by event', async () => {
    const queue = await here.queue({ recording: 'after-bridged', recordingControl: true });
    const other = await here.queue();
    const jana = await here.person({ recording: 'from-call-start' });
    const eva = await here.person();
    const at = async (query: Record<string, string>) => (await decide(query)).body;
    expect(await at({ event: 'ringing', user: jana.id })).toMatchObject({
      recorded: true,
      since: 'reached',
      controllable: false,
    });
    expect(await at({ event: 'ringing', user: eva.id, queue: queue.id })).toMatchObject({
      recorded: false,
      controllable: true,
    });
    expect(await at({ event: 'connected', user: eva.id, queue: queue.id })).toMatchObject({
      recorded: true,
      since: 'connected',
    });
    const from = { fromUser: jana.id, fromQueue: queue.id };
    const goesOn = { event: 'transferred', user: eva.id, queue: queue.id, ...from };
    expect(await at(goesOn)).toMatchObject({ recorded: true, since: 'reached' });
    expect(await at({ ...goesOn, queue: other.id })).toMatchObject({ recorded: false, controllable: false });
    expect(await at({ event: 'transferred-external', user: jana.id, queue: queue.id })).toMatchObject({
      recorded: false,
    });
    const everywhere = await here.person({ recording: 'after-bridged-with-transfer' });
    expect(await at({ event: 'transferred-external', user: everywhere.id, queue: queue.id })).toMatchObject({
      recorded: true,
    });
  });

  it('S0-37 can be started by hand where it is off and control is on', async () => {
    const jana = await here.person({ recordingControl: true });
    expect((await decide({ event: 'connected', user: jana.id })).body).toMatchObject({
      recorded: false,
      controllable: true,
      trace: expect.arrayContaining([expect.objectContaining({ rule: 'S0-37' })]),
    });
  });

  it('has an ETag by what it says', async () => {
    const jana = await here.person();
    const query = { event: 'connected', user: jana.id };
    const { etag } = (await decide(query)).headers;
    expect(await decide(query, { 'if-none-match': etag })).toMatchObject({ status: 304 });
    await here.set(jana.id, { recording: 'after-bridged' });
    expect(await decide(query, { 'if-none-match': etag })).toMatchObject({ status: 200, body: { recorded: true } });
  });

  it('is refused for who and what is not there, and where nobody says who had the call before', async () => {
    const { id: user } = await here.person();
    expect(await decide({ event: 'connected', user: nobody })).toMatchObject({
      status: 404,
      body: { code: 'user_not_found' },
    });
    expect(await decide({ event: 'transferred', user, fromUser: nobody })).toMatchObject({ status: 404 });
    expect(await decide({ event: 'connected', user, queue: 'que_000000000000' })).toMatchObject({
      status: 404,
      body: { code: 'record_not_found' },
    });
    for (const event of ['transferred', 'transferred-ringing']) {
      expect(await decide({ event, user })).toMatchObject({
        status: 422,
        body: { errors: [{ pointer: '/query/fromUser' }] },
      });
    }
    expect(await decide({ event: 'hung-up', user })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/query/event' }] },
    });
  });
});

describe('S0-40 S4-17 who has an extension', () => {
  const find = (extension: string, headers = {}) => here.ask('find-extension', { params: { extension }, headers });

  it('is found by the fixed and by the virtual one', async () => {
    const device = await here.device();
    const devices = [{ device: device.id, delaySeconds: 0, ringSeconds: 30 }];
    const jana = await here.person({
      title: 'Jana',
      extension: '311',
      virtualExtension: '312',
      devices,
      staticLogin: true,
    });
    const user = { id: jana.id, title: 'Jana', extension: '311' };
    const { body, headers } = await find('311');
    expect(body).toEqual({ user, kind: 'extension', staticLogin: true, devices: 'assigned' });
    expect((await find('312')).body).toMatchObject({ user, kind: 'virtual' });
    expect(await find('311', { 'if-none-match': headers.etag })).toMatchObject({ status: 304 });
    await here.person({ extension: '313' });
    expect((await find('313')).body).toMatchObject({ staticLogin: false, devices: 'dynamic' });
  });

  it('is nobody for others, and 050 is another one than 50', async () => {
    await here.person({ extension: '50' });
    expect(await find('050')).toMatchObject({ status: 404, body: { code: 'extension_not_found' } });
    expect(await find('50')).toMatchObject({ status: 200 });
    expect(await find('x1')).toMatchObject({ status: 422, body: { errors: [{ pointer: '/path/extension' }] } });
  });
});
