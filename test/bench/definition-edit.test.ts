import { definitionBudget, type MeasuredEdit, measureDefinitionEdit } from '../../bench/definition-edit.ts';

describe('G7 an edit of rights by which everybody takes another license', () => {
  let measured: MeasuredEdit;
  beforeAll(async () => {
    measured = await measureDefinitionEdit(480);
  }, 120_000);

  it(`costs at most ${definitionBudget.unitsAUser} units a user`, () => {
    const { reads, writes } = measured.units;
    expect({ isKept: reads + writes <= definitionBudget.unitsAUser, reads, writes }).toMatchObject({ isKept: true });
  });

  it('writes at most an eighth to one partition key', () => {
    const [partition, share = 1] = measured.shares[0] ?? [];
    expect({ isKept: share <= definitionBudget.shareOfWrites, partition, share }).toMatchObject({ isKept: true });
  });
});
