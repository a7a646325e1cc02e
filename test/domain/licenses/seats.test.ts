import { usualCatalogue } from '#contract/license-catalogue.ts';
import type { Rules } from '#domain/licenses/consumption.ts';
import { reseatedBy, seated, seatMoves, seatWrites } from '#domain/licenses/seats.ts';
import type { User } from '#domain/users/user.ts';
import { seatsKey } from '#table/keys.ts';

const rules: Rules = {
  licensing: { edition: 7, catalogue: usualCatalogue },
  accesses: new Map(),
  rights: new Map([
    [
      'rgt_all',
      {
        ...{ type: 'rights', v: 1, version: 1, id: 'rgt_all', name: 'All', usedBy: 0, updatedAt: 0, queues: 'all' },
        ...{ channels: {}, categories: [], groups: [], databases: [], users: 'all' },
      },
    ],
  ]),
  roles: new Map(),
};

const user: User = {
  ...{ type: 'user', v: 1, id: 'usr_a', version: 1, login: 'a', title: 'A', userType: 'contact-center' },
  ...{ state: 'active', secondFactor: 'off', epoch: 1, createdAt: 0, updatedAt: 0 },
};

const places = (writes: ReturnType<typeof seatWrites>) => writes.map((write) => 'key' in write && write.key.pk).sort();

describe('G7 what a change of a user writes to seats', () => {
  it('is one item for each license that is taken or freed, and no other', () => {
    const first = seated(user, rules, 5);
    expect(places(seatWrites(undefined, first))).toEqual([seatsKey('voice').pk]);
    const all = reseatedBy(rules, first, { ...first, rights: 'rgt_all', recording: 'after-bridged' }, 9);
    expect(places(seatWrites(first, all))).toEqual(
      ['call-recording', 'chat', 'email', 'sms', 'social'].map((license) => seatsKey(license).pk),
    );
    expect(all.seats?.held).toMatchObject({ voice: 5, email: 9 });
  });

  it('is a look at the edition where nobody takes another one by it, and nothing where it decides nothing', () => {
    const first = seated(user, rules, 5);
    const other = reseatedBy(rules, first, { ...first, access: 'acc_b' }, 9);
    expect(seatWrites(first, other)).toMatchObject([{ kind: 'check', if: ['=', 'edition', 7] }]);
    const renamed = reseatedBy(rules, first, { ...first, title: 'B' }, 9);
    expect(renamed.seats).toBe(first.seats);
    expect(seatWrites(first, renamed)).toEqual([]);
  });

  it('frees without a look at definitions when somebody goes, and gives anew when they come back', () => {
    const first = seated(user, rules, 5);
    const gone = reseatedBy(rules, first, { ...first, state: 'deactivated' }, 9);
    expect(seatWrites(first, gone)).toMatchObject([
      { changes: { increase: { used: -1, free: 1 } }, if: ['and', ['exists', 'pk']] },
    ]);
    const back = reseatedBy(rules, gone, { ...gone, state: 'active' }, 12);
    expect(back.seats?.held).toEqual({ voice: 12 });
    expect([...seatMoves(gone, back)]).toEqual([['voice', 1]]);
  });

  it('refuses to be forgotten: who changes what decides must have looked', () => {
    const first = seated(user, rules, 5);
    expect(() => seatWrites(undefined, user)).toThrow(/without a look at their seats/);
    expect(() => seatWrites(first, { ...first, recording: 'after-bridged' })).toThrow(/without a look at their seats/);
    expect(() => seatWrites(first, { ...first, state: 'deactivated' })).toThrow(/deactivated and holds seats/);
  });
});
