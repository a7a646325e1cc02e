// Runs the reactions of the clock by timers, each once at the start. Quiet unless one fails.

import { parseSchedule } from './schedule-expression.ts';

export interface ScheduledReaction {
  id: string;
  expression: string;
}

export interface Schedules {
  /** Ends when no run is under way. */
  stop(): Promise<void>;
}

/** A timer takes at most 24.8 days, and a laptop sleeps: looking at the clock each minute is right in both cases. */
const LOOK_MS = 60_000;

export function startSchedules(
  reactions: readonly ScheduledReaction[],
  invoke: (id: string, event: { scheduledAt: string }) => Promise<unknown>,
  { say = console.error, now = Date.now }: { say?: (line: string) => void; now?: () => number } = {},
): Schedules {
  const timers = new Set<NodeJS.Timeout>();
  const underWay = new Set<Promise<unknown>>();
  let stopped = false;

  const attempt = (id: string, at: number) => {
    const running = invoke(id, { scheduledAt: new Date(at).toISOString() })
      .catch((error: unknown) => say(`${id} failed on its schedule: ${error instanceof Error ? error.stack : error}`))
      .finally(() => underWay.delete(running));
    underWay.add(running);
    return running;
  };
  for (const { id, expression } of reactions) {
    const nextAfter = parseSchedule(expression);
    const waitUntil = (time: number, due = time) => {
      if (stopped) return;
      const timer = setTimeout(
        () => {
          timers.delete(timer);
          if (now() < time) waitUntil(time, due);
          else go(due);
        },
        Math.min(Math.max(0, time - now()), LOOK_MS),
      );
      timers.add(timer);
    };
    // The next is reckoned when this one has ended, so that a slow run never meets itself.
    const go = async (due: number) => {
      if (isHeld(await attempt(id, due))) waitUntil(now() + LOOK_MS, due);
      else waitUntil(nextAfter(now()));
    };
    go(now());
  }
  return {
    async stop() {
      stopped = true;
      for (const timer of timers) clearTimeout(timer);
      await Promise.all(underWay);
    },
  };
}

/** As after a kill -9 of the tenant whose run it was: a minute later its lease is over. */
function isHeld(result: unknown): boolean {
  return (result as { skipped?: unknown } | undefined)?.skipped === 'running';
}
