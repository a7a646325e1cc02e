// Jobs: work that grows with the data, done chunk by chunk. Each chunk and the job's progress commit together, and the
// change of the job in the stream starts the next one: a killed worker loses nothing and repeats nothing.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import { jobKey, userKeys } from '#table/keys.ts';
import { type Item, put, remove, type Write } from '#table/write.ts';
import { type Deps, newId } from '../deps.ts';
import { sessionItem } from '../sessions/sessions.ts';

const CHUNK = 50;
const KEPT_SECONDS = 7 * 86_400;

export const jobItem = once(() =>
  z.object({
    type: z.literal('job'),
    v: z.literal(1),
    id: z.string(),
    version: z.number(),
    /** Takes away the items of sessions that the user's epoch has revoked already. */
    kind: z.literal('remove-sessions'),
    userId: z.string(),
    epoch: z.number(),
    state: z.enum(['running', 'done']),
    done: z.number(),
    createdAt: z.number(),
    updatedAt: z.number(),
  }),
);

export type Job = z.output<ReturnType<typeof jobItem>>;

/** @param epoch sessions of older epochs go */
export function sessionRemoval(deps: Deps, userId: string, epoch: number): Write {
  const now = deps.now();
  const id = newId(deps, 'job');
  return put(
    stored({
      type: 'job',
      v: 1,
      id,
      version: 1,
      kind: 'remove-sessions',
      userId,
      epoch,
      state: 'running',
      done: 0,
      createdAt: now,
      updatedAt: now,
    }),
  );
}

/** Does one chunk of the job. Nothing happens when another worker has done it already. */
export async function advance(deps: Deps, jobId: string): Promise<void> {
  const item = await deps.table.get(jobKey(jobId));
  if (!item) return;
  const job = jobItem().parse(item);
  if (job.state === 'done') return;
  const { removals, isLast } = await nextChunk(deps, job);
  const after: Job = {
    ...job,
    version: job.version + 1,
    state: isLast ? 'done' : 'running',
    done: job.done + removals.length,
    updatedAt: deps.now(),
  };
  try {
    await deps.table.transact([
      put(stored(after), { if: ['=', 'version', job.version], otherwise: () => new Overtaken() }),
      ...removals,
    ]);
  } catch (error) {
    if (!(error instanceof Overtaken)) throw error;
  }
}

async function nextChunk(deps: Deps, job: Job): Promise<{ removals: Write[]; isLast: boolean }> {
  const removals: Write[] = [];
  const partition = userKeys.partition(job.userId);
  for await (const item of deps.table.all({ partition, beginsWith: userKeys.sessionsPrefix, consistent: true })) {
    if (removals.length === CHUNK) return { removals, isLast: false };
    const session = sessionItem().parse(item);
    if (session.epoch < job.epoch) removals.push(remove(userKeys.session(job.userId, session.id)));
  }
  return { removals, isLast: true };
}

function stored(job: Job): Item {
  return { ...job, ...jobKey(job.id), ttl: Math.ceil(job.updatedAt / 1000) + KEPT_SECONDS };
}

class Overtaken extends Error {
  override readonly name = 'Overtaken';
}
