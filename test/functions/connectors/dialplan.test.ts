import { aTenant, type TestTenant } from '#test/setup/tenant.ts';
import { aSwitch, routingToken, type Switch, variable } from './switch.ts';

let tenant: TestTenant;
let token: string;
let pbx: Switch;
beforeAll(async () => {
  tenant = await aTenant();
  ({ token } = await tenant.aSuperUser());
  pbx = aSwitch(tenant, await routingToken(tenant, token));
});

let count = 0;
const make = async (
  id: 'create-user' | 'create-device' | 'create-queue' | 'create-trunk' | 'create-caller-ids',
  body: object,
) => {
  const made = await tenant.call(id, { token, body });
  if (made.status !== 201) throw new Error(JSON.stringify(made.body));
  return made.body;
};
const aUser = async (values: object = {}) => {
  const login = `agent.${++count}`;
  const user = { login, title: `Agent ${count}`, type: 'contact-center', authEmail: `${login}@example.com` };
  return make('create-user', { ...user, access: 'acc_agent', rights: 'rgt_own', ...values });
};
const aDevice = async (kind: string, address: string) => make('create-device', { name: `D ${++count}`, kind, address });
const aQueue = async (values: object = {}) =>
  make('create-queue', { name: `Q ${++count}`, channel: 'voice', ...values });
const change = async (userId: string, body: object) => {
  const { headers } = await tenant.call('get-user', { token, params: { userId } });
  const given = { token, params: { userId }, body, headers: { 'if-match': headers.etag as string } };
  const changed = await tenant.call('change-user', given);
  if (changed.status !== 200) throw new Error(JSON.stringify(changed.body));
};

const unreached = {
  'no-answer': ['NO_ANSWER', 'NO_USER_RESPONSE', 'ALLOTTED_TIMEOUT', 'PROGRESS_TIMEOUT', 'RECOVERY_ON_TIMER_EXPIRE'],
  busy: ['USER_BUSY'],
  rejected: ['CALL_REJECTED'],
  'no-device': [
    'USER_NOT_REGISTERED',
    'SUBSCRIBER_ABSENT',
    'UNALLOCATED_NUMBER',
    'NO_ROUTE_DESTINATION',
    'DESTINATION_OUT_OF_ORDER',
  ],
};
const bridgeIn = (actions: string[] | undefined) => actions?.find((each) => each.startsWith('bridge '));
const FILE = `${variable('recordings_dir')}/${variable('uuid')}.wav`;

describe('S0-42 C9 a call to an extension', () => {
  it('rings on each device in its own time, in one dial string', async () => {
    const desk = await aDevice('sip', 'sip:desk-12@pbx.example.com');
    const mobile = await aDevice('external', '+420601234567');
    const teams = await aDevice('teams', 'jana@example.com');
    const user = await aUser({
      extension: '310',
      devices: [
        { device: desk.id, delaySeconds: 0, ringSeconds: 20 },
        { device: mobile.id, delaySeconds: 10, ringSeconds: 30 },
        { device: teams.id, delaySeconds: 15, ringSeconds: 5 },
        { device: desk.id, delaySeconds: 70, ringSeconds: 15 },
      ],
    });
    expect(await pbx.dials('310')).toEqual([
      `export roster_last_user=${user.id}`,
      'export roster_last_queue=',
      'set hangup_after_bridge=true',
      'set continue_on_fail=false',
      'bridge {originate_timeout=85,ignore_early_media=ring_ready}' +
        '[leg_delay_start=0,leg_timeout=20]sofia/external/sip:desk-12@pbx.example.com,' +
        `[leg_delay_start=10,leg_timeout=30]sofia/gateway/${variable('roster_trunk')}/+420601234567,` +
        '[leg_delay_start=15,leg_timeout=5]loopback/jana@example.com/roster-teams,' +
        '[leg_delay_start=70,leg_timeout=15]sofia/external/sip:desk-12@pbx.example.com',
    ]);
  });

  it('rings at the account that the telephone has registered by, and is answered in its context', async () => {
    await aUser({ extension: '311', sipOption: 'pbx', sipUsername: 'jana.311', sipPassword: 'a-long-password' });
    const answer = await pbx.ask({
      section: 'dialplan',
      'Hunt-Context': 'agents',
      'Hunt-Destination-Number': '311',
      'Caller-Context': 'public',
      'Caller-Destination-Number': '900',
    });
    expect(answer.read).toMatchObject({ section: 'dialplan', context: 'agents', expression: '^311$' });
    expect(bridgeIn(answer.read.actions)).toMatch(/\]user\/jana\.311@\$\{domain_name\}$/);
    expect(answer.headers['content-type']).toBe('text/xml; charset=utf-8');
  });

  it('S0-41 is absent where no device could ring', async () => {
    await aUser({ extension: '312' });
    expect(await pbx.dials('312')).toEqual(['hangup SUBSCRIBER_ABSENT']);
  });

  it('is not found where nobody has the extension, for the switch to look in its own files', async () => {
    for (const number of [
      '313',
      '112',
      '',
      '1',
      '12345678',
      '*98',
      '+',
      '+420',
      'que_000000000000',
      'a',
      '31 0',
      '31\u06f0',
    ]) {
      expect(await pbx.dials(number)).toBeUndefined();
    }
    for (const context of ['', 'a b', '"', variable('x'), 'x'.repeat(65)]) {
      expect(
        (await pbx.ask({ section: 'dialplan', 'Caller-Context': context, 'Caller-Destination-Number': '310' })).read
          .section,
      ).toBe('result');
    }
  });
});

