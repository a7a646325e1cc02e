import { days } from '#domain/schedules/days.ts';

const at = (instant: string) => Date.parse(instant);

describe('days that are due', () => {
  it.each([
    ['the first time, the day itself', undefined, '2026-03-02T00:15Z', ['2026-03-02']],
    ['a day later, that day', '2026-03-01T00:15Z', '2026-03-02T00:15Z', ['2026-03-02']],
    ['again on the same day, that day', '2026-03-02T00:15Z', '2026-03-02T23:59Z', ['2026-03-02']],
    ['a minute later, but on the next day', '2026-03-01T23:59Z', '2026-03-02T00:00Z', ['2026-03-02']],
    [
      'three days later, over the end of a month',
      '2026-02-27T00:15Z',
      '2026-03-02T00:15Z',
      ['2026-02-28', '2026-03-01', '2026-03-02'],
    ],
    ['of a time before the last, its day alone', '2026-03-02T00:15Z', '2026-01-01T00:00Z', ['2026-01-01']],
  ])('%s', (_what, from, to, expected) => {
    expect(days(from === undefined ? undefined : at(from), at(to))).toEqual(expected);
  });
});
