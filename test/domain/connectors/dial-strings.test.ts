import fc from 'fast-check';
import { outside, ringing } from '#domain/connectors/dial-strings.ts';
import type { Ringing } from '#domain/routing/devices.ts';

const variable = (name: string) => `\${${name}}`;
const turn = (kind: Ringing['device']['kind'], address: string, startsAt = 0, endsAt = 30): Ringing => ({
  device: { kind, name: 'Any', address },
  why: 'assigned',
  startsAt,
  endsAt,
});
const rings = (...turns: Ringing[]) => ringing(turns, { trunk: 'trk_a1b2c3', keepsEarlyMedia: false });

describe('S0-42 C9 dial strings', () => {
  it.each([
    ['own', 'jana.217', `user/jana.217@${variable('domain_name')}`],
    ['own', 'usr_0123456789abcdef01234567', `user/usr_0123456789abcdef01234567@${variable('domain_name')}`],
    ['own', 'sip:jana@pbx.example.com;transport=tls', 'sofia/external/sip:jana@pbx.example.com;transport=tls'],
    ['sip', 'sips:desk@10.0.0.7:5061', 'sofia/external/sips:desk@10.0.0.7:5061'],
    ['external', '+420601234567', 'sofia/gateway/trk_a1b2c3/+420601234567'],
    ['teams', 'jana@example.com', 'loopback/jana@example.com/roster-teams'],
  ] as const)('of %s: %s', (kind, address, dialed) => {
    expect(rings(turn(kind, address, 5, 25))).toEqual({
      data: `{originate_timeout=25,ignore_early_media=ring_ready}[leg_delay_start=5,leg_timeout=20]${dialed}`,
      left: [],
    });
  });

  it.each([
    ['own', `${variable('system(id)')}`],
    ['own', 'a,user/b'],
    ['own', 'a@b'],
    ['own', ''],
    ['sip', 'desk-12'],
    ['sip', 'sip:a@b.example.com,sofia/gateway/x/+900'],
    ['sip', 'sip:a@b.example.com?X-A=b'],
    ['sip', 'sip:a@b.example.com|c'],
    ['external', '217'],
    ['external', '+420;transport=tcp'],
    ['external', '+4206]sofia'],
    ['teams', 'a@b/../c'],
    ['teams', 'a@b:_:c'],
    ['teams', "o'brien@example.com"],
  ] as const)('leave out %s: %s', (kind, address) => {
    const good = turn('external', '+420601234567');
    expect(rings(turn(kind, address), good)).toEqual({ ...rings(good), left: [turn(kind, address).device] });
    expect(rings(turn(kind, address)).data).toBeUndefined();
  });

  it('never hold more legs than there are turns, nor anything but addresses in them', () => {
    const address = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.stringMatching(/^(sip:)?[a-z,|{}$@.:;+0-9-]{1,20}$/),
    );
    const kind = fc.constantFrom('own', 'sip', 'external', 'teams');
    const leg =
      /^\[leg_delay_start=0,leg_timeout=30\](user\/[\w.~+-]+@\$\{domain_name\}|sofia\/external\/sips?:[\w.~+-]+@[A-Za-z0-9.-]+(:\d+)?(;transport=[a-z]+)?|sofia\/gateway\/trk_a1b2c3\/\+\d+|loopback\/[\w.+-]+@[A-Za-z0-9.-]+\/roster-teams)$/;
    fc.assert(
      fc.property(kind, address, (kind, address) => {
        const { data, left } = rings(turn(kind as 'own', address));
        expect(left).toHaveLength(data === undefined ? 1 : 0);
        if (data !== undefined) expect(data.slice(data.indexOf('}') + 1)).toMatch(leg);
      }),
      { numRuns: 2000 },
    );
  });

  it('lead outside by the trunk alone, and are not made of anything but a number', () => {
    expect(outside('+420601234567', undefined)).toBe(`sofia/gateway/${variable('roster_trunk')}/+420601234567`);
    for (const [number, trunk] of [
      ['217', 'trk_a1b2c3'],
      ['+420,x', 'trk_a1b2c3'],
      ['+420601234567', 'a/b'],
      ['+420601234567', variable('x')],
    ] as const) {
      expect(() => outside(number, trunk)).toThrow('Not a number outside');
    }
  });
});
