import { jest } from '@jest/globals';
import { reactions } from '#contract/reactions.ts';
import { parseSchedule } from '#local/schedule-expression.ts';
import { startSchedules } from '#local/schedules.ts';

const next = (expression: string, after: string) =>
  new Date(parseSchedule(expression)(Date.parse(after))).toISOString().replace(':00.000Z', 'Z');

describe('schedule expressions', () => {
  it.each([
    ['rate(1 minute)', '2026-03-01T10:07Z', '2026-03-01T10:08Z'],
    ['rate(15 minutes)', '2026-03-01T10:07Z', '2026-03-01T10:22Z'],
    ['rate(2 hours)', '2026-03-01T23:00Z', '2026-03-02T01:00Z'],
    ['rate(1 day)', '2026-02-28T10:00Z', '2026-03-01T10:00Z'],
    ['cron(15 0 * * ? *)', '2026-03-01T00:14Z', '2026-03-01T00:15Z'],
    ['cron(15 0 * * ? *)', '2026-03-01T00:15Z', '2026-03-02T00:15Z'],
    ['cron(0/20 * * * ? *)', '2026-03-01T10:41Z', '2026-03-01T11:00Z'],
    ['cron(0 8-10/2 ? * MON-FRI *)', '2026-03-06T10:00Z', '2026-03-09T08:00Z'],
    ['cron(0 12 ? * 1 *)', '2026-03-02T00:00Z', '2026-03-08T12:00Z'],
    ['cron(30 6 29 FEB ? *)', '2026-03-01T00:00Z', '2028-02-29T06:30Z'],
    ['cron(0 0 1,15 * ? 2027)', '2026-03-01T00:00Z', '2027-01-01T00:00Z'],
  ])('%s after %s is due at %s', (expression, after, due) => {
    expect(next(expression, after)).toBe(due);
  });

  it.each([
    'rate(0 minutes)',
    'rate(5)',
    'rate(1 week)',
    'cron(0 0 * * * *)',
    'cron(0 0 L * ? *)',
    'cron(0 0 ? * 2#1 *)',
    'cron(60 0 * * ? *)',
    'cron(5-1 0 * * ? *)',
    'cron(0 0 * * ?)',
    'at(2026-01-01T00:00:00)',
  ])('refuses %s by name rather than guessing', (expression) => {
    expect(() => parseSchedule(expression)).toThrow(`The schedule ${expression} is not valid`);
  });

  it('reads every schedule of the reactions', () => {
    for (const { on } of reactions) if (on.from === 'schedule') parseSchedule(on.expression);
  });
});

describe('schedules of the local tenant', () => {
  const told = (instant: string) => ['expire-tokens', { scheduledAt: instant }];

  it('run once at the start, told when it was due', async () => {
    const runs: unknown[] = [];
    const schedules = startSchedules(
      [{ id: 'expire-tokens', expression: 'rate(15 minutes)' }],
      async (id, event) => void runs.push([id, event]),
      { now: () => Date.parse('2026-03-01T10:00Z') },
    );
    await schedules.stop();
    expect(runs).toEqual([told('2026-03-01T10:00:00.000Z')]);
  });

  it('come back a minute later, for the same time, when somebody else was at it, and then as scheduled', async () => {
    jest.useFakeTimers({ now: Date.parse('2026-03-01T10:00Z') });
    try {
      const runs: unknown[] = [];
      const schedules = startSchedules([{ id: 'expire-tokens', expression: 'rate(15 minutes)' }], async (id, event) =>
        runs.push([id, event]) === 1 ? { skipped: 'running' } : {},
      );
      await jest.advanceTimersByTimeAsync(59_999);
      expect(runs).toHaveLength(1);
      await jest.advanceTimersByTimeAsync(15 * 60_000 + 1);
      expect(runs).toEqual([
        told('2026-03-01T10:00:00.000Z'),
        told('2026-03-01T10:00:00.000Z'),
        told('2026-03-01T10:16:00.000Z'),
      ]);
      await schedules.stop();
    } finally {
      jest.useRealTimers();
    }
  });

  it('say that a run failed and go on', async () => {
    const said: string[] = [];
    const schedules = startSchedules(
      [{ id: 'snapshot-licenses', expression: 'rate(1 day)' }],
      () => Promise.reject(new Error('no table')),
      { say: (line) => said.push(line) },
    );
    await schedules.stop();
    expect(said.join()).toMatch(/snapshot-licenses failed on its schedule: .*no table/);
  });
});
