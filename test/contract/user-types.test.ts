import { fieldMatrix, hasTelephony, userTypeNames } from '#contract/user-types.ts';

describe('user types', () => {
  it.each(userTypeNames)('C18 say of %s that it takes calls just where it can be recorded', (type) => {
    expect(hasTelephony(type)).toBe(fieldMatrix().recording[type] !== 'no');
  });
});
