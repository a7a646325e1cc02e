// The next free number. However many are used, it takes one page of them and some forty single numbers to find one.

import type { NumberKind } from '#table/keys.ts';
import type { Deps } from '../deps.ts';
import { page, startAt } from './directory.ts';
import { emergencyOf } from './emergency.ts';
import {
  freeAt,
  isReserved,
  keyOf,
  type NumberItem,
  numberItem,
  type Rules,
  reservedOf,
  reservedUntil,
} from './numbers.ts';

/** Numeric IDs from 1 on; extensions of three digits, and not 1XX (S1-23). */
const FIRST: Record<NumberKind, string> = { 'numeric-ids': '1', extensions: '200' };
const DIGITS_MAX = 6;
/** Numbers among which a gap is looked for. */
const PAGE = 200;

/** Numbers that are looked through one after another: numeric IDs, or extensions of one length. */
interface Series {
  kind: NumberKind;
  /** Digits of each; 0 for numeric IDs, which have as many as they need. */
  length: number;
  first: number;
  last: number;
  /** Numbers that are meant for something else already. */
  besides: readonly string[];
}

/**
 * A number that can be given: the lowest from `from` on where there is a gap among the next two hundred, else the one after those
 * that are used without one. When all of its length are used, a longer one. @returns undefined when none was found
 * @param besides numbers that are meant for something else already, though nobody has them
 */
export async function nextFree(
  deps: Deps,
  kind: NumberKind,
  from = FIRST[kind],
  rules: Rules,
  besides: readonly string[] = [],
): Promise<string | undefined> {
  for (const series of seriesFrom(kind, from, besides)) {
    const found = await freeIn(deps, series, rules);
    if (found !== undefined) return found;
  }
  return undefined;
}

function seriesFrom(kind: NumberKind, from: string, besides: readonly string[]): Series[] {
  if (kind === 'numeric-ids') {
    return [{ kind, length: 0, first: Math.max(1, Number(from)), last: 10 ** DIGITS_MAX - 1, besides }];
  }
  const shortest = Math.max(2, from.length);
  return Array.from({ length: DIGITS_MAX - shortest + 1 }, (_, n) => {
    const length = shortest + n;
    // Longer ones than asked for begin without a zero, as people count.
    const first = length === from.length ? Number(from) : 10 ** (length - 1);
    return { kind, length, first, last: 10 ** length - 1, besides };
  });
}

const written = ({ length }: Series, value: number) => String(value).padStart(length, '0');

async function freeIn(deps: Deps, series: Series, rules: Rules): Promise<string | undefined> {
  const { kind, first, last } = series;
  const { numbers, next } = await page(deps, kind, { from: startAt(kind, written(series, first)), limit: PAGE });
  const kept = new Set(numbers.filter((item) => !hasRested(deps, item, rules)).map(({ number }) => number));
  const known = next ? endOf(series, numbers.at(-1)) : last;
  for (let value = first; value <= known; value++) {
    const number = written(series, value);
    const reserved = reservedUntil(number, reservedOf(kind, rules));
    // A range is leapt over: it may hold most of all numbers.
    if (reserved !== undefined) value = reserved;
    else if (!kept.has(number) && isGiven(series, number, rules)) return number;
  }
  return known < last ? freeAfter(deps, series, known, rules) : undefined;
}

/** Up to which number a page tells all; it may have gone on to longer ones. */
function endOf({ length, last }: Series, item: NumberItem | undefined): number {
  if (!item || (length > 0 && item.number.length > length)) return last;
  return Number(item.number);
}

/** A free number after one that is not: found by leaps that double, then by halves. */
async function freeAfter(deps: Deps, series: Series, used: number, rules: Rules): Promise<string | undefined> {
  const leaps: number[] = [];
  for (let leap = 1; used + leap < series.last; leap *= 2) leaps.push(used + leap);
  leaps.push(series.last);
  const at = (await areFree(deps, series, leaps, rules)).indexOf(true);
  if (at < 0) return undefined;
  let low = leaps[at - 1] ?? used;
  let high = leaps[at] as number;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const [isFree] = await areFree(deps, series, [middle], rules);
    if (isFree) high = middle;
    else low = middle;
  }
  return written(series, high);
}

async function areFree(deps: Deps, series: Series, values: readonly number[], rules: Rules): Promise<boolean[]> {
  const numbers = values.map((value) => written(series, value));
  const items = await deps.table.batchGet(numbers.map((number) => keyOf(series.kind, number)));
  return numbers.map((number, n) => {
    const item = items[n] && numberItem().parse(items[n]);
    return (item === undefined || hasRested(deps, item, rules)) && isGiven(series, number, rules);
  });
}

function hasRested(deps: Deps, item: NumberItem, rules: Rules): boolean {
  const at = freeAt(item, rules);
  return at !== undefined && at <= deps.now();
}

/** Neither kept back nor easily mistaken for a call for help. */
function isGiven({ kind, besides }: Series, number: string, rules: Rules): boolean {
  if (besides.includes(number)) return false;
  if (isReserved(number, reservedOf(kind, rules))) return false;
  return kind === 'numeric-ids' || emergencyOf(number) === undefined;
}
