// Takes away the items of sessions that the user's epoch has revoked already: cleanup, nothing is decided on it.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import { userKeys } from '#table/keys.ts';
import { remove, type Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { sessionItem } from '../sessions/sessions.ts';
import { begin, type Job, type Turn } from './jobs.ts';

const CHUNK = 50;

const facts = once(() => z.object({ userId: z.string(), epoch: z.number() }));

/** @param epoch sessions of older epochs go */
export function sessionRemoval(deps: Deps, userId: string, epoch: number): Write {
  return begin(deps, { kind: 'remove-sessions', facts: { userId, epoch } }).write;
}

export async function removeSessions(deps: Deps, job: Job): Promise<Turn> {
  const { userId, epoch } = facts().parse(job.facts);
  const writes: Write[] = [];
  const partition = userKeys.partition(userId);
  for await (const item of deps.table.all({ partition, beginsWith: userKeys.sessionsPrefix, consistent: true })) {
    if (writes.length === CHUNK) return { writes, done: CHUNK, isLast: false };
    const session = sessionItem().parse(item);
    if (session.epoch < epoch) writes.push(remove(userKeys.session(userId, session.id)));
  }
  return { writes, done: writes.length, isLast: true };
}
