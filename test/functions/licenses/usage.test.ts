import { spendingMeter } from '../../../bench/spending.ts';
import { licensesRead } from './reading.ts';

describe('S0-57 use of licenses', () => {
  it('is told for each license in seats, percent and money', async () => {
    const { call, aHolder } = await licensesRead({
      voice: { seats: 8, price: { amount: 0.1, currency: 'EUR' } },
      cloudphone: { seats: 3, price: { amount: 12.35, currency: 'USD' } },
      crm: { seats: 0 },
    });
    for (let n = 0; n < 2; n++) await aHolder();
    for (let n = 0; n < 3; n++) await aHolder({ userType: 'cloudphone', access: undefined, rights: undefined });
    const { status, body } = await call('get-license-usage');
    expect(status).toBe(200);
    const of = (id: string) => body.licenses.find((each: { id: string }) => each.id === id);
    // With the first SuperUser’s.
    expect(of('voice')).toEqual({
      ...{ id: 'voice', name: 'Voice', owned: 8, used: 3, free: 5, overCommitted: 0, percent: 37.5 },
      cost: { currency: 'EUR', owned: 0.8, used: 0.3 },
    });
    expect(of('cloudphone')).toMatchObject({
      percent: 100,
      free: 0,
      cost: { currency: 'USD', owned: 37.05, used: 37.05 },
    });
    expect(of('crm')).toEqual({ id: 'crm', name: 'CRM', owned: 0, used: 0, free: 0, overCommitted: 0 });
    expect(body.totals).toEqual([
      { currency: 'EUR', owned: 0.8, used: 0.3 },
      { currency: 'USD', owned: 37.05, used: 37.05 },
    ]);
  });

  it('adds up money of one currency in cents', async () => {
    const price = { amount: 0.1, currency: 'EUR' };
    const { call } = await licensesRead({
      voice: { seats: 1, price },
      email: { seats: 2, price: { ...price, amount: 0.2 } },
    });
    // 0.1 × 1 + 0.2 × 2, which is no 0.5 in binary fractions added one by one.
    expect((await call('get-license-usage')).body.totals).toEqual([{ currency: 'EUR', owned: 0.5, used: 0.1 }]);
  });

  it('costs one read unit a license at most, however many users there are', async () => {
    const spending = spendingMeter();
    const { call, aHolder } = await licensesRead({}, { meter: spending.meter });
    const licenses = (await call('list-licenses')).body.licenses.length;
    const unitsOf = async () => {
      // Who calls is read with each request; the seats are the only batch of it.
      const { commands } = await spending.of(() => call('get-license-usage'));
      return commands
        .map((command) => /^(\w+) ([\d.]+) R$/.exec(command) ?? [])
        .map(([, name, units]) => [name, Number(units)]);
    };
    await unitsOf();
    const few = await unitsOf();
    for (let n = 0; n < 60; n++) await aHolder();
    await unitsOf();
    const many = await unitsOf();
    expect(many).toEqual(few);
    const seats = many.filter(([name, units]) => name === 'BatchGetItem' && Number(units) > 3);
    expect(seats).toHaveLength(1);
    expect(seats[0]?.[1]).toBeLessThanOrEqual(licenses);
  });
});
