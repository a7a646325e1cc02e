import fc from 'fast-check';
import { failures } from '#contract/call-failures.ts';
import { type Inbound, type InboundCall, type Read, routeInbound } from '#domain/routing/inbound.ts';
import type { Party } from '#domain/routing/party.ts';
import type { User } from '#domain/users/user.ts';
import { nothing } from '#domain/work/work.ts';
import { device, now, party, queue, read, turn } from './parties.ts';

const desk = device('dev_desk');
const soft = device('dev_soft', { kind: 'external', address: '+420601000001' });
const sales = queue('que_sales');
const known = { devices: [desk, soft], queues: [sales] };
const ringsAtDesk = { devices: [turn('dev_desk')] };

/** The decision; what it asks for is what `read` has. */
function decide(first: Party, call: Partial<InboundCall> = {}, has: Read = read({}, known)): Inbound {
  const decision = routeInbound({ now, ...call }, first, has);
  if ('wants' in decision) throw new Error(`Nothing is known of ${decision.wants}`);
  return decision;
}

const rules = ({ trace }: Inbound) => trace.map(({ rule }) => rule);
const onQueue = (more: object = {}) => ({ work: { ...nothing, queues: ['que_sales'], ...more } });

describe('S0-31 forwarding', () => {
  const forwarded: [string, Partial<User>, Partial<Omit<Party, 'user'>>, Partial<InboundCall>][] = [
    ['a direct call', {}, {}, {}],
    ['a call to somebody with devices', ringsAtDesk, {}, {}],
    ['a call to somebody with a target', { target: '+420601000002' }, {}, {}],
    ['a call of a queue', ringsAtDesk, onQueue(), { queue: sales }],
    ['a call to who has just been invited', { state: 'invited', ...ringsAtDesk }, {}, {}],
  ];
  it.each(forwarded)('redirects %s, whatever else is set', (_, values, more, call) => {
    const decision = decide(party('jana', { forwarding: '+420601999999', ...values }, more), call);
    expect(decision).toMatchObject({ outcome: 'forward', goesTo: { kind: 'number', number: '+420601999999' } });
    expect(decision.hops.map(({ id }) => id)).toEqual(['usr_jana']);
    expect(decision).not.toHaveProperty('ring');
    expect(rules(decision)).toContain('S0-31');
  });

  it('to an extension rings at whoever has it, and goes on by their own forwarding', () => {
    const eva = party('eva', { extension: '217', ...ringsAtDesk });
    const jana = party('jana', { forwarding: '217' });
    expect(decide(jana, {}, read({ 217: eva }, known))).toMatchObject({
      outcome: 'forward',
      user: { id: 'usr_eva', extension: '217' },
      goesTo: { kind: 'extension', number: '217', user: { id: 'usr_eva' } },
      ring: [{ device: { id: 'dev_desk' } }],
      hops: [{ id: 'usr_jana' }],
    });
    const away = party('eva', { extension: '217', forwarding: '+420601999999' });
    expect(decide(jana, {}, read({ 217: away }, known))).toMatchObject({
      outcome: 'forward',
      user: { id: 'usr_eva' },
      goesTo: { kind: 'number', number: '+420601999999' },
      hops: [{ id: 'usr_jana' }, { id: 'usr_eva' }],
    });
  });

  it('asks for the owner of an extension that has not been read, and for nothing else', () => {
    expect(routeInbound({ now }, party('jana', { forwarding: '217' }), read())).toEqual({ wants: '217' });
    expect(routeInbound({ now }, party('jana', { target: '218', ...ringsAtDesk }), read({}, known))).toMatchObject({
      outcome: 'ring',
    });
  });

  it('to an extension of nobody is left to the platform, which may have it', () => {
    expect(decide(party('jana', { forwarding: '217' }), {}, read({ 217: undefined }))).toMatchObject({
      outcome: 'forward',
      goesTo: { kind: 'extension', number: '217' },
    });
  });

  it('is followed by no target where the number outside does not answer', () => {
    const jana = party('jana', { forwarding: '+420601999999', target: '+420601000002' });
    expect(decide(jana, { failed: 'no-answer' })).toMatchObject({ outcome: 'unreachable' });
  });
});

