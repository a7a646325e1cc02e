import { budget, exceptions, overBudget } from '#build/sizes.ts';
import { operations } from '#contract/operations.ts';

describe('size budgets', () => {
  it('name each bundle that is over its budget, and no other', () => {
    const over = overBudget([
      { id: 'get-user', bytes: budget.typicalBytes },
      { id: 'get-me', bytes: budget.typicalBytes },
      { id: 'list-users', bytes: budget.eachBytes + 1000 },
      { id: 'get-openapi', bytes: budget.eachBytes + 1000 },
      { id: 'sign-out', bytes: 1 },
    ]);
    expect(over).toEqual(['list-users is 326 kB, its budget is 325 kB']);
  });

  it('hold the middle one of all, so that growth everywhere shows', () => {
    const built = ['a', 'b', 'c'].map((id) => ({ id, bytes: budget.typicalBytes + 1000 }));
    expect(overBudget(built)).toEqual(['A typical operation is 301 kB, its budget is 300 kB']);
  });

  it('make exceptions only for operations that exist, each with a reason', () => {
    for (const [id, { reason }] of Object.entries(exceptions)) {
      expect(Object.keys(operations)).toContain(id);
      expect(reason).not.toBe('');
    }
  });
});
