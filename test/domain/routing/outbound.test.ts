import { randomBytes } from 'node:crypto';
import type { CallerIds, Trunk } from '#domain/records/record.ts';
import { drawn } from '#domain/routing/draw.ts';
import { type OutboundCall, routeOutbound } from '#domain/routing/outbound.ts';
import { nothing } from '#domain/work/work.ts';
import { device, now, party, queue, turn } from './parties.ts';

const common = { v: 1 as const, version: 1, usedBy: 0, updatedAt: now };
const trunk = (...outgoingNumbers: string[]): Trunk => ({
  type: 'trunk',
  ...common,
  id: 'trk_1',
  name: 'Trunk',
  outgoingNumbers,
});
const callerIds = (id: string, prefixes: string[], ...outgoingNumbers: string[]): CallerIds => ({
  ...{ type: 'caller-ids', ...common, id, name: id },
  ...{ prefixes, outgoingNumbers },
});
const devices = new Map([device('dev_desk'), device('dev_soft')].map((each) => [each.id, each]));
const present = (
  call: Partial<OutboundCall>,
  {
    own = [] as string[],
    ids = [] as CallerIds[],
    ...values
  }: Record<string, unknown> & { own?: string[]; ids?: CallerIds[] } = {},
) => {
  const jana = party('jana', values, { phone: { outgoingNumbers: own } });
  return routeOutbound({ randomBytes }, { now, ...call }, jana, { callerIds: ids, devices });
};

describe('S0-39 S1-22 S4-16 precedence of outgoing numbers', () => {
  const [ofTrunk, ofUser, ofQueue, ofCallerIds] = ['+420111111111', '+420222222222', '+420333333333', '+420444444444'];
  // Who of trunk, user, queue and caller IDs says a number: the last of them in this order is presented.
  const order = ['trunk', 'user', 'queue', 'caller-ids'] as const;
  const numbers = { trunk: ofTrunk, user: ofUser, queue: ofQueue, 'caller-ids': ofCallerIds };
  const subsets = Array.from({ length: 16 }, (_, bits) => order.filter((_, n) => bits & (1 << n)));

  it.each(subsets.map((subset) => [subset.join(' < ') || 'nobody', subset] as const))('%s', (_, subset) => {
    const says = (who: (typeof order)[number]) => subset.includes(who);
    const call = {
      to: '+421900000000',
      trunk: trunk(...(says('trunk') ? [ofTrunk as string] : [])),
      queue: queue('que_1', { outgoingNumbers: says('queue') ? [ofQueue as string] : [] }),
    };
    const ids = says('caller-ids') ? [callerIds('cid_1', ['+421'], ofCallerIds as string)] : [];
    const { presents, trace } = present(call, { own: says('user') ? [ofUser as string] : [], ids });
    const highest = subset.at(-1);
    expect(presents).toMatchObject({ from: highest ?? 'nothing', among: highest ? 1 : 0 });
    expect(presents.number).toBe(highest && numbers[highest]);
    expect(presents.record).toBe(
      { trunk: 'trk_1', queue: 'que_1', 'caller-ids': 'cid_1', user: undefined }[highest ?? 'user'],
    );
    expect(trace.length).toBeGreaterThan(0);
  });

  it('goes by the longest prefix of the number that is called', () => {
    const ids = [
      callerIds('all', ['+'], '+1'),
      callerIds('cz', ['+420', '+421'], '+2'),
      callerIds('prague', ['+4202'], '+3'),
    ];
    const from = (to?: string) => present({ to }, { ids }).presents.record;
    expect([from('+420211111111'), from('+420611111111'), from('+49301111111'), from('+4202')]).toEqual([
      'prague',
      'cz',
      'all',
      'prague',
    ]);
    // Nobody knows who is called.
    expect(present({}, { ids, own: ['+9'] }).presents).toMatchObject({ from: 'user', number: '+9' });
  });

  it('C21 S4-15 the name is the user’s, whosever number it is', () => {
    const jana = party('jana', {}, { phone: { callerName: 'Acme' } });
    const call = { now, trunk: trunk('+420111111111') };
    expect(routeOutbound({ randomBytes }, call, jana, { callerIds: [], devices }).presents).toMatchObject({
      name: 'Acme',
      from: 'trunk',
    });
  });
});

describe('S0-39 C21 one number by chance', () => {
  // Bound of χ² that a fair draw passes but once in a million, by degrees of freedom.
  const bound: Record<number, number> = { 1: 24, 2: 27.7, 6: 38.3, 19: 63.7 };

  it.each([2, 3, 7, 20])('is uniform over 10,000 calls among %i numbers', (count) => {
    const own = Array.from({ length: count }, (_, n) => `+4206010000${String(n).padStart(2, '0')}`);
    const counts = new Map(own.map((number) => [number, 0]));
    for (let n = 0; n < 10_000; n++) {
      const { number, among } = present({}, { own }).presents;
      expect(among).toBe(count);
      counts.set(number as string, (counts.get(number as string) ?? 0) + 1);
    }
    expect(counts.size).toBe(count);
    const expected = 10_000 / count;
    const chiSquare = [...counts.values()].reduce((sum, each) => sum + (each - expected) ** 2 / expected, 0);
    expect(chiSquare).toBeLessThan(bound[count - 1] as number);
  });

  it('draws again what would make the first numbers likelier', () => {
    const bytes = ['ffffffff', '00000004'].map((hex) => Buffer.from(hex, 'hex'));
    const rigged = { randomBytes: () => bytes.shift() as Buffer };
    // 2^32 − 1 is the last of an incomplete round of seven.
    expect(drawn(rigged, ['a', 'b', 'c', 'd', 'e', 'f', 'g'])).toBe('e');
    expect(bytes).toHaveLength(0);
    expect(drawn(rigged, ['alone'])).toBe('alone');
    expect(drawn(rigged, [])).toBeUndefined();
  });
});

describe('S0-42 C9 what the user calls', () => {
  it('rings on all of their devices at once, each once, whatever their delays', () => {
    const own = [turn('dev_desk', 20, 5), turn('dev_desk', 60, 5)];
    const jana = party(
      'jana',
      { devices: own },
      { work: { ...nothing, devices: ['dev_soft'] }, phone: { sipOption: 'webrtc' } },
    );
    const { rings } = routeOutbound({ randomBytes }, { now }, jana, { callerIds: [], devices });
    expect(rings.map(({ device: { id, kind }, why }) => [id ?? kind, why])).toEqual([
      ['dev_desk', 'assigned'],
      ['dev_soft', 'logged-in'],
      ['own', 'own'],
    ]);
    expect(JSON.stringify(rings)).not.toMatch(/startsAt|delay/);
  });

  it('S0-54 is nothing once they are deactivated', () => {
    expect(present({ trunk: trunk('+420111111111') }, { own: ['+420222222222'], state: 'deactivated' })).toMatchObject({
      presents: { from: 'nothing', among: 0 },
      rings: [],
      trace: [{ rule: 'S0-54' }],
    });
  });
});
