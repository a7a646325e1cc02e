import { type DeviceKind, deviceKinds } from '#contract/device-kinds.ts';
import { Problem } from '#contract/problems.ts';
import { checkedAddress } from '#domain/telephones/address.ts';

const good: [DeviceKind, string, string][] = [
  ['sip', 'sip:desk-12@pbx.example.com', 'sip:desk-12@pbx.example.com'],
  ['sip', 'sips:j.n+1~2_3@pbx', 'sips:j.n+1~2_3@pbx'],
  ['sip', 'sip:12@192.0.2.7:5061;transport=tls', 'sip:12@192.0.2.7:5061;transport=tls'],
  ['external', '+420601234567', '+420601234567'],
  ['external', '00420 601/234-567', '+420601234567'],
  ['teams', 'Jana.Novakova@example.com', 'Jana.Novakova@example.com'],
];

const bad: [DeviceKind, string][] = [
  // Another request, header, parameter or host than meant would be dialled.
  ['sip', 'sip:desk@pbx.example.com\r\nX: y'],
  ['sip', 'sip:desk@pbx.example.com?Replaces=1'],
  ['sip', 'sip:desk@pbx.example.com;maddr=192.0.2.9'],
  ['sip', 'sip:desk@pbx.example.com;transport=tls;lr'],
  ['sip', 'sip:desk@evil@pbx.example.com'],
  ['sip', '<sip:desk@pbx.example.com>'],
  ['sip', 'sip:desk@pbx.example.com,sofia/external/1'],
  ['sip', 'sip:$' + '{system(id)}@pbx.example.com'],
  ['sip', 'sip:desk@pbx.example.com '],
  ['sip', `sip:desk@${'a'.repeat(160)}`],
  ['sip', 'desk@pbx.example.com'],
  ['sip', 'tel:+420601234567'],
  ['sip', 'sip:desk@pbx..example.com'],
  ['sip', 'sip:desk@-pbx.example.com'],
  ['sip', ''],
  ['external', '217'],
  ['external', '112'],
  ['external', '601234567'],
  ['external', '+0601234567'],
  ['external', '+4206012345678901'],
  ['external', 'sip:desk-12@pbx.example.com'],
  ['external', '+420601234567,1'],
  ['teams', 'jana'],
  ['teams', 'jana@example.com, petr@example.com'],
  ['teams', 'jana@example.com\n'],
  ['teams', '+420601234567'],
];

describe('S1-25 the address of a device', () => {
  it.each(good)('of kind %s can be %j', (kind, address, kept) => {
    expect(checkedAddress(kind, address)).toBe(kept);
  });

  it.each(bad)(
    'of kind %s cannot be %j: the refusal points at it, and says what it should be like',
    (kind, address) => {
      const refused = catching(() => checkedAddress(kind, address));
      expect(refused.code).toBe('invalid_input');
      expect(refused.facts).toMatchObject({
        errors: [{ pointer: '/body/address', detail: expect.stringContaining('must') }],
        rule: 'S1-25',
        because: kind,
        remedy: expect.stringContaining('like'),
      });
      // What is recommended would be taken.
      const example = /like (\S+),/.exec(refused.facts.remedy as string)?.[1] as string;
      expect(checkedAddress(kind, example)).toBe(example);
    },
  );

  it('is of one kind alone: what is good for one is refused for each other', () => {
    for (const [kind, address] of good) {
      for (const other of deviceKinds.filter((each) => each !== kind)) {
        expect(() => checkedAddress(other, address)).toThrow(Problem);
      }
    }
  });
});

function catching(action: () => unknown): Problem {
  try {
    action();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('Nothing was refused');
}
