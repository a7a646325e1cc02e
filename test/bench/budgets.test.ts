import { budgets, overBudget } from '../../bench/budgets.ts';
import { type Measured, measureScenarios, type ScenarioName } from '../../bench/scenarios.ts';

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
      for (const spent of [warm, cold]) {
        expect({ over: overBudget(budget, spent), commands: spent.commands }).toEqual({
          over: [],
          commands: spent.commands,
        });
      }
    });
  }

  it('settings that are not at hand cost one read unit and one trip more at most', () => {
    for (const { name, warm, cold } of measured) {
      const more = { readUnits: warm.readUnits + 1, writeUnits: warm.writeUnits, trips: warm.trips + 1 };
      expect([name, overBudget(more, cold)]).toEqual([name, []]);
    }
  });

  it('a session check never waits for the settings, and neither does a list', () => {
    for (const name of ['session check', 'session check that touches', 'list 100 users'] satisfies ScenarioName[]) {
      const { warm, cold } = spendingOf(name);
      expect(cold.commands).toEqual(warm.commands);
    }
  });
});
