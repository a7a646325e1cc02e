// A bulk edit as it is kept: the plan with its counts, and what was asked for, which never changes.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import { Problem } from '#contract/problems.ts';
import { bulkKeys } from '#table/keys.ts';
import { absent, put, update, type Write } from '#table/write.ts';
import type { Definitions } from '../definitions/definitions.ts';
import type { Deps } from '../deps.ts';
import type { Granter } from '../grants/limits.ts';
import type { Viewer } from '../grants/sight.ts';
import type { Seats } from '../licenses/seats.ts';
import { seatsPlanned } from '../plans/seats.ts';

const DAY_MS = 86_400_000;
/** A plan of yesterday says little of today. */
const COMMITTED_WITHIN_MS = DAY_MS;
/** So long its values before are kept, and it can be taken back. */
const KEPT_MS = 30 * DAY_MS;

const seatsAtFirst = once(() =>
  z.object({
    license: z.string(),
    owned: z.number(),
    used: z.number(),
    price: z.object({ amount: z.number(), currency: z.string() }).optional(),
  }),
);

const planItem = once(() =>
  z.object({
    type: z.literal('bulk-plan'),
    v: z.literal(1),
    id: z.string(),
    by: z.string(),
    state: z.enum(['planning', 'ready', 'committing', 'done']),
    createdAt: z.number(),
    done: z.number(),
    chunks: z.number(),
    counts: z.object({
      users: z.number(),
      changes: z.number(),
      unchanged: z.number(),
      refused: z.number(),
      signOuts: z.number(),
    }),
    /** What became of those that were planned; absent before the commit. */
    became: z.object({ changes: z.number(), refused: z.number(), signOuts: z.number() }).optional(),
    /** Seats that all of them together take or free, by license; and how many there were when it was planned. */
    moves: z.record(z.string(), z.number()).default({}),
    seats: z.array(seatsAtFirst()).default([]),
    undoes: z.string().optional(),
    jobId: z.string(),
  }),
);

export type Plan = z.output<ReturnType<typeof planItem>>;
export type Counts = Plan['counts'];
export type Became = NonNullable<Plan['became']>;

export const noCounts: Counts = { users: 0, changes: 0, unchanged: 0, refused: 0, signOuts: 0 };

export function fresh(given: Pick<Plan, 'id' | 'by' | 'jobId' | 'createdAt'> & { undoes?: string | undefined }): Plan {
  return {
    type: 'bulk-plan',
    v: 1,
    ...given,
    state: 'planning',
    done: 0,
    chunks: 0,
    counts: noCounts,
    moves: {},
    seats: [],
  };
}

export const ttlOf = ({ createdAt }: Pick<Plan, 'createdAt'>) => Math.ceil((createdAt + KEPT_MS) / 1000);

export function creation(plan: Plan): Write {
  return put({ ...plan, ...bulkKeys.plan(plan.id), ttl: ttlOf(plan) }, { if: absent });
}

export async function byId(deps: Deps, planId: string): Promise<Plan | undefined> {
  const item = await deps.table.get(bulkKeys.plan(planId));
  return item && planItem().parse(item);
}

/**
 * A plan shows users: whoever made it may see it, and SuperUsers, from whom nobody is hidden.
 * @throws Problem `plan_not_found`
 */
export async function require(deps: Deps, viewer: Viewer, planId: string): Promise<Plan> {
  const plan = await byId(deps, planId);
  const isShown = plan && (plan.by === viewer.user.id || viewer.user.superUser);
  if (!isShown || plan.createdAt + KEPT_MS <= deps.now()) {
    throw new Problem('plan_not_found', {
      detail: `No bulk edit of yours has the id ${planId}; they are kept for 30 days`,
      because: planId,
    });
  }
  return plan;
}

/** Committed already: it is done once. */
export function isBegun({ state }: Plan): boolean {
  return state === 'committing' || state === 'done';
}

