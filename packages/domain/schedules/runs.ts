// What became of each scheduled time: begun so many times, done once. Remembered longer than any source repeats itself.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import type { Condition } from '#table/condition.ts';
import { runKey } from '#table/keys.ts';
import { absent, type Item, update, type Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';

const KEPT_SECONDS = 40 * 86_400;

const runItem = once(() =>
  z.object({
    type: z.literal('run'),
    v: z.literal(1),
    state: z.enum(['begun', 'done']),
    /** How often it was begun. */
    attempts: z.number(),
    /** Of the last attempt. */
    startedAt: z.number(),
    endedAt: z.number().optional(),
    /** What the work came to. */
    result: z.unknown().optional(),
  }),
);

export type Begun = { isDone: false; attempt: number } | { isDone: true; result: unknown };

/** Counts an attempt; of a time that is done it gives the result instead. For the holder of the lease alone. */
export async function begin(deps: Deps, schedule: string, at: number): Promise<Begun> {
  const now = deps.now();
  const notDone: Condition = ['or', absent, ['=', 'state', 'begun']];
  const beginning = update(
    runKey(schedule, at),
    {
      set: { type: 'run', v: 1, state: 'begun', startedAt: now, ttl: Math.ceil(now / 1000) + KEPT_SECONDS },
      increase: { attempts: 1 },
    },
    { if: notDone, otherwise: (found) => new Done(found) },
  );
  try {
    return { isDone: false, attempt: runItem().parse(await deps.table.write(beginning)).attempts };
  } catch (error) {
    if (!(error instanceof Done)) throw error;
    return { isDone: true, result: runItem().parse(error.item).result };
  }
}

/** The write that marks it as done. */
export function done(deps: Deps, schedule: string, at: number, result: unknown): Write {
  return update(runKey(schedule, at), {
    set: { state: 'done', endedAt: deps.now(), ...(result !== undefined && { result }) },
  });
}

/** What it came to, if it is done. */
export async function known(deps: Deps, schedule: string, at: number): Promise<{ result: unknown } | undefined> {
  const item = await deps.table.get(runKey(schedule, at));
  const run = item && runItem().parse(item);
  return run?.state === 'done' ? { result: run.result } : undefined;
}

class Done extends Error {
  override readonly name = 'Done';
  readonly item: Item | undefined;

  constructor(item: Item | undefined) {
    super();
    this.item = item;
  }
}