describe('C11 S0-43 a user who is not reached', () => {
  it('has the call go to the target, for every cause by which FreeSWITCH says so, as a call that nobody has had', async () => {
    const desk = await aDevice('sip', 'sip:desk-20@pbx.example.com');
    const devices = [{ device: desk.id, delaySeconds: 0, ringSeconds: 20 }];
    await aUser({ extension: '321', devices });
    await aUser({ extension: '320', target: '321', devices });
    const actions = (await pbx.dials('320')) as string[];
    expect(actions).toContain(`set continue_on_fail=${Object.values(unreached).flat().join(',')}`);
    expect(actions.slice(actions.findIndex((each) => each.startsWith('bridge')) + 1)).toEqual([
      'unset roster_last_user',
      'unset roster_last_queue',
      'transfer 321 XML default',
    ]);
  });

  it('has it go to a queue by its id, or to a number outside', async () => {
    const desk = await aDevice('sip', 'sip:desk-21@pbx.example.com');
    const devices = [{ device: desk.id, delaySeconds: 0, ringSeconds: 20 }];
    const queue = await aQueue();
    await aUser({ extension: '322', target: queue.id, devices });
    expect((await pbx.dials('322'))?.slice(-2)).toEqual([
      `set roster_queue=${queue.id}`,
      `transfer ${queue.id} XML default`,
    ]);
    await aUser({ extension: '323', target: '+420222333444', devices });
    expect((await pbx.dials('323'))?.slice(-3)).toEqual([
      'set hangup_after_bridge=true',
      'set continue_on_fail=false',
      `bridge sofia/gateway/${variable('roster_trunk')}/+420222333444`,
    ]);
    expect(await pbx.dials('322', { roster_queue: queue.id })).toEqual(['hangup SUBSCRIBER_ABSENT']);
  });

  it('has it go there at once, where there is no device', async () => {
    const queue = await aQueue();
    await aUser({ extension: '324', target: queue.id });
    expect(await pbx.dials('324')).toEqual([`set roster_queue=${queue.id}`, `transfer ${queue.id} XML default`]);
  });

  it('does not have a call of a queue go to the target', async () => {
    const desk = await aDevice('sip', 'sip:desk-22@pbx.example.com');
    const queue = await aQueue();
    const { id } = await aUser({
      ...{ extension: '325', target: '+420222333444', staticLogin: true },
      devices: [{ device: desk.id, delaySeconds: 0, ringSeconds: 20 }],
    });
    const actions = await pbx.dials('325', { roster_queue: queue.id });
    expect(actions).toContain('set continue_on_fail=false');
    expect(actions?.at(-1)).toMatch(/^bridge /);
    expect(actions).toContain(`export roster_last_queue=${queue.id}`);
    expect(actions).toContain(`export roster_last_user=${id}`);
  });
});

describe('S0-31 forwarding', () => {
  it('leads to the devices of whom it goes to, and outside by the trunk', async () => {
    const desk = await aDevice('sip', 'sip:desk-30@pbx.example.com');
    const last = await aUser({ extension: '331', devices: [{ device: desk.id, delaySeconds: 0, ringSeconds: 20 }] });
    const first = await aUser({ extension: '330', forwarding: '331' });
    const actions = await pbx.dials('330');
    expect(bridgeIn(actions)).toContain('desk-30@');
    expect(actions).toContain(`export roster_last_user=${last.id}`);
    await change(first.id, { forwarding: '+420777888999' });
    expect(await pbx.dials('330')).toEqual([
      'set hangup_after_bridge=true',
      'set continue_on_fail=false',
      `bridge sofia/gateway/${variable('roster_trunk')}/+420777888999`,
    ]);
    const trunk = await make('create-trunk', { name: 'Trunk 330', outgoingNumbers: [] });
    expect((await pbx.dials('330', {}, { query: { trunk: trunk.id } }))?.at(-1)).toBe(
      `bridge sofia/gateway/${trunk.id}/+420777888999`,
    );
    const other = await make('create-trunk', { name: 'Trunk 331', outgoingNumbers: [] });
    expect((await pbx.dials('330', { roster_trunk: other.id }, { query: { trunk: trunk.id } }))?.at(-1)).toBe(
      `bridge sofia/gateway/${other.id}/+420777888999`,
    );
  });
});