/** @throws Problem `not_permitted`, `plan_not_ready`, `plan_over` */
export function checkCommittable(deps: Deps, { by, state, createdAt }: Plan, caller: Viewer): void {
  if (by !== caller.user.id) {
    throw new Problem('not_permitted', {
      detail: 'A bulk edit is committed by whoever planned it: by what they hold it was judged',
      rule: 'C12',
      because: by,
      remedy: 'Plan it yourself: POST /v1/bulk-edits',
    });
  }
  if (state === 'planning') throw notReady('It is still being planned; wait until its state is ready', state);
  if (createdAt + COMMITTED_WITHIN_MS <= deps.now()) throw over('A plan can be committed for 24 hours');
}

/** @throws Problem `plan_not_ready` */
export function checkUndoable({ state, id }: Plan): void {
  if (state === 'done') return;
  throw notReady(`Only what is done can be undone; ${id} is ${state}`, state);
}

function notReady(detail: string, state: Plan['state']): Problem {
  return new Problem('plan_not_ready', { detail, because: state, remedy: 'Ask again: GET /v1/bulk-edits/{planId}' });
}

export function over(because: string): Problem {
  return new Problem('plan_over', { detail: `${because}; plan it anew`, because, remedy: 'POST /v1/bulk-edits' });
}

function asPlanned({ license, owned, used, price }: Seats): z.output<ReturnType<typeof seatsAtFirst>> {
  return { license, owned, used, ...(price && { price }) };
}

/** So much more is planned. */
export function progress(
  planId: string,
  counts: Counts,
  planned: {
    chunks: number;
    isLast: boolean;
    moves: Readonly<Record<string, number>>;
    /** As they were at the beginning; said once. */
    seats: readonly Seats[] | undefined;
  },
): Write {
  const { chunks, isLast, moves, seats } = planned;
  const moved = Object.entries(moves).map(([license, by]) => [`moves.${license}`, by]);
  const added = Object.entries(counts).map(([name, by]) => [`counts.${name}`, by]);
  return update(bulkKeys.plan(planId), {
    increase: { ...Object.fromEntries([...added, ...moved]), chunks, done: counts.users },
    set: { ...(isLast && { state: 'ready' }), ...(seats && { seats: seats.map(asPlanned) }) },
  });
}

/** As it is from the commit on. */
export function begun(plan: Plan, jobId: string): Plan {
  return { ...plan, ...begunWith(jobId) };
}

function begunWith(jobId: string) {
  return { state: 'committing', jobId, done: 0, became: { changes: 0, refused: 0, signOuts: 0 } } as const;
}

/** @throws at commit Begun */
export function committing(planId: string, jobId: string): Write {
  const ready = { if: ['=', 'state', 'ready'] as const, otherwise: () => new Begun() };
  return update(bulkKeys.plan(planId), { set: begunWith(jobId) }, ready);
}

/** Another request was first. */
export class Begun extends Error {
  override readonly name = 'Begun';
}

/** So much more is committed. */
export function committed(planId: string, became: Became, done: number, isLast: boolean): Write {
  const added = Object.entries(became).map(([name, by]) => [`became.${name}`, by]);
  return update(bulkKeys.plan(planId), {
    increase: { ...Object.fromEntries(added), done },
    ...(isLast && { set: { state: 'done' } }),
  });
}

type Asking = Granter & { definitions: Definitions };

/** The plan as the API shows it. */
export function shown(plan: Plan, viewer: Asking) {
  const { id, state, createdAt, done, counts, became, undoes, jobId } = plan;
  const { changes, refused, signOuts } = became ?? counts;
  return {
    id,
    state,
    createdAt: new Date(createdAt).toISOString(),
    expiresAt: new Date(createdAt + COMMITTED_WITHIN_MS).toISOString(),
    ...(state === 'done' && { undoableUntil: new Date(createdAt + KEPT_MS).toISOString() }),
    done,
    counts: { ...counts, changes, signOuts, refused: became ? counts.refused + refused : refused },
    ...(viewer.permissions.has('licenses:read') && seatsShown(plan, viewer.definitions)),
    undoes,
    jobId,
  };
}

/** As planned: what others have done since, and whoever was refused at the commit, is not in it. */
function seatsShown({ seats, moves }: Plan, { licensing }: Asking['definitions']) {
  return seatsPlanned(licensing.catalogue.licenses, seats, new Map(Object.entries(moves)));
}
