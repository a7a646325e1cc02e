// What routing costs: at most 4 read units and 2 trips with the token check, by a token that has been used within five minutes.

import * as definitions from '#domain/definitions/definitions.ts';
import { type Spending, spendingMeter } from '../../../bench/spending.ts';
import { aPlatform, type Platform } from './platform.ts';

const meter = spendingMeter();
let here: Platform;
let jana: string;
let eva: string;
let queue: string;
beforeAll(async () => {
  here = await aPlatform({ meter: meter.meter });
  const device = await here.device();
  queue = (await here.queue({ recording: 'after-bridged' })).id;
  await here.callerIds(['+421'], '+420444444444');
  const devices = [{ device: device.id, delaySeconds: 0, ringSeconds: 30 }];
  const phone = { outgoingNumbers: ['+420222222222'], sipOption: 'webrtc' as const };
  jana = (await here.person({ extension: '217', target: queue, devices }, phone)).id;
  eva = (await here.person({ extension: '218', forwarding: '217' })).id;
  for (const user of [jana, eva]) await here.work(user, { queues: [queue], devices: [device.id] });
});

const spent = (ask: () => Promise<{ status: number }>): Promise<Spending> =>
  meter.of(async () => expect((await ask()).status).toBe(200));

const routes = (): [string, () => Promise<{ status: number }>][] => [
  ['inbound by extension', () => here.ask('route-inbound-call', { query: { extension: '217' } })],
  ['inbound by extension, from a queue', () => here.ask('route-inbound-call', { query: { extension: '217', queue } })],
  [
    'inbound by extension, failed',
    () => here.ask('route-inbound-call', { query: { extension: '217', failed: 'busy' } }),
  ],
  ['inbound by user', () => here.ask('route-inbound-call', { query: { user: jana } })],
  [
    'outbound by extension',
    () => here.ask('route-outbound-call', { query: { extension: '217', to: '+421900000000', queue } }),
  ],
  ['recording', () => here.ask('decide-recording', { query: { event: 'connected', user: jana, queue } })],
  [
    'recording after a transfer',
    () =>
      here.ask('decide-recording', {
        query: { event: 'transferred', user: jana, queue, fromUser: eva, fromQueue: queue },
      }),
  ],
  ['extension', () => here.ask('find-extension', { params: { extension: '217' } })],
];

describe('a routing answer costs at most 4 read units and 2 trips with the token check', () => {
  it.each(routes().map(([name], n) => [name, n] as const))('%s', async (_, n) => {
    const [, ask] = routes()[n] as [string, () => Promise<{ status: number }>];
    await ask();
    const warm = await spent(ask);
    expect(warm.commands).toEqual(expect.any(Array));
    expect([warm.readUnits <= 4, warm.trips <= 2, warm.writeUnits]).toEqual([true, true, 0]);
    // With nothing at hand it is no trip more: half a unit for each 4 kB of records and definitions.
    definitions.forget(here.deps);
    delete here.deps.definitions.ofCalls;
    const cold = await spent(ask);
    expect([cold.commands, cold.trips]).toEqual([cold.commands, warm.trips]);
    expect(cold.readUnits).toBeLessThanOrEqual(warm.readUnits + 2.5);
  });

  it('each extension that a call is passed on to costs two trips and two units more', async () => {
    const ask = () => here.ask('route-inbound-call', { query: { extension: '218' } });
    await ask();
    const { trips, readUnits, commands } = await spent(ask);
    expect([commands, trips, readUnits]).toEqual([commands, 4, 6]);
  });
});
