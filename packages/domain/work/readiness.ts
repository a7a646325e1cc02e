// Is a user ready to take what comes? Where login is static always, with a session or without: that is a setting and no presence, so
// that it stands against nothing (S0-38, S1-21, C7).

import { Problem } from '#contract/problems.ts';
import type { User } from '../users/user.ts';
import type { Summary } from './work.ts';

export type Readiness = 'ready' | 'unready' | 'logged-off';

type Who = Pick<User, 'staticLogin' | 'state'>;

export function readinessOf({ staticLogin, state }: Who, { queues, ready }: Summary): Readiness {
  if (staticLogin && state !== 'deactivated') return 'ready';
  if (queues.length === 0) return 'logged-off';
  return ready === false ? 'unready' : 'ready';
}

/**
 * Whose login is static neither becomes unready nor leaves their queues by themselves; a supervisor logs them out all the same,
 * for a change that needs it (C7). @throws Problem `static_login`
 */
export function checkMayLeave(
  { id, title, staticLogin }: Pick<User, 'id' | 'title' | 'staticLogin'>,
  seen: Summary,
  wanted: { queues: readonly string[]; ready: boolean },
): void {
  if (!staticLogin) return;
  const isLeaving = wanted.queues.length === 0 && seen.queues.length > 0;
  if (wanted.ready && !isLeaving) return;
  throw new Problem('static_login', {
    detail: isLeaving
      ? `${title} is always logged on, as their login is static; a supervisor logs them out (POST /v1/users/${id}/log-out), or their static login is taken off first`
      : `${title} is always ready, as their login is static; take that off before they pause`,
    rule: isLeaving ? 'S0-38' : 'S1-21',
    because: 'staticLogin',
    remedy: isLeaving
      ? `POST /v1/users/${id}/log-out, or PATCH /v1/users/${id} with {"staticLogin": false}`
      : `PATCH /v1/users/${id} with {"staticLogin": false}`,
  });
}