describe('S0-39 a call to a number outside', () => {
  it('presents what is decided for the user, by the trunk that it takes', async () => {
    const user = await aUser({ outgoingNumbers: ['+420222000111'], callerName: 'Acme, s.r.o.' });
    const trunk = await make('create-trunk', { name: 'Outside', outgoingNumbers: ['+420222000999'] });
    const called = { roster_user: user.id, roster_trunk: trunk.id };
    const presenting = (number: string) => [
      `export roster_last_user=${user.id}`,
      'export roster_last_queue=',
      `set effective_caller_id_number=${number}`,
      'set effective_caller_id_name=Acme s.r.o.',
      'set hangup_after_bridge=true',
      'set continue_on_fail=false',
      `bridge sofia/gateway/${trunk.id}/+420601234567`,
    ];
    expect(await pbx.dials('+420601234567', called)).toEqual(presenting('+420222000111'));
    expect(await pbx.dials('00420601234567', called)).toEqual(presenting('+420222000111'));
    await change(user.id, { outgoingNumbers: null });
    expect(await pbx.dials('+420601234567', called)).toEqual(presenting('+420222000999'));
  });

  it('is made for users alone: what callers from outside dial goes nowhere by way of Roster', async () => {
    expect(await pbx.dials('+420601234567')).toBeUndefined();
    const fields = { 'Caller-Username': 'jana', variable_sip_from_user: 'jana', variable_user_name: 'jana' };
    const asked = { section: 'dialplan', 'Caller-Context': 'public', 'Caller-Destination-Number': '+420601234567' };
    expect((await pbx.ask({ ...asked, ...fields })).read.section).toBe('result');
  });

  it('is barred to who is deactivated meanwhile, and to who has been deleted', async () => {
    const user = await aUser();
    const params = { userId: user.id };
    const { preview } = (await tenant.call('get-removal-impact', { token, params })).body;
    await tenant.call('deactivate-user', { token, params, body: { preview: preview.deactivate } });
    expect(await pbx.dials('+420601234567', { roster_user: user.id })).toEqual(['hangup OUTGOING_CALL_BARRED']);
    const gone = await pbx.ask({
      section: 'dialplan',
      'Caller-Context': 'default',
      'Caller-Destination-Number': '+420601234567',
      variable_roster_user: 'usr_000000000000000000000000',
    });
    expect(gone).toMatchObject({ status: 404, read: { section: 'result' } });
    expect(gone.read.description).toMatch(/^user_not_found: /);
  });
});

