// Jobs: work that grows with the data, done turn by turn. What a turn writes and the job's progress commit together, and the
// change of the job in the stream starts the next turn: a killed worker loses nothing and repeats nothing. A kind of job is a
// file of its own, and a line in kinds.ts.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import { Problem, type ProblemCode, type ProblemFacts } from '#contract/problems.ts';
import { jobKey, type Key, userKeys } from '#table/keys.ts';
import { absent, type Item, put, update, type Write } from '#table/write.ts';
import { type Deps, newId } from '../deps.ts';
import type { Viewer } from '../grants/sight.ts';
import { eachDue } from '../schedules/due.ts';

/** Once it is done. Until then nothing forgets it: what it has begun stays half done, and others wait for it. */
const KEPT_SECONDS = 7 * 86_400;
/** A job that has not moved for so long is woken: whoever worked on it died, and the stream has given it up. */
const STALLED_MS = 5 * 60_000;

const jobItem = once(() =>
  z.object({
    type: z.literal('job'),
    v: z.literal(1),
    id: z.string(),
    version: z.number(),
    kind: z.string(),
    /** What the kind needs to know, and where it stands. */
    facts: z.record(z.string(), z.unknown()),
    state: z.enum(['running', 'done']),
    done: z.number(),
    total: z.number().optional(),
    /** Who may ask how far it is. */
    startedBy: z.string().optional(),
    /** Others wait for it: everybody may ask. */
    isOpen: z.literal(true).optional(),
    createdAt: z.number(),
    updatedAt: z.number(),
  }),
);

export type Job = z.output<ReturnType<typeof jobItem>>;

/** What a turn comes to. Its writes commit with the job's progress, once; what the turn has written by itself may be repeated. */
export interface Turn {
  writes: Write[];
  /** How much was done by it. */
  done: number;
  isLast: boolean;
  facts?: Record<string, unknown>;
  total?: number;
}

export type Kind = (deps: Deps, job: Job) => Promise<Turn>;

/** A new job, and the write that sets it going. */
export function begin(
  deps: Deps,
  // With an id that says what it does it is begun once: a second one is refused.
  given: Pick<Job, 'kind' | 'facts'> & Partial<Pick<Job, 'id' | 'total' | 'startedBy' | 'isOpen'>>,
): { id: string; write: Write } {
  const now = deps.now();
  const id = given.id ?? newId(deps, 'job');
  const job: Job = {
    type: 'job',
    v: 1,
    ...given,
    id,
    version: 1,
    state: 'running',
    done: 0,
    createdAt: now,
    updatedAt: now,
  };
  return { id, write: put(stored(job), { if: absent }) };
}

export async function byId(deps: Deps, jobId: string): Promise<Job | undefined> {
  const item = await deps.table.get(jobKey(jobId));
  return item && jobItem().parse(item);
}

/** For who began it, for SuperUsers, and for everybody where others wait for it. @throws Problem `job_not_found` */
export async function require(deps: Deps, { user }: Viewer, jobId: string): Promise<Job> {
  const job = await byId(deps, jobId);
  if (!job || (job.startedBy !== user.id && !user.superUser && !job.isOpen)) {
    throw new Problem('job_not_found', {
      detail: `No job of yours has the id ${jobId}, or it ended more than a week ago`,
      because: jobId,
    });
  }
  return job;
}

/** Does one turn of the job. Nothing happens when another worker has done it already. */
export async function advance(deps: Deps, jobId: string, kinds: Readonly<Record<string, Kind>>): Promise<void> {
  const job = await byId(deps, jobId);
  if (!job || job.state === 'done') return;
  const kind = kinds[job.kind];
  if (!kind) throw new Error(`Nobody does jobs of the kind ${job.kind}`);
  const turn = await kind(deps, job);
  const after: Job = {
    ...job,
    version: job.version + 1,
    facts: turn.facts ?? job.facts,
    state: turn.isLast ? 'done' : 'running',
    done: job.done + turn.done,
    ...(turn.total !== undefined && { total: turn.total }),
    updatedAt: deps.now(),
  };
  const progress = put(stored(after), { if: ['=', 'version', job.version], otherwise: () => new Overtaken() });
  try {
    await deps.table.transact([progress, ...turn.writes]);
  } catch (error) {
    if (!(error instanceof Overtaken)) throw error;
  }
}

/** Sets going again what stands still: a change of the job makes a stream record, which does the next turn. @returns how many */
export async function wakeStalled(deps: Deps): Promise<number> {
  return eachDue(deps, 'job', (key) => wakeOne(deps, key));
}

async function wakeOne(deps: Deps, key: Key): Promise<boolean> {
  const later = userKeys.due('job', deps.now() + STALLED_MS);
  const running = { if: ['=', 'state', 'running'] as const, otherwise: () => new Overtaken() };
  try {
    // An older version began jobs with a time at which they were forgotten.
    await deps.table.write(update(key, { set: { ...later, wokenAt: deps.now() }, remove: ['ttl'] }, running));
    return true;
  } catch (error) {
    // Done since the index was read.
    if (!(error instanceof Overtaken)) throw error;
    return false;
  }
}

function stored(job: Job): Item {
  return {
    ...job,
    ...jobKey(job.id),
    ...(job.state === 'running'
      ? userKeys.due('job', job.updatedAt + STALLED_MS)
      : { ttl: Math.ceil(job.updatedAt / 1000) + KEPT_SECONDS }),
  };
}

/**
 * The job as the API shows it.
 * @param asToldTo what it was given up for, as whoever asks may hear it
 */
export function shown(job: Job, asToldTo: (refusal: Problem) => Problem) {
  const { refusal: kept } = job.facts as { refusal?: { code: ProblemCode; facts: ProblemFacts } };
  const refusal = kept && asToldTo(new Problem(kept.code, kept.facts));
  return {
    id: job.id,
    kind: job.kind,
    state: job.state,
    done: job.done,
    total: job.total,
    ...(refusal && { refusal: { code: refusal.code, detail: refusal.facts.detail, remedy: refusal.facts.remedy } }),
    createdAt: new Date(job.createdAt).toISOString(),
    updatedAt: new Date(job.updatedAt).toISOString(),
  };
}

class Overtaken extends Error {
  override readonly name = 'Overtaken';
}
