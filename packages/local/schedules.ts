// Runs the reactions of the clock by timers, each once at the start. Quiet unless one fails.

import { parseSchedule } from './schedule-expression.ts';

export interface ScheduledReaction {
  id: string;
  expression: string;
}

export interface Schedules {
  /** Runs one by hand, now. @throws what its function throws */
  run(id: string): Promise<void>;
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
  const underWay = new Set<Promise<void>>();
  let stopped = false;

  const run = async (id: string, at: number) => {
    await invoke(id, { scheduledAt: new Date(at).toISOString() });
  };
  const attempt = (id: string, at: number) => {
    const running = run(id, at)
      .catch((error: unknown) => say(`${id} failed on its schedule: ${error instanceof Error ? error.stack : error}`))
      .finally(() => underWay.delete(running));
    underWay.add(running);
    return running;
  };
  for (const { id, expression } of reactions) {
    const nextAfter = parseSchedule(expression);
    const waitUntil = (due: number) => {
      if (stopped) return;
      const timer = setTimeout(
        () => {
          timers.delete(timer);
          if (now() < due) waitUntil(due);
          // The next is reckoned when this one has ended, so that a slow run never meets itself.
          else attempt(id, due).then(() => waitUntil(nextAfter(now())));
        },
        Math.min(Math.max(0, due - now()), LOOK_MS),
      );
      timers.add(timer);
    };
    attempt(id, now()).then(() => waitUntil(nextAfter(now())));
  }
  return {
    run: (id) => run(id, now()),
    async stop() {
      stopped = true;
      for (const timer of timers) clearTimeout(timer);
      await Promise.all(underWay);
    },
  };
}
