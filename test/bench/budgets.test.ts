import { budgets, definitionsReadUnits, overBudget } from '../../bench/budgets.ts';
import { type Measured, measureScenarios } from '../../bench/scenarios.ts';

let measured: Measured[];
beforeAll(async () => {
  measured = await measureScenarios();
});

const spendingOf = (name: string): Measured => {
  const found = measured.find((each) => each.name === name);
  if (!found) throw new Error(`Nothing was measured for ${name}`);
  return found;
};

describe('operations keep their budget of DynamoDB units and trips in sequence', () => {
  for (const [name, budget] of Object.entries(budgets)) {
    const { readUnits, writeUnits, trips } = budget;
    it(`${name}: at most ${readUnits} read units, ${writeUnits} write units, ${trips} trips`, () => {
      const { warm, cold } = spendingOf(name);
      const withDefinitions = { ...budget, readUnits: readUnits + definitionsReadUnits };
      expect({ over: overBudget(budget, warm), commands: warm.commands }).toEqual({
        over: [],
        commands: warm.commands,
      });
      expect({ over: overBudget(withDefinitions, cold), commands: cold.commands }).toEqual({
        over: [],
        commands: cold.commands,
      });
    });
  }

  it('a signed-in request never waits for definitions that are not at hand', () => {
    for (const { name, warm, cold } of measured) {
      if (name.startsWith('accept') || name.startsWith('ask') || name.startsWith('sign-in')) continue;
      expect([name, cold.trips]).toEqual([name, warm.trips]);
    }
  });
});
