// A reaction to the clock, in the frame of scheduled work: one run at a time, each scheduled time once.

import type { ReactionId } from '#contract/reactions.ts';
import type { Deps } from '#domain/deps.ts';
import { type Run, type Skipped, scheduled } from '#domain/schedules/scheduled.ts';
import { type ReactionFunction, react } from './react.ts';

/** As EventBridge Scheduler sends it; without a time it is asked for by hand, now. */
export interface ScheduleEvent {
  scheduledAt?: string;
}

export function onSchedule<Result>(
  id: ReactionId,
  work: (deps: Deps, run: Run) => Promise<Result>,
): ReactionFunction<ScheduleEvent, Result | Skipped> {
  return react(id, (deps, { scheduledAt }: ScheduleEvent) =>
    scheduled(deps, { id, scheduledAt }, (run) => work(deps, run)),
  );
}
