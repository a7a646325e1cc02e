import fc from 'fast-check';
import { auditKey, claimKey, key, outboxKey, outboxPartitions, userKeys } from '#table/keys.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((value) => !/\p{Cc}/u.test(value));

describe('keys', () => {
  it('differ whenever their parts differ: no value can pose as another key', () => {
    const parts = fc.array(text, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(parts, parts, (a, b) => (key(...a) === key(...b)) === (JSON.stringify(a) === JSON.stringify(b))),
    );
  });

  it('refuse control characters', () => {
    for (const bad of ['\u0000', 'a\nb', '\u007f']) expect(() => claimKey('sign-in-name', bad)).toThrow(RangeError);
  });

  it('put every mail into one of the partitions that the sweep reads', () => {
    fc.assert(fc.property(text, (id) => outboxPartitions.includes(outboxKey(0, id).pk)));
  });

  it('spread the audit entries of a day over the users they are about', () => {
    const partitions = new Map<string, number>();
    for (let n = 0; n < 8000; n++) {
      const { pk } = auditKey(0, `usr_${n.toString(16).padStart(24, '0')}`, 'a');
      partitions.set(pk, (partitions.get(pk) ?? 0) + 1);
    }
    expect(partitions.size).toBe(8);
    expect(Math.max(...partitions.values())).toBeLessThan(1400);
  });

  it('let the list stand in order of titles, the shorter first', () => {
    const sort = (title: string) => userKeys.list('agents', 'usr_1', title).lsk;
    expect(sort('adam') < sort('adam 2')).toBe(true);
    expect(sort('adam') < sort('adama')).toBe(true);
  });
});
