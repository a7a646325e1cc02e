// Deactivating: kept and recoverable, but from the next request on nothing of the user is accepted (S0-54, I5). What they have under
// way is closed in the same transaction (S1-33); the cleaning up after it is left to jobs.

import type { Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { isLive } from '../tokens/token.ts';
import * as tokens from '../tokens/tokens.ts';
import { signedOut } from '../users/sign-out.ts';
import type { User } from '../users/user.ts';
import { workRemoval } from '../work/clearing.ts';
import { closing } from '../work/closing.ts';
import { nextEpoch } from '../work/work.ts';
import { blockersOf, type Standing } from './standing.ts';

/** What was closed by it. */
export interface Receipt {
  sessionsEnded: number;
  queuesLoggedOff: string[];
  activitiesClosed: number;
  campaignRecordsLeft: number;
  tokensStopped: number;
}

/**
 * For whoever decides that they go, whatever stands against it: after a confirmation, or since their active dates are over.
 * @throws at commit what `users.change` throws, and WorkMoved
 */
export async function deactivation(
  deps: Deps,
  standing: Standing,
): Promise<{ after: User; writes: Write[]; receipt: Receipt }> {
  const { user, work } = standing;
  const { after, writes } = await signedOut(deps, user, { state: 'deactivated', invite: undefined });
  const isLeft = work.activities + work.campaignRecords > 0;
  return {
    after,
    writes: [
      ...writes,
      ...(await closing(deps, user.id, work)),
      ...(isLeft ? [workRemoval(deps, user.id, nextEpoch(work))] : []),
    ],
    receipt: await receiptOf(deps, standing),
  };
}

export async function receiptOf(deps: Deps, standing: Standing): Promise<Receipt> {
  const { sessions, queues, activities, campaignRecords } = blockersOf(standing);
  const all = await tokens.ofUser(deps, standing.user.id);
  return {
    sessionsEnded: sessions,
    queuesLoggedOff: queues,
    activitiesClosed: activities,
    campaignRecordsLeft: campaignRecords,
    tokensStopped: all.filter((token) => isLive(token, standing.user, deps.now())).length,
  };
}
