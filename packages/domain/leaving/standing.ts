// What a user has that stands against deactivating and deleting them (S1-30, S3-11): live sessions, the log-on to queues, open
// activities, pending campaign records. Static presence is none of it: nobody is signed in by that (C7).

import type { Deps } from '../deps.ts';
import * as sessions from '../sessions/sessions.ts';
import type { User } from '../users/user.ts';
import { isFree, type Summary, summaryOf } from '../work/work.ts';

export interface Standing {
  user: User;
  sessions: readonly sessions.Session[];
  work: Summary;
}

export async function standingOf(deps: Deps, user: User): Promise<Standing> {
  const [live, work] = await Promise.all([sessions.live(deps, user), summaryOf(deps, user.id)]);
  return { user, sessions: live, work };
}

export function isBlocked({ sessions: live, work }: Standing): boolean {
  return live.length > 0 || !isFree(work);
}

export function blockersOf({ sessions: live, work }: Standing) {
  const { queues, activities, campaignRecords } = work;
  return { sessions: live.length, queues, activities, campaignRecords };
}

/** How each is lifted by hand, in the order in which it is done (S1-31). */
export function remediesOf(standing: Standing): string[] {
  const { sessions: live, queues, activities, campaignRecords } = blockersOf(standing);
  const userId = standing.user.id;
  return [
    ...(activities > 0
      ? [`Close the ${activities} open activities in the realtime panel (POST /v1/users/${userId}/close-activities)`]
      : []),
    ...(queues.length > 0
      ? [`Log the user off from ${queues.join(', ')} in the realtime panel (POST /v1/users/${userId}/log-out)`]
      : []),
    ...(live > 0 ? [`Sign the user out in the realtime panel, or by POST /v1/users/${userId}/sign-out`] : []),
    ...(campaignRecords > 0
      ? [
          `Set the action of the ${campaignRecords} campaign records to Done, or remove the user from them (GET /v1/campaign-records?userId=${userId})`,
        ]
      : []),
  ];
}
