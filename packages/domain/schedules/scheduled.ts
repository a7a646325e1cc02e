// The frame of all work that the clock sets off: one run at a time, the same scheduled time once, and again after a failure.
// Sources deliver twice, and Lambda repeats what it thinks has failed: the work itself need not know.

import type { Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { held, keep, type Lease, LeaseLost, type Pace, release, take, usualPace } from './lease.ts';
import { type Begun, begin, done, known } from './runs.ts';

export interface Due {
  /** Of the reaction. */
  id: string;
  /** An instant (ISO 8601). Absent when somebody asked for it just now: then it is nobody's duplicate. */
  scheduledAt?: string | undefined;
}

/** What the work is told. */
export interface Run {
  /** Epoch milliseconds. */
  scheduledAt: number;
  /** The latest scheduled time that was done before, for who must catch up; absent the first time. */
  lastDoneAt: number | undefined;
  /** Goes into each transaction that must not happen once another run has taken over. */
  held: () => Write;
}

export interface Skipped {
  /** Another run is under way, or took over from this one. */
  skipped: 'running' | 'lease-lost';
}

/**
 * Runs the work, or says why not. A time that was done before gives the result that it came to.
 * @throws what the work throws; the time then counts as not done, and the next who comes does it again
 */
export async function scheduled<Result>(
  deps: Deps,
  { id, scheduledAt }: Due,
  work: (run: Run) => Promise<Result>,
  pace: Pace = usualPace,
): Promise<Result | Skipped> {
  const at = instantOf(scheduledAt);
  const told = telling(deps, id, at);
  const lease = await take(deps, id, pace);
  if (!lease) {
    const before = at === undefined ? undefined : await known(deps, id, at);
    told(before ? 'known' : 'running');
    return before ? (before.result as Result) : { skipped: 'running' };
  }
  const letGo = keep(deps, lease, pace);
  let attempt: number | undefined;
  try {
    const begun: Begun = at === undefined ? { isDone: false, attempt: 1 } : await begin(deps, id, at);
    if (begun.isDone) {
      await deps.table.write(release(lease));
      told('known');
      return begun.result as Result;
    }
    attempt = begun.attempt;
    const time = at ?? deps.now();
    const result = await work({ scheduledAt: time, lastDoneAt: lease.lastDoneAt, held: () => held(lease) });
    // A time to come, asked for by hand, must not hide those until then.
    const end = release(lease, Math.min(time, deps.now()));
    if (at === undefined) await deps.table.write(end);
    else await deps.table.transact([end, done(deps, id, at, result)]);
    told('done', attempt);
    return result;
  } catch (error) {
    if (error instanceof LeaseLost) {
      deps.log({ level: 'warn', event: 'lease_lost', schedule: id, holder: lease.holder, fence: lease.fence });
      told('lease-lost', attempt);
      return { skipped: 'lease-lost' };
    }
    await giveBack(deps, lease);
    told('failed', attempt);
    throw error;
  } finally {
    await letGo();
  }
}

/** @throws Error that names what is no instant */
function instantOf(scheduledAt: string | undefined): number | undefined {
  if (scheduledAt === undefined) return undefined;
  const at = Date.parse(scheduledAt);
  if (Number.isNaN(at)) throw new Error(`The scheduled time "${scheduledAt}" is not an instant`);
  return at;
}

/** One line a run. */
function telling(deps: Deps, schedule: string, at: number | undefined) {
  const startedAt = deps.now();
  return (result: 'done' | 'known' | 'failed' | Skipped['skipped'], attempt?: number) =>
    deps.log({
      level: 'info',
      event: 'scheduled_run',
      schedule,
      ...(at !== undefined && { scheduledAt: new Date(at).toISOString() }),
      seconds: (deps.now() - startedAt) / 1000,
      result,
      ...(attempt !== undefined && { attempt }),
    });
}

/** After a failure, so that its repeat need not wait for the lease's end. What failed is more telling than that this fails too. */
async function giveBack(deps: Deps, lease: Lease): Promise<void> {
  try {
    await deps.table.write(release(lease));
  } catch (error) {
    if (error instanceof LeaseLost) return;
    deps.log({ level: 'warn', event: 'lease_not_released', schedule: lease.schedule, error });
  }
}
