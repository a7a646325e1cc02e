// Reads EventBridge Scheduler's expressions and says when they are due next, in UTC.
// Covers rate() and cron() with numbers, names, lists, ranges and steps; L, W and # are refused rather than guessed.

const UNIT_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const DAYS_AHEAD_MAX = 366 * 5;

/** When the schedule is due next after an instant (epoch ms). */
export type NextRun = (after: number) => number;

/** @throws Error that names the expression and what is wrong with it */
export function parseSchedule(expression: string): NextRun {
  const [, kind, inside = ''] = /^(rate|cron)\((.*)\)$/.exec(expression) ?? [];
  try {
    if (kind === 'rate') return rate(inside);
    if (kind === 'cron') return cron(inside);
    throw new Error('must be rate(…) or cron(…)');
  } catch (error) {
    throw new Error(`The schedule ${expression} is not valid: ${(error as Error).message}`);
  }
}

function rate(inside: string): NextRun {
  const [, count = '', unit = ''] = /^([1-9][0-9]*) (minute|hour|day)s?$/.exec(inside) ?? [];
  if (!count) throw new Error('a rate is a number and minutes, hours or days');
  const every = Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
  return (after) => after + every;
}

function cron(inside: string): NextRun {
  const fields = inside.split(' ');
  if (fields.length !== 6) throw new Error('cron takes minute, hour, day of month, month, day of week and year');
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = '', year = ''] = fields;
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) throw new Error('either day of month or day of week must be ?');
  const minutes = values(minute, 0, 59);
  const hours = values(hour, 0, 23);
  const months = values(month, 1, 12, MONTHS);
  const years = values(year, 1970, 2199);
  const monthDays = values(dayOfMonth, 1, 31);
  const weekdays = values(dayOfWeek, 1, 7, WEEKDAYS);
  const isDue = (day: Date) =>
    years.has(day.getUTCFullYear()) &&
    months.has(day.getUTCMonth() + 1) &&
    monthDays.has(day.getUTCDate()) &&
    weekdays.has(day.getUTCDay() + 1);
  return (after) => {
    const first = Math.floor(after / UNIT_MS.day) * UNIT_MS.day;
    for (let ahead = 0; ahead <= DAYS_AHEAD_MAX; ahead++) {
      const midnight = first + ahead * UNIT_MS.day;
      if (!isDue(new Date(midnight))) continue;
      for (const h of hours) {
        for (const m of minutes) {
          const at = midnight + h * UNIT_MS.hour + m * UNIT_MS.minute;
          if (at > after) return at;
        }
      }
    }
    throw new Error(`cron(${inside}) is not due within five years`);
  };
}

/** The numbers that a field allows, ascending. `?` and `*` allow all. */
function values(field: string, least: number, greatest: number, names: readonly string[] = []): Set<number> {
  const allowed = new Set<number>();
  for (const part of field.split(',')) {
    const [, from = '', to, step] = /^([^-/]+)(?:-([^-/]+))?(?:\/([1-9][0-9]*))?$/.exec(part) ?? [];
    const isAny = from === '*' || from === '?';
    const begin = isAny ? least : number(from, names, part);
    const end = isAny || (step && !to) ? greatest : number(to ?? from, names, part);
    if (begin < least || end > greatest || begin > end)
      throw new Error(`${part} is not within ${least} to ${greatest}`);
    for (let value = begin; value <= end; value += Number(step ?? 1)) allowed.add(value);
  }
  return new Set([...allowed].sort((a, b) => a - b));
}

function number(written: string, names: readonly string[], part: string): number {
  const named = names.indexOf(written.toUpperCase());
  if (named >= 0) return named + 1;
  if (!/^[0-9]+$/.test(written)) throw new Error(`${part || 'an empty field'} is not understood here`);
  return Number(written);
}