describe('S0-41 S0-42 C9 S1-25 S1-26 devices and their turns', () => {
  it('ring each by delay and duration, a device also several times', () => {
    const devices = [turn('dev_soft', 10, 20), turn('dev_desk', 0, 15), turn('dev_desk', 20, 5)];
    const { outcome, ring, ringsFor } = decide(party('jana', { devices }));
    expect([outcome, ringsFor]).toEqual(['ring', 30]);
    expect(ring?.map(({ device: { id }, startsAt, endsAt, why }) => [id, startsAt, endsAt, why])).toEqual([
      ['dev_desk', 0, 15, 'assigned'],
      ['dev_soft', 10, 30, 'assigned'],
      ['dev_desk', 20, 25, 'assigned'],
    ]);
  });

  it('are those that the user has logged in to where none are given, and beside those that are', () => {
    const live = { work: { ...nothing, devices: ['dev_soft'] } };
    expect(decide(party('jana', {}, live)).ring).toEqual([
      {
        device: { id: 'dev_soft', kind: 'external', name: 'Phone dev_soft', address: '+420601000001' },
        startsAt: 0,
        endsAt: 30,
        why: 'logged-in',
      },
    ]);
    const both = decide(party('jana', { devices: [turn('dev_desk', 5)] }, live));
    expect(both.ring?.map(({ device: { id } }) => id)).toEqual(['dev_soft', 'dev_desk']);
    const same = decide(party('jana', { devices: [turn('dev_soft', 5)] }, live));
    expect(same.ring).toMatchObject([{ startsAt: 5, why: 'assigned' }]);
  });

  it('S4-27 are the user’s own phone, too, by the SIP option', () => {
    const address = (values: Partial<User>, phone: Party['phone']) =>
      decide(party('jana', values, { phone })).ring?.[0]?.device.address;
    expect(address({}, { sipOption: 'custom-uri', sipUri: 'sip:jana@home.example' })).toBe('sip:jana@home.example');
    expect(address({ extension: '217' }, { sipOption: 'webrtc' })).toBe('217');
    expect(address({}, { sipOption: 'webrtc' })).toBe('usr_jana');
    expect(address({ extension: '217' }, { sipOption: 'pbx', sipUsername: 'jana' })).toBe('jana');
    expect(address({ virtualExtension: '917' }, { sipOption: 'pbx' })).toBe('917');
    expect(address({}, { sipOption: 'pbx' })).toBeUndefined();
    expect(address({}, { sipOption: 'custom-uri' })).toBeUndefined();
  });

  it('ring once where the own phone is a device that the user has been given', () => {
    const phone = { sipOption: 'custom-uri' as const, sipUri: desk.address };
    expect(decide(party('jana', ringsAtDesk, { phone })).ring).toHaveLength(1);
  });

  it('that are not there any more do not ring', () => {
    expect(decide(party('jana', { devices: [turn('dev_gone')] }))).toMatchObject({ outcome: 'unreachable' });
  });
});

