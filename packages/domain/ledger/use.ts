// How many seats of a license were used when, by the ledger: one pass over its intervals for any number of days. Remembers instants
// alone, and of these only what changed within the days.

import { ledgerKeys } from '#table/keys.ts';
import type { Deps } from '../deps.ts';
import { type Interval, intervalsBehind } from './interval.ts';

const DAY_MS = 86_400_000;

export interface DayUse {
  /** yyyy-mm-dd, UTC. */
  day: string;
  /** At its end. */
  used: number;
  /** The most at any instant of it. */
  peak: number;
}

interface Moves {
  /** Just before the first instant. */
  used: number;
  taken: number[];
  freed: number[];
}

/**
 * @param days in their order; with those between them, if there are any
 * @param usedBefore just before the first of them, where that is known: then what has not changed since is not read
 */
export async function useOf(
  deps: Deps,
  license: string,
  days: readonly string[],
  usedBefore?: number,
): Promise<DayUse[]> {
  const since = Date.parse(days[0] as string);
  const parts = await Promise.all(
    ledgerKeys.partitions(license).map((partition) => movesIn(deps, partition, since, usedBefore === undefined)),
  );
  const moves: Moves = {
    used: usedBefore ?? parts.reduce((sum, { used }) => sum + used, 0),
    taken: parts.flatMap(({ taken }) => taken).sort(byTime),
    freed: parts.flatMap(({ freed }) => freed).sort(byTime),
  };
  const asked = new Set(days);
  return through(moves, since, Date.parse(days.at(-1) as string)).filter(({ day }) => asked.has(day));
}

const byTime = (a: number, b: number) => a - b;

async function movesIn(deps: Deps, partition: string, since: number, isWhole: boolean): Promise<Moves> {
  const moves: Moves = { used: 0, taken: [], freed: [] };
  const add = ({ from, to }: Interval) => {
    if (from < since) moves.used++;
    else moves.taken.push(from);
    if (to !== undefined) moves.freed.push(to);
  };
  const ended = intervalsBehind(deps, partition, ledgerKeys.endedFrom(since), ledgerKeys.openOnes);
  for await (const interval of ended) add(interval);
  const first = isWhole ? ledgerKeys.openOnes : ledgerKeys.openFrom(since);
  for await (const interval of intervalsBehind(deps, partition, first)) add(interval);
  return moves;
}

/** What is freed at an instant is free for who takes it at the same. */
function through({ used, taken, freed }: Moves, since: number, lastDay: number): DayUse[] {
  const found: DayUse[] = [];
  let [now, t, f] = [used, 0, 0];
  for (let begin = since; begin <= lastDay; begin += DAY_MS) {
    const end = begin + DAY_MS;
    let peak = startsAt(begin) ? 0 : now;
    for (let at = next(); at < end; at = next()) {
      while ((freed[f] as number) === at) [now, f] = [now - 1, f + 1];
      while ((taken[t] as number) === at) [now, t] = [now + 1, t + 1];
      peak = Math.max(peak, now);
    }
    found.push({ day: new Date(begin).toISOString().slice(0, 10), used: now, peak });
  }
  return found;

  function next(): number {
    return Math.min(taken[t] ?? Number.POSITIVE_INFINITY, freed[f] ?? Number.POSITIVE_INFINITY);
  }
  /** Then what was before is not of this day. */
  function startsAt(begin: number): boolean {
    return next() === begin;
  }
}
