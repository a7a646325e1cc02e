// Who runs a schedule: one item a schedule, taken by one conditional write. Its fence rises whenever it changes hands, so that who
// was held up past the lease's end, and has lost it without knowing, can write nothing that stands on it.

import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import { once } from '#contract/once.ts';
import type { Condition } from '#table/condition.ts';
import { leaseKey } from '#table/keys.ts';
import { absent, check, type LoneWrite, update, type Write } from '#table/write.ts';
import { type Deps, newId } from '../deps.ts';

export interface Pace {
  /** A lease holds so long without a beat. */
  leaseMs: number;
  /** How often it is prolonged while the work goes on. */
  beatMs: number;
}

/** Shorter than the minute that Lambda waits before it repeats: who repeats a run that was killed finds its lease over. */
export const usualPace: Pace = { leaseMs: 30_000, beatMs: 10_000 };

export interface Lease {
  schedule: string;
  holder: string;
  fence: number;
  /** The latest scheduled time that was done; absent before the first. */
  lastDoneAt: number | undefined;
}

/** Somebody else runs the schedule now. What was to be written with `held` is not written. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

const leaseItem = once(() =>
  z.object({
    type: z.literal('lease'),
    v: z.literal(1),
    fence: z.number(),
    until: z.number(),
    /** Absent while nobody has it. */
    holder: z.string().optional(),
    lastDoneAt: z.number().optional(),
  }),
);

/** @returns undefined while somebody else holds it */
export async function take(deps: Deps, schedule: string, { leaseMs }: Pace): Promise<Lease | undefined> {
  const now = deps.now();
  const holder = newId(deps, 'run');
  const over: Condition = ['or', absent, ['<=', 'until', now]];
  const taking = update(
    leaseKey(schedule),
    { set: { type: 'lease', v: 1, holder, until: now + leaseMs }, increase: { fence: 1 } },
    { if: over, otherwise: () => new Held() },
  );
  try {
    const { fence, lastDoneAt } = leaseItem().parse(await deps.table.write(taking));
    return { schedule, holder, fence, lastDoneAt };
  } catch (error) {
    if (!(error instanceof Held)) throw error;
    return undefined;
  }
}

/** Goes into a transaction that must not happen once the lease is lost. It then throws LeaseLost. */
export function held(lease: Lease): Write {
  const { if: own, otherwise } = onlyOf(lease);
  return check(leaseKey(lease.schedule), own, otherwise);
}

/** Prolongs the lease again and again. @returns ends that, when no beat is under way */
export function keep(deps: Deps, lease: Lease, pace: Pace): () => Promise<void> {
  const ended = new AbortController();
  const beating = beat(deps, lease, pace, ended.signal);
  return async () => {
    ended.abort();
    await beating;
  };
}

async function beat(deps: Deps, lease: Lease, { leaseMs, beatMs }: Pace, ended: AbortSignal): Promise<void> {
  while (await passed(beatMs, ended)) {
    try {
      await deps.table.write(update(leaseKey(lease.schedule), { set: { until: deps.now() + leaseMs } }, onlyOf(lease)));
    } catch (error) {
      // The run hears of it by its next write.
      if (error instanceof LeaseLost) return;
      // The next beat may succeed, and should none, the fence guards what the run writes.
      deps.log({ level: 'warn', event: 'lease_not_prolonged', schedule: lease.schedule, error });
    }
  }
}

async function passed(ms: number, ended: AbortSignal): Promise<boolean> {
  try {
    await wait(ms, undefined, { signal: ended, ref: false });
    return true;
  } catch (error) {
    if (!ended.aborted) throw error;
    return false;
  }
}

/**
 * Gives the lease back. The fence rises once more: what the run left behind, should it still write, is not its own any more.
 * @param doneAt the scheduled time, when it was done
 */
export function release(lease: Lease, doneAt?: number): LoneWrite {
  const lastDoneAt = doneAt === undefined ? undefined : Math.max(doneAt, lease.lastDoneAt ?? 0);
  return update(
    leaseKey(lease.schedule),
    {
      set: { until: 0, ...(lastDoneAt !== undefined && { lastDoneAt }) },
      increase: { fence: 1 },
      remove: ['holder'],
    },
    onlyOf(lease),
  );
}

function onlyOf({ schedule, fence }: Lease) {
  return {
    if: ['=', 'fence', fence] as const,
    otherwise: () => new LeaseLost(`Another run of ${schedule} took over`),
  };
}

class Held extends Error {
  override readonly name = 'Held';
}