describe('S0-43 C11 S1-27 the target', () => {
  const jana = party('jana', { target: '+420601000002', ...ringsAtDesk });
  const place = { kind: 'number', number: '+420601000002' };

  it('is named beside the ring plan of a direct call, with the four that lead there', () => {
    expect(decide(jana)).toMatchObject({
      outcome: 'ring',
      otherwise: { goesTo: place, when: ['no-answer', 'busy', 'rejected', 'no-device'] },
    });
  });

  it.each(failures)('is where a direct call goes after %s', (failed) => {
    expect(decide(jana, { failed })).toMatchObject({ outcome: 'transfer', goesTo: place, hops: [{ id: 'usr_jana' }] });
    expect(decide(jana, { failed })).not.toHaveProperty('ring');
  });

  it.each(failures)('is not where a call of a queue goes after %s', (failed) => {
    const queued = party('jana', { target: '+420601000002', ...ringsAtDesk }, onQueue());
    expect(decide(queued, { queue: sales })).not.toHaveProperty('otherwise');
    const decision = decide(queued, { queue: sales, failed });
    expect(decision).toMatchObject({
      outcome: 'unreachable',
      trace: expect.arrayContaining([expect.objectContaining({ rule: 'S0-43' })]),
    });
    expect(decision).not.toHaveProperty('goesTo');
  });

  it('is where the call goes at once when there is no device', () => {
    expect(decide(party('jana', { target: 'que_sales' }))).toMatchObject({
      outcome: 'transfer',
      goesTo: { kind: 'queue', queue: { id: 'que_sales', name: 'Queue que_sales' } },
    });
    expect(decide(party('jana'))).toMatchObject({
      outcome: 'unreachable',
      trace: [{ rule: 'C11' }, { rule: 'S0-43' }],
    });
  });

  it('rings at the user whose extension it is, and then goes to theirs', () => {
    const eva = party('eva', { extension: '217', target: '218', ...ringsAtDesk });
    const first = party('jana', { target: '217', ...ringsAtDesk });
    expect(decide(first, { failed: 'busy' }, read({ 217: eva }, known))).toMatchObject({
      outcome: 'transfer',
      user: { id: 'usr_eva' },
      goesTo: { kind: 'extension', number: '217', user: { id: 'usr_eva' } },
      ring: [{ device: { id: 'dev_desk' } }],
      otherwise: { goesTo: { kind: 'extension', number: '218' } },
    });
  });

  it('is that of who was called in the end, where calls are forwarded', () => {
    const eva = party('eva', { extension: '217', target: '+420601000003', ...ringsAtDesk });
    const first = party('jana', { forwarding: '217', target: '+420601000002' });
    expect(decide(first, { failed: 'no-answer' }, read({ 217: eva }, known))).toMatchObject({
      outcome: 'transfer',
      goesTo: { number: '+420601000003' },
    });
  });
});

describe('S0-38 S1-21 C7 calls of a queue', () => {
  const cases: [string, Partial<User>, object, boolean][] = [
    ['logged on and ready', {}, { queues: ['que_sales'] }, true],
    ['logged on, unready', {}, { queues: ['que_sales'], ready: false }, false],
    ['logged on to another queue', {}, { queues: ['que_other'] }, false],
    ['logged off', {}, {}, false],
    ['static, logged off', { staticLogin: true }, {}, true],
    ['static, logged on to another queue', { staticLogin: true }, { queues: ['que_other'] }, true],
    ['back-office, though logged on', { userType: 'back-office' }, { queues: ['que_sales'] }, false],
    ['AI coworker, static', { userType: 'ai-coworker', staticLogin: true }, {}, true],
  ];
  it.each(cases)('%s: reached or not, and direct calls always', (_, values, work, reached) => {
    const jana = party('jana', { ...ringsAtDesk, ...values }, { work: { ...nothing, ...work } });
    const queued = decide(jana, { queue: sales });
    expect(queued.outcome).toBe(reached ? 'ring' : 'unreachable');
    expect(queued.trace[0]?.detail).toMatch(/jana/);
    expect(decide(jana).outcome).toBe('ring');
  });
});

