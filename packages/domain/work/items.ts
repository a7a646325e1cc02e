// Activities and campaign records, as they are kept: an item in the partition of the user who has it, and one under the
// platform's own id that tells who that is. Both and the summary move in one transaction, also from one user to another.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import { Problem } from '#contract/problems.ts';
import { userKeys, type WorkKind, workKey } from '#table/keys.ts';
import { absent, check, type Item, put, remove, type Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import type { User } from '../users/user.ts';
import { coming, going, retold } from './counting.ts';
import { checkTakesWork, stillThere } from './takers.ts';
import {
  countOf,
  epochOf,
  moved,
  nothing,
  readSummary,
  type Summary,
  sameEpoch,
  summaryOf,
  WorkMoved,
} from './work.ts';

const common = { v: z.literal(1), id: z.string(), userId: z.string(), epoch: z.number() };

const schemas = once(() => ({
  activity: z.object({
    type: z.literal('activity'),
    ...common,
    channel: z.string(),
    /** Counted among the calls; what was opened before there was that count is not. */
    call: z.literal(true).optional(),
    title: z.string().optional(),
    openedAt: z.number(),
  }),
  'campaign-record': z.object({
    type: z.literal('campaign-record'),
    ...common,
    campaign: z.string(),
    action: z.enum(['not-assigned', 'rescheduled']),
    dueAt: z.number().optional(),
  }),
}));

export type Activity = z.output<ReturnType<typeof schemas>['activity']>;
export type CampaignRecord = z.output<ReturnType<typeof schemas>['campaign-record']>;

interface Kinds {
  activity: Activity;
  'campaign-record': CampaignRecord;
}

/** What the platform says of one, beside whose it is. */
export type Said<Kind extends WorkKind> = Omit<Kinds[Kind], 'type' | 'v' | 'id' | 'userId' | 'epoch' | 'call'>;

const placeItem = once(() => z.object({ userId: z.string(), epoch: z.number(), version: z.number() }));

type Place = z.output<ReturnType<typeof placeItem>>;

export interface Standing<Kind extends WorkKind> {
  /** Where the platform's id leads; also to what is closed and not yet cleared away. */
  place: Place | undefined;
  /** Absent: it is not open. */
  open: Kinds[Kind] | undefined;
  /** Of who has it, or had. */
  summary: Summary;
}

export async function find<Kind extends WorkKind>(deps: Deps, kind: Kind, id: string): Promise<Standing<Kind>> {
  const found = await deps.table.get(workKey(kind, id));
  if (!found) return { place: undefined, open: undefined, summary: nothing };
  const place = placeItem().parse(found);
  const [summaryFound, item] = await deps.table.batchGet([
    userKeys.work(place.userId),
    userKeys.workItem(place.userId, kind, id),
  ]);
  const summary = readSummary(summaryFound);
  return { place, open: item && summaryFound ? openOf(kind, item, summary) : undefined, summary };
}

/**
 * Writes by which the user has it from now on, whoever had it before.
 * @throws Problem `invalid_input`; at commit `user_not_found`, `user_deactivated`, WorkMoved
 */
export async function keeping<Kind extends WorkKind>(
  deps: Deps,
  user: User,
  kind: Kind,
  id: string,
  given: { said: Said<Kind>; standing: Standing<Kind> },
): Promise<{ item: Kinds[Kind]; writes: Write[] }> {
  checkTakesWork(user, kind);
  const { place, open } = given.standing;
  const seen = await summaryOf(deps, user.id);
  const epoch = epochOf(kind, seen);
  const isCall = kind === 'activity' && (given.said as Said<'activity'>).channel === 'call';
  const item = {
    ...{ type: kind, v: 1, id, userId: user.id, epoch, ...given.said },
    ...(isCall && { call: true }),
  } as Kinds[Kind];
  // Of the epoch of now: since it was found everything may have been closed.
  const isTheirs = open?.userId === user.id && open.epoch === epoch;
  const former = place && place.userId !== user.id ? place : undefined;
  const writes: Write[] = [
    stillThere(user),
    put(
      { ...workKey(kind, id), type: 'work-place', v: 1, userId: user.id, epoch, version: (place?.version ?? 0) + 1 },
      { if: place ? ['=', 'version', place.version] : absent, otherwise: moved },
    ),
    put({ ...item, ...userKeys.workItem(user.id, kind, id) }),
    isTheirs ? told(user, kind, seen, open, item) : coming(user, seen, item),
    ...(former ? [remove(userKeys.workItem(former.userId, kind, id))] : []),
    ...(former && open ? [going(former.userId, given.standing.summary, [open])] : []),
  ];
  return { item, writes };
}

function told(user: User, kind: WorkKind, seen: Summary, was: Activity | CampaignRecord, is: typeof was): Write {
  const [write] = retold(user, seen, was, is);
  return write ?? check(userKeys.work(user.id), sameEpoch(kind, seen), moved);
}

/** @throws at commit WorkMoved */
export function closingOne(place: Place, open: Activity | CampaignRecord, seen: Summary): Write[] {
  const { type: kind, id, userId } = open;
  return [
    remove(workKey(kind, id), { if: ['=', 'version', place.version], otherwise: moved }),
    remove(userKeys.workItem(userId, kind, id)),
    going(userId, seen, [open]),
  ];
}

/** Those of a user that are open, as many as are wanted, and how many there are. */
export async function ofUser<Kind extends WorkKind>(
  deps: Deps,
  userId: string,
  kind: Kind,
  limit: number,
): Promise<{ items: Kinds[Kind][]; total: number }> {
  const summary = await summaryOf(deps, userId);
  const total = summary[countOf[kind]];
  const items: Kinds[Kind][] = [];
  const read = { partition: userKeys.partition(userId), beginsWith: userKeys.workPrefix(kind), consistent: true };
  if (total === 0) return { items, total };
  for await (const item of deps.table.all(read)) {
    const open = openOf(kind, item, summary);
    if (open) items.push(open);
    if (items.length === limit) break;
  }
  return { items, total };
}

/** Does the work, and once more where somebody else has moved the same meanwhile. */
export async function retryMoved<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof WorkMoved)) throw error;
      if (tries === 10) throw new Problem('try_again', { retryAfterSeconds: 1, cause: error });
    }
  }
}

export function notFound(kind: WorkKind, id: string): Problem {
  const what = kind === 'activity' ? 'activity' : 'campaign record';
  return new Problem('work_not_found', { detail: `No ${what} ${id} is open; it may have been closed with its user` });
}

export function openOf<Kind extends WorkKind>(kind: Kind, item: Item, summary: Summary): Kinds[Kind] | undefined {
  const read = schemas()[kind].parse(item) as Kinds[Kind];
  return read.epoch === epochOf(kind, summary) ? read : undefined;
}
