import {
  type BulkEditName,
  bulkBudget,
  bulkEdits,
  type MeasuredBulk,
  measureBulkEdit,
} from '../../bench/bulk-edits.ts';

/** Enough for ten chunks; with more users the fixed costs are spread over more of them. */
const USERS = 480;

describe('S1-34 a bulk edit', () => {
  const measured = new Map<string, MeasuredBulk>();
  const of = (name: string) => measured.get(name) as MeasuredBulk;
  beforeAll(async () => {
    for (const name of Object.keys(bulkEdits)) measured.set(name, await measureBulkEdit(name as BulkEditName, USERS));
  }, 120_000);

  for (const name of Object.keys(bulkEdits)) {
    it(`of ${name} costs at most ${bulkBudget.unitsAUser} units a user: plan, commit and audit`, () => {
      const { total, units } = of(name);
      expect({ isKept: total <= bulkBudget.unitsAUser, total, units }).toMatchObject({ isKept: true });
    });

    it(`of ${name} writes at most an eighth to one partition key, indexes, audit and plan among them`, () => {
      const { shares, writeUnits } = of(name);
      // What is reckoned key by key must be what the engine reports in all.
      expect(Math.abs(writeUnits.reckoned / writeUnits.reported - 1)).toBeLessThan(0.01);
      const [partition, share = 1] = shares[0] ?? [];
      expect({ isKept: share <= bulkBudget.shareOfWrites, partition, share }).toMatchObject({ isKept: true });
      const partitions = shares.map(([each]) => each).join(' ');
      expect(partitions).toMatch(/AUDIT#.*BULK#|BULK#.*AUDIT#/);
      if (name === 'access') expect(partitions).toMatch(/USERS#agents#\d .*DEFINITIONS/);
    });
  }
});