describe('S0-54 S4-10 who is off', () => {
  const off: [string, Partial<User>][] = [
    ['deactivated', { state: 'deactivated' }],
    ['before the active dates', { activeFrom: now + 1 }],
    ['at the end of the active dates', { activeUntil: now }],
  ];
  it.each(off)('%s: unreachable, whatever is set', (_, values) => {
    const set = { forwarding: '+420601999999', target: '+420601000002', ...ringsAtDesk, ...values };
    expect(decide(party('jana', set))).toMatchObject({ outcome: 'unreachable', trace: [{ rule: 'S0-54' }] });
    const before = party('eva', { forwarding: '217' });
    expect(decide(before, {}, read({ 217: party('jana', set) }, known))).toMatchObject({
      outcome: 'unreachable',
      user: { id: 'usr_jana' },
      hops: [{ id: 'usr_eva' }],
    });
  });

  it('whoever is within their active dates is reached', () => {
    expect(decide(party('jana', { ...ringsAtDesk, activeFrom: now, activeUntil: now + 1 })).outcome).toBe('ring');
  });
});

describe('S0-31 S0-43 a decision ends', () => {
  it('after eight users have passed a call on', () => {
    const chain = Array.from({ length: 12 }, (_, n) =>
      party(`u${n}`, { extension: `${100 + n}`, forwarding: `${101 + n}` }),
    );
    const owners = Object.fromEntries(chain.map((each) => [each.user.extension, each]));
    const decision = decide(chain[0] as Party, {}, read(owners, known));
    expect(decision).toMatchObject({ outcome: 'unreachable', user: { id: 'usr_u8' } });
    expect(decision.hops).toHaveLength(9);
  });

  it('on any graph of forwardings and targets, each user once, and says the same however it was read', () => {
    const COUNT = 11;
    // An extension, of a user or of nobody; a number outside; a queue, or one that is gone.
    const way = fc.option(
      fc.oneof(
        { weight: 8, arbitrary: fc.integer({ min: 100, max: 100 + COUNT }).map(String) },
        { weight: 1, arbitrary: fc.constantFrom('+420601999999', 'que_sales', 'que_gone') },
      ),
      { nil: undefined },
    );
    const anybody = fc.record({
      forwarding: way,
      target: way,
      devices: fc.constantFrom(undefined, undefined, [turn('dev_desk')]),
      state: fc.oneof(
        { weight: 9, arbitrary: fc.constant('active' as const) },
        { weight: 1, arbitrary: fc.constant('deactivated' as const) },
      ),
    });
    const graph = fc.array(anybody, { minLength: COUNT, maxLength: COUNT });
    const failed = fc.option(fc.constantFrom(...failures), { nil: undefined });
    let [rings, loops, passed] = [0, 0, 0];
    fc.assert(
      fc.property(graph, failed, fc.boolean(), (people, failure, isQueued) => {
        const all = people.map((values, n) =>
          party(`u${n}`, { extension: `${100 + n}`, ...(values as Partial<User>) }, onQueue()),
        );
        const owners: Record<string, Party | undefined> = { [`${100 + COUNT}`]: undefined };
        for (const each of all) owners[each.user.extension as string] = each;
        const call: InboundCall = { now, failed: failure, queue: isQueued ? sales : undefined };
        const first = all[0] as Party;
        const whole = decide(first, call, read(owners, known));
        // Step by step, as the table is read.
        const some: Record<string, Party | undefined> = {};
        let steps = 0;
        let decision = routeInbound(call, first, read(some, known));
        for (; 'wants' in decision; decision = routeInbound(call, first, read(some, known))) {
          some[decision.wants] = owners[decision.wants];
          steps++;
        }
        expect(decision).toEqual(whole);
        expect(steps).toBeLessThanOrEqual(9);
        const ids = whole.hops.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids.length).toBeLessThanOrEqual(9);
        expect(whole.outcome === 'unreachable' || whole.ring !== undefined || whole.goesTo !== undefined).toBe(true);
        if (isQueued) expect(whole.outcome).not.toBe('transfer');
        rings += whole.ring ? 1 : 0;
        loops += whole.trace.some(({ detail }) => detail.includes('circles')) ? 1 : 0;
        passed += ids.length > 1 ? 1 : 0;
      }),
      { numRuns: 3000, seed: 7 },
    );
    // It has met what it is about.
    expect(Math.min(rings, loops, passed)).toBeGreaterThan(50);
  });
});