describe('S0-32…S0-37 recording', () => {
  const devices = async () => {
    const desk = await aDevice('sip', `sip:desk-${++count}@pbx.example.com`);
    return [{ device: desk.id, delaySeconds: 0, ringSeconds: 20 }];
  };
  const about = (actions: string[] | undefined) =>
    actions?.filter((each) => /record|RECORD|pre_answer|bind_meta_app/.test(each));

  it('S0-33 from call start: begins while it rings, with what is heard before the answer', async () => {
    await aUser({ extension: '340', recording: 'from-call-start', devices: await devices() });
    const actions = await pbx.dials('340');
    expect(about(actions)).toEqual([
      'set roster_recording=on',
      'set RECORD_APPEND=true',
      'set RECORD_TOGGLE_ON_REPEAT=true',
      'set RECORD_BRIDGE_REQ=false',
      'set recording_follow_transfer=false',
      'pre_answer',
      `record_session ${FILE}`,
    ]);
    expect(bridgeIn(actions)).not.toContain('ignore_early_media');
  });

  it.each([
    ['after-bridged', 'S0-34', 'false'],
    ['after-bridged-with-transfer', 'S0-35', 'true'],
  ])('%s (%s): begins when they talk', async (recording, _rule, follows) => {
    const extension = String(341 + (follows === 'true' ? 1 : 0));
    await aUser({ extension, recording, devices: await devices() });
    expect(about(await pbx.dials(extension))).toEqual([
      'set roster_recording=on',
      'set RECORD_APPEND=true',
      'set RECORD_TOGGLE_ON_REPEAT=true',
      'set RECORD_BRIDGE_REQ=true',
      `set recording_follow_transfer=${follows}`,
      `record_session ${FILE}`,
    ]);
  });

  it('S0-32 is not touched where neither user nor queue records', async () => {
    await aUser({ extension: '343', recording: 'off', devices: await devices() });
    expect(about(await pbx.dials('343'))).toEqual([]);
  });

  it('S0-32 is by the queue, too, for its calls', async () => {
    const queue = await aQueue({ recording: 'after-bridged' });
    await aUser({ extension: '344', staticLogin: true, devices: await devices() });
    expect(about(await pbx.dials('344', { roster_queue: queue.id }))).toContain(`record_session ${FILE}`);
    expect(about(await pbx.dials('344'))).toEqual([]);
  });

  it('S0-37 can be started by the agent with *2, where it is allowed and not recorded', async () => {
    await aUser({ extension: '345', recordingControl: true, devices: await devices() });
    const actions = about(await pbx.dials('345'));
    expect(actions).toContain(`bind_meta_app 2 b a record_session::${FILE}`);
    expect(actions).toContain('set roster_recording=off');
    expect(actions).not.toContain(`record_session ${FILE}`);
  });

  it('S0-33 S0-34 goes on in one file, or stops, when the call is sent on', async () => {
    const from = await aUser({ extension: '346', recording: 'after-bridged', devices: await devices() });
    await aUser({ extension: '347', devices: await devices() });
    const sent = { roster_last_user: from.id, roster_recording: 'on' };
    const goesOn = about(await pbx.dials('347', sent)) as string[];
    expect(goesOn[0]).toBe(`stop_record_session ${FILE}`);
    expect(goesOn.at(-1)).toBe(`record_session ${FILE}`);
    const queue = await aQueue();
    const elsewhere = await pbx.dials('347', { ...sent, roster_last_queue: queue.id });
    expect(about(elsewhere)).toEqual([`stop_record_session ${FILE}`, 'set roster_recording=off']);
  });

  it('S0-33 S0-35 stops outside, unless it is set to go on there', async () => {
    const stops = await aUser({ recording: 'from-call-start' });
    const outside = async (id: string) =>
      about(await pbx.dials('+420601234567', { roster_last_user: id, roster_recording: 'on' }));
    expect(await outside(stops.id)).toEqual([`stop_record_session ${FILE}`, 'set roster_recording=off']);
    const follows = await aUser({ recording: 'after-bridged-with-transfer' });
    expect((await outside(follows.id))?.at(-1)).toBe(`record_session ${FILE}`);
  });

  it('of a call that the user makes is controlled on their own leg', async () => {
    const user = await aUser({ recording: 'after-bridged', recordingControl: true });
    const actions = about(await pbx.dials('+420601234567', { roster_user: user.id }));
    expect(actions).toContain(`record_session ${FILE}`);
    expect(actions?.at(-1)).toBe(`bind_meta_app 2 a a record_session::${FILE}`);
  });

  it('is decided as of a new call where who had it has been deleted meanwhile', async () => {
    await aUser({ extension: '348', recording: 'after-bridged', devices: await devices() });
    const sent = { roster_last_user: 'usr_000000000000000000000000', roster_recording: 'on' };
    expect(about(await pbx.dials('348', sent))?.at(-1)).toBe(`record_session ${FILE}`);
  });
});

describe('a variable of the channel', () => {
  it.each([
    ['roster_queue', 'que_000000000000', '350'],
    ['roster_queue', 'nonsense', '351'],
    ['roster_last_queue', variable('evil'), '352'],
    ['roster_trunk', "x'; drop", '353'],
  ])('%s that names nothing (%s) is said, in a document', async (name, value, extension) => {
    const desk = await aDevice('sip', `sip:desk-${extension}@pbx.example.com`);
    await aUser({ extension, devices: [{ device: desk.id, delaySeconds: 0, ringSeconds: 20 }] });
    const answer = await pbx.ask({
      ...{ section: 'dialplan', 'Caller-Context': 'default', 'Caller-Destination-Number': extension },
      ...(name === 'roster_last_queue' && { variable_roster_last_user: 'usr_000000000000000000000000' }),
      [`variable_${name}`]: value,
    });
    expect(answer).toMatchObject({ status: 404, read: { section: 'result' } });
    expect(answer.read.description).toMatch(/^record_not_found: /);
  });
});

describe('a device whose address cannot be written into a dial string', () => {
  it('does not ring, and the log says so; the others do', async () => {
    const desk = await aDevice('sip', 'sip:desk-60@pbx.example.com');
    const teams = await aDevice('teams', "o'brien@example.com");
    const turn = { delaySeconds: 0, ringSeconds: 20 };
    await aUser({ extension: '399', devices: [desk, teams].map(({ id }) => ({ device: id, ...turn })) });
    expect(bridgeIn(await pbx.dials('399'))).toMatch(
      /\}\[leg_delay_start=0,leg_timeout=20\]sofia\/external\/sip:desk-60@pbx\.example\.com$/,
    );
    expect(tenant.logged).toContainEqual({
      level: 'warn',
      event: 'freeswitch_undialable',
      device: teams.id,
      kind: 'teams',
    });
  });
});
