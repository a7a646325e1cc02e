// The log-on of a user to queues, and whether they are ready there.

import type { Write } from '#table/write.ts';
import type { User } from '../users/user.ts';
import { checkMayLeave } from './readiness.ts';
import { checkTakesWork, stillThere } from './takers.ts';
import { replacing, type Summary } from './work.ts';

export interface LogOn {
  /** All of them; empty: logged off. */
  queues: string[];
  ready: boolean;
  unreadyReason?: string | undefined;
}

/**
 * The user is logged on to these queues and no others from now on; since when tells of the log-on, not of the last queue.
 * @throws Problem `invalid_input`, `static_login`; at commit `user_not_found`, `user_deactivated`, WorkMoved
 */
export function loggingOn(
  user: User,
  seen: Summary,
  { queues, ready, unreadyReason }: LogOn,
  now: number,
): { after: Summary; writes: Write[] } {
  checkTakesWork(user, 'queues');
  checkMayLeave(user, seen, { queues, ready });
  const isOn = queues.length > 0;
  const isUnready = isOn && !ready;
  const { after, write } = replacing(user.id, seen, {
    queues,
    queuesSince: isOn ? (seen.queuesSince ?? now) : undefined,
    ready: isUnready ? false : undefined,
    unreadyReason: isUnready ? unreadyReason : undefined,
  });
  return { after, writes: [stillThere(user), write] };
}
