import { price } from '#contract/seats.ts';

const isPrice = (amount: number) => price().safeParse({ amount, currency: 'EUR' }).success;

describe('S1-35 the price of a seat', () => {
  it('is any number of cents, up to a million', () => {
    const refused: number[] = [];
    for (let cents = 0; cents <= 100_000_000; cents += 997) if (!isPrice(cents / 100)) refused.push(cents);
    expect(refused).toEqual([]);
    expect(isPrice(1_000_000)).toBe(true);
  });

  it.each([1e-9, 0.005, 1.005, 19.999, 0.1 + 0.2, 999_999.990_000_1])(
    'is not %d: that has parts of cents',
    (amount) => {
      expect(isPrice(amount)).toBe(false);
    },
  );
});
