// May they leave as things stand? In the mode `confirm` whoever has seen what stands against it closes it by confirming; in the mode
// `strict` all of it is lifted first (C1). A deletion is always confirmed: not everything of it can be had back (S0-55).

import { Problem } from '#contract/problems.ts';
import type { Deps } from '../deps.ts';
import { requireInReach } from '../users/in-sight.ts';
import type { User } from '../users/user.ts';
import * as users from '../users/users.ts';
import { WorkMoved } from '../work/work.ts';
import { type Asker, pointersAt } from './pointers.ts';
import { type Action, previewOf, shows } from './previews.ts';
import { blockersOf, isBlocked, remediesOf, type Standing, standingOf } from './standing.ts';

const TRIES = 5;

/**
 * Does the work on what was confirmed, and once more where something has moved meanwhile: then it is judged anew.
 * @param work commits under the versions that it is given: nothing comes in between
 * @throws Problem `user_not_found`, `outranked`, `last_superuser`, `blockers_stand`
 */
export async function confirmed<T>(
  deps: Deps,
  caller: Asker,
  asked: { action: Action; userId: string; preview: string | undefined; check?: (user: User) => void },
  work: (standing: Standing) => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    const user = await requireInReach(deps, caller, asked.userId);
    asked.check?.(user);
    const standing = await standingOf(deps, user);
    await checkConfirmed(deps, caller, standing, asked);
    try {
      return await work(standing);
    } catch (error) {
      const hasMoved = error instanceof WorkMoved || (error instanceof Problem && error.code === 'version_stale');
      if (!hasMoved) throw error;
      if (tries === TRIES) throw new Problem('try_again', { retryAfterSeconds: 1, cause: error });
    }
  }
}

async function checkConfirmed(
  deps: Deps,
  caller: Asker,
  standing: Standing,
  { action, preview }: { action: Action; preview: string | undefined },
): Promise<void> {
  const isStrict = caller.definitions.settings.offboarding === 'strict';
  const isStopped = isBlocked(standing) && isStrict;
  const isAsked = action === 'delete' || isBlocked(standing);
  if (!isStopped && !isAsked) return;
  const isShown = preview !== undefined && shows(await deps.sealer(), action, preview, standing, deps.now());
  if (!isStopped && isShown) return;
  // What no confirmation could lift is said first.
  await users.checkNotLastSuperUser(deps, standing.user);
  throw await refusal(deps, caller, standing, { action, preview, isStopped });
}

async function refusal(
  deps: Deps,
  caller: Asker,
  standing: Standing,
  { action, preview, isStopped }: { action: Action; preview: string | undefined; isStopped: boolean },
): Promise<Problem> {
  const { title } = standing.user;
  const remedies = remediesOf(standing);
  const again = `repeat with the preview within ten minutes to ${action} ${title} all the same`;
  const stands = `${title} ${inWords(standing)}`;
  const details = {
    strict: `${stands}; each is lifted first: ${remedies.join('; ')}`,
    moved: `It is not as the preview says any more: ${stands}; look again, and ${again}`,
    first: `${stands}; ${again}`,
  };
  const why = isStopped ? 'strict' : preview === undefined ? 'first' : 'moved';
  return new Problem('blockers_stand', {
    detail: details[why],
    rule: isStopped ? 'S1-30' : 'C1',
    because: blockersOf(standing),
    remedy: isStopped ? remedies.join('; ') : 'Repeat with the preview, once you have read what it closes',
    extra: {
      blockers: blockersOf(standing),
      remedies,
      pointers: await pointersAt(deps, caller, standing.user),
      ...(!isStopped && { preview: previewOf(await deps.sealer(), action, standing, deps.now()) }),
    },
  });
}

function inWords(standing: Standing): string {
  const { sessions, queues, activities, campaignRecords } = blockersOf(standing);
  const parts = [
    ...(sessions > 0 ? [`is signed in ${sessions === 1 ? 'once' : `${sessions} times`}`] : []),
    ...(queues.length > 0 ? [`is logged on to ${queues.join(', ')}`] : []),
    ...(activities > 0 ? [`has ${activities} open ${activities === 1 ? 'activity' : 'activities'}`] : []),
    ...(campaignRecords > 0
      ? [`has ${campaignRecords} pending campaign ${campaignRecords === 1 ? 'record' : 'records'}`]
      : []),
  ];
  return parts.length > 0 ? parts.join(', ') : 'has nothing under way';
}
