// What became of a chunk: written in the very transaction that changes its users, so that a chunk which has a result is done.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import { bulkKeys } from '#table/keys.ts';
import type { Item } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { type Entry, isPlanned, type Refusal } from './entry.ts';
import { type Became, type Plan, ttlOf } from './plan.ts';

const refusal = once(() => z.object({ code: z.string(), detail: z.string(), pointer: z.string().optional() }));

const resultItem = once(() =>
  z.object({
    type: z.literal('bulk-result'),
    v: z.literal(1),
    at: z.number(),
    /** Of those that were planned, why they were not changed after all. */
    refused: z.record(z.string(), refusal()),
    /** Why nobody of the chunk was. */
    all: refusal().optional(),
  }),
);

export type Result = z.output<ReturnType<typeof resultItem>>;

export function resultOf(at: number, refused: Record<string, Refusal>, all?: Refusal): Result {
  return { type: 'bulk-result', v: 1, at, refused, ...(all && { all }) };
}

export function storedResult(plan: Plan, n: number, result: Result): Item {
  return { ...result, ...bulkKeys.result(plan.id, n), ttl: ttlOf(plan) };
}

/** Undefined: it is not done yet. */
export async function readResult(deps: Deps, planId: string, n: number): Promise<Result | undefined> {
  const item = await deps.table.get(bulkKeys.result(planId, n));
  return item && resultItem().parse(item);
}

/** Why the user was not changed after all. */
export function refusalIn(result: Result, userId: string): Refusal | undefined {
  return result.all ?? result.refused[userId];
}

export function becameOf(chunk: readonly Entry[], result: Result): Became {
  const planned = chunk.filter(isPlanned);
  const changed = planned.filter(({ id }) => !refusalIn(result, id));
  return {
    changes: changed.length,
    refused: planned.length - changed.length,
    signOuts: changed.filter(({ signsOut }) => signsOut).length,
  };
}
