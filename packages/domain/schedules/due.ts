// What is due by the clock, one by one, as the sparse index of due work has it. One that fails keeps none of the others waiting: it
// is told of, is due still, and is tried again by the next sweep.

import { Problem } from '#contract/problems.ts';
import { type DueKind, deletedPartition, duePartition, dueUntil, type Key } from '#table/keys.ts';
import type { Deps } from '../deps.ts';

/**
 * @param end judges it as it stands by then, since the index may be a moment old. True: it was done
 * @returns how many were done
 * @throws Error, after all of them, when some failed otherwise than by a rule: then the run must not count as done
 */
export async function eachDue(deps: Deps, what: DueKind, end: (key: Key) => Promise<boolean>): Promise<number> {
  let [count, failed] = [0, 0];
  const due = deps.table.all({ index: 'due', partition: duePartition(what), upTo: dueUntil(deps.now()) });
  for await (const { pk, sk } of due) {
    try {
      if (await end({ pk, sk })) count++;
    } catch (error) {
      deps.log({ level: 'error', event: 'due_failed', due: what, subject: subjectOf({ pk, sk }), error });
      // No repeat of the run helps against a refusal, that no seat is free for example.
      if (!(error instanceof Problem && error.status < 500)) failed++;
    }
  }
  if (failed > 0) throw new Error(`${failed} of what is due (${what}) failed`);
  return count;
}

/** The user, or the job. */
function subjectOf({ pk, sk }: Key): string {
  return pk === deletedPartition ? sk : pk.slice(pk.indexOf('#') + 1);
}
