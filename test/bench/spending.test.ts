import { spendingOf } from '../../bench/spending.ts';

const request = (startedAt: number, endedAt: number, units = { readUnits: 1, writeUnits: 0 }) => ({
  command: 'Query',
  startedAt,
  endedAt,
  ...units,
});

describe('trips in sequence', () => {
  it('count requests that follow one another', () => {
    expect(spendingOf([request(0, 1), request(1, 2), request(5, 6)]).trips).toBe(3);
  });

  it('count requests at the same time once', () => {
    expect(spendingOf([request(0, 9), request(1, 4), request(2, 3)]).trips).toBe(1);
  });

  it('count the longest row where one long request runs beside two short ones', () => {
    expect(spendingOf([request(0, 9), request(1, 3), request(4, 8), request(9, 10)]).trips).toBe(3);
  });
});

describe('units', () => {
  it('are summed, and told command by command in the order they began', () => {
    const written = { readUnits: 0, writeUnits: 6 };
    expect(spendingOf([{ ...request(3, 4, written), command: 'TransactWriteItems' }, request(0, 1)])).toMatchObject({
      readUnits: 1,
      writeUnits: 6,
      commands: ['Query 1 R', 'TransactWriteItems 6 W'],
    });
  });
});
