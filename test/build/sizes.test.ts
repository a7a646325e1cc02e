import { budgetBytes, exceptions, overBudget } from '#build/sizes.ts';
import { operations } from '#contract/operations.ts';

describe('size budgets', () => {
  it('name each bundle that is over its budget, and no other', () => {
    const over = overBudget([
      { id: 'get-user', bytes: budgetBytes },
      { id: 'list-users', bytes: budgetBytes + 1000 },
      { id: 'get-openapi', bytes: budgetBytes + 1000 },
    ]);
    expect(over).toEqual(['list-users is 301 kB, its budget is 300 kB']);
  });

  it('make exceptions only for operations that exist, each with a reason', () => {
    for (const [id, { reason }] of Object.entries(exceptions)) {
      expect(Object.keys(operations)).toContain(id);
      expect(reason).not.toBe('');
    }
  });
});
