// The log-on of a user to queues.

import { userKeys } from '#table/keys.ts';
import { absent, update, type Write } from '#table/write.ts';
import type { User } from '../users/user.ts';
import { checkTakesWork, stillThere } from './takers.ts';
import { moved, type Summary } from './work.ts';

/**
 * The user is logged on to these queues and no others from now on; since when tells of the log-on, not of the last queue.
 * @throws Problem `invalid_input`; at commit `user_not_found`, `user_deactivated`, WorkMoved
 */
export function loggingOn(
  user: User,
  seen: Summary,
  queues: string[],
  now: number,
): { after: Summary; writes: Write[] } {
  checkTakesWork(user, 'queues');
  const { queuesSince: since = now, ...rest } = seen;
  const isOn = queues.length > 0;
  const after = { ...rest, queues, revision: seen.revision + 1, ...(isOn && { queuesSince: since }) };
  const write = update(
    userKeys.work(user.id),
    { set: { ...after }, ...(!isOn && { remove: ['queuesSince'] }) },
    { if: seen.revision === 0 ? absent : ['=', 'revision', seen.revision], otherwise: moved },
  );
  return { after, writes: [stillThere(user), write] };
}
