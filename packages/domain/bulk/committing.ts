// The kind of job that commits a bulk edit, chunk by chunk. A chunk's result stands in the transaction that changes its users: a
// worker that takes over finds it, and goes on after it.

import { Problem } from '#contract/problems.ts';
import { absent, put } from '#table/write.ts';
import * as definitions from '../definitions/definitions.ts';
import type { Deps } from '../deps.ts';
import type { Job, Turn } from '../jobs/jobs.ts';
import { type Actor, type Asker, actorNow, checkStillJudged } from './actor.ts';
import { readChunk } from './chunk.ts';
import { type Entry, isPlanned, type PlannedEntry, type Refusal, refusalOf } from './entry.ts';
import { committingFacts } from './jobs.ts';
import { checkIsNotOwner } from './own.ts';
import * as plans from './plan.ts';
import { ofPlan } from './request.ts';
import { becameOf, type Result, readResult, resultOf, storedResult } from './result.ts';
import { attempt, type Committing } from './transaction.ts';

/** Chunks of one turn, and how long it begins another one: then progress shows, and the function's minute is not used up. */
const TURN_CHUNKS = 50;
const TURN_MS = 20_000;

export async function commitBulkEdit(deps: Deps, job: Job): Promise<Turn> {
  const { planId, told, next } = committingFacts().parse(job.facts);
  const plan = await plans.byId(deps, planId);
  // Forgotten by the table meanwhile.
  if (!plan) return { writes: [], done: 0, isLast: true };
  const request = await ofPlan(deps, planId);
  const acting = new Acting(deps, { ...request.asker, tokenId: told.token });
  const became: plans.Became = { changes: 0, refused: 0, signOuts: 0 };
  const until = Date.now() + TURN_MS;
  let [n, done] = [next, 0];
  // A turn that was cut off goes on where results end; a cancelled transaction is paid for as if it were not.
  let isRepeat = true;
  while (n < plan.chunks && n - next < TURN_CHUNKS && Date.now() < until) {
    const chunk = await readChunk(deps, planId, n);
    if (!chunk) throw new Error(`Chunk ${n} of ${planId} is gone`);
    const known: Result | undefined = isRepeat ? await readResult(deps, planId, n) : undefined;
    isRepeat = known !== undefined;
    const result = known ?? (await committedChunk(deps, { plan, n, told }, acting, chunk));
    const { changes, refused, signOuts } = becameOf(chunk, result);
    became.changes += changes;
    became.refused += refused;
    became.signOuts += signOuts;
    done += chunk.length;
    n++;
  }
  const isLast = n >= plan.chunks;
  return {
    writes: [plans.committed(planId, became, done, isLast)],
    done,
    isLast,
    facts: { ...job.facts, next: n },
  };
}

async function committedChunk(
  deps: Deps,
  committing: Committing,
  acting: Acting,
  chunk: readonly Entry[],
): Promise<Result> {
  const { plan, n } = committing;
  const refused: Record<string, Refusal> = {};
  const planned = chunk.filter(isPlanned);
  for (;;) {
    const actor = await acting.now();
    if (actor instanceof Problem) return refuseAll(deps, committing, refusalOf(actor));
    Object.assign(refused, ownRefusal(actor, planned));
    const going = planned.filter(({ id }) => !refused[id]);
    const came = await attempt(deps, committing, actor, going, refused);
    if ('result' in came) return came.result;
    if (came.failures.includes('done')) {
      const result = await readResult(deps, plan.id, n);
      if (result) return result;
      throw new Error(`Chunk ${n} of ${plan.id} can be neither committed nor found`);
    }
    for (const failure of came.failures) {
      if (failure === 'definitions') definitions.forget(deps);
      if (failure === 'actor' || failure === 'definitions') acting.forget();
      else if (failure !== 'done') Object.assign(refused, failure);
    }
  }
}

async function refuseAll(deps: Deps, { plan, n }: Committing, all: Refusal): Promise<Result> {
  const result = resultOf(deps.now(), {}, all);
  const done = { if: absent };
  const [failed] = await deps.table.attempt([put(storedResult(plan, n, result), done)]);
  return failed ? ((await readResult(deps, plan.id, n)) as Result) : result;
}

/** Planned in a session, and committed with an API token that is narrowed. */
function ownRefusal(actor: Actor, planned: readonly PlannedEntry[]): Record<string, Refusal> {
  const own = planned.find(({ id }) => id === actor.user.id);
  if (!own) return {};
  try {
    checkIsNotOwner(actor, own);
    return {};
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { [own.id]: refusalOf(error) };
  }
}

/** Who commits, as they are now; read once, and again when they turn out to have changed. */
class Acting {
  readonly #deps: Deps;
  readonly #asker: Asker;
  #known: Promise<Actor | Problem> | undefined;

  constructor(deps: Deps, asker: Asker) {
    this.#deps = deps;
    this.#asker = asker;
  }

  now(): Promise<Actor | Problem> {
    this.#known ??= this.#read();
    return this.#known;
  }

  forget(): void {
    this.#known = undefined;
  }

  async #read(): Promise<Actor | Problem> {
    try {
      const actor = await actorNow(this.#deps, this.#asker);
      checkStillJudged(actor, this.#asker);
      return actor;
    } catch (error) {
      if (error instanceof Problem && /^(caller_changed|plan_over)$/.test(error.code)) return error;
      throw error;
    }
  }
}
