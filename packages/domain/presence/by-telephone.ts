// What a user does to their log-on by dialling (S3-5): on to all queues that their rights name for calls, off again, ready, unready.

import { Problem } from '#contract/problems.ts';
import { queueOfCalls } from '#contract/telephony.ts';
import type { Definitions } from '../definitions/definitions.ts';
import type { Deps } from '../deps.ts';
import * as records from '../records/records.ts';
import type { User } from '../users/user.ts';
import type { LogOn } from '../work/log-on.ts';
import type { Summary } from '../work/work.ts';

export type Dialled = 'log-on' | 'log-off' | 'ready' | 'unready';

/** @throws Problem `no_queues`, `not_logged_on` */
export async function logOnAs(
  deps: Deps,
  user: User,
  seen: Summary,
  dialled: Dialled,
  { rights }: Pick<Definitions, 'rights'>,
): Promise<LogOn> {
  if (dialled === 'log-off') return { queues: [], ready: true };
  if (dialled === 'log-on') {
    const named = await queuesOfCalls(deps, user, rights);
    // Those of other channels, which the platform has said, are not left by telephone.
    return { queues: [...new Set([...seen.queues, ...named])], ready: true };
  }
  if (seen.queues.length === 0) throw notLoggedOn(user);
  return { queues: seen.queues, ready: dialled === 'ready' };
}

async function queuesOfCalls(deps: Deps, user: User, known: Definitions['rights']): Promise<string[]> {
  const rights = user.rights === undefined ? undefined : known.get(user.rights);
  const named = rights?.queues ?? [];
  const queues =
    named === 'all'
      ? await records.all(deps, 'queue')
      : await records.byIds(
          deps,
          named.map((id) => ({ kind: 'queue' as const, id })),
        );
  const ofCalls = queues.filter((queue) => queue?.channel === queueOfCalls).map((queue) => queue?.id as string);
  if (ofCalls.length === 0) throw noQueues(user, rights?.name);
  return ofCalls;
}

function noQueues({ title }: User, rights: string | undefined): Problem {
  return new Problem('no_queues', {
    detail: `${title} has ${rights === undefined ? 'no rights' : `the rights ${rights}`}, which name no queue for calls; there is nothing to log on to`,
    rule: 'S3-5',
    because: rights ?? 'no rights',
    remedy: 'Have an administrator name a queue for calls in the user’s rights',
  });
}

function notLoggedOn({ title }: User): Problem {
  return new Problem('not_logged_on', {
    detail: `${title} is logged on to no queue, and is neither ready nor unready; log on first`,
    rule: 'S3-5',
    because: 'logged-off',
    remedy: 'Log on first',
  });
}
