import { countedOnce, put, update, type Write } from '#table/write.ts';

const skill = { pk: 'RECORDS#skill', sk: 'SKILL#skl_1' };
const tag = { pk: 'RECORDS#tag', sk: 'TAG#tag_1' };
const increases = (writes: Write[]) =>
  writes.map((write) => (write.kind === 'update' ? write.changes.increase : write.kind));

describe('counts of one item in one transaction', () => {
  it('become one write, the first of them, with the sums of all', () => {
    const given = [
      update(skill, { increase: { usedBy: 1 } }),
      update(tag, { increase: { usedBy: 1 } }),
      update(skill, { increase: { inPersonalProfiles: 1 } }),
      update(skill, { increase: { usedBy: -1 } }),
    ];
    expect(increases(countedOnce(given))).toEqual([{ usedBy: 0, inPersonalProfiles: 1 }, { usedBy: 1 }]);
    // What was given is as it was: it may be written once more, after a race.
    expect(increases(given)).toHaveLength(4);
    expect(given[0]).toMatchObject({ changes: { increase: { usedBy: 1 } } });
  });

  it('leave all other writes alone, also of the same item', () => {
    const given = [
      put({ ...skill, name: 'English' }),
      update(skill, { set: { name: 'English' }, increase: { usedBy: 1 } }),
      update(skill, { increase: { usedBy: 1 } }),
    ];
    expect(countedOnce(given)).toEqual(given);
  });
});
