// What a user has under way: open activities, pending campaign records and the log-on to queues, as the contact-center platform
// tells, and the devices that they are logged in to. A summary in one item has the counts, which are exact: it moves in each item's
// own transaction. An item counts as long as it has the summary's epoch, so that raising that closes everything at once, however
// much it is.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import type { Condition } from '#table/condition.ts';
import { userKeys, type WorkKind } from '#table/keys.ts';
import { absent, type Item, type LoneWrite, update } from '#table/write.ts';
import type { Deps } from '../deps.ts';

const summaryItem = once(() =>
  z.object({
    type: z.literal('work'),
    v: z.literal(1),
    epoch: z.number(),
    /** That of activities alone, where they were closed and campaign records were not; absent: the same as all. */
    activityEpoch: z.number().optional(),
    /** Counts what came in, moved and went. */
    revision: z.number(),
    activities: z.number(),
    /** Those of the activities that are calls. */
    calls: z.number(),
    /** When each of them began, of who can be signed in (calls.ts); absent: none. */
    callsOpen: z.set(z.string()).optional(),
    campaignRecords: z.number(),
    queues: z.array(z.string()),
    /** Epoch ms of the log-on; absent while logged off. */
    queuesSince: z.number().optional(),
    /** Takes nothing from the queues for now; absent: ready while logged on. */
    ready: z.literal(false).optional(),
    unreadyReason: z.string().optional(),
    /** Logged in to these: each has an item that says so (telephones/logging-in.ts), and moves with this list. */
    devices: z.array(z.string()),
  }),
);

export type Summary = z.output<ReturnType<typeof summaryItem>>;

/** Of who never had anything: no item stands for it. */
export const nothing: Summary = {
  type: 'work',
  v: 1,
  epoch: 1,
  revision: 0,
  activities: 0,
  calls: 0,
  campaignRecords: 0,
  queues: [],
  devices: [],
};

export function readSummary(item: Item | undefined): Summary {
  return item ? summaryItem().parse({ ...nothing, ...item }) : nothing;
}

export async function summaryOf(deps: Deps, userId: string): Promise<Summary> {
  return readSummary(await deps.table.get(userKeys.work(userId)));
}

/** Nothing that stands against deactivating or deleting them; a device does not. */
export function isFree({ activities, campaignRecords, queues }: Summary): boolean {
  return activities === 0 && campaignRecords === 0 && queues.length === 0;
}

/** Does it make the user present? Records of campaigns wait for them, wherever they are. */
export function isPresent({ activities, queues, devices }: Summary): boolean {
  return activities + queues.length + devices.length > 0;
}

/** Items of a kind are open that have this epoch. */
export function epochOf(kind: WorkKind, { epoch, activityEpoch }: Summary): number {
  return kind === 'activity' ? (activityEpoch ?? epoch) : epoch;
}

/** Greater than that of any item there is. */
export function nextEpoch({ epoch, activityEpoch = 0 }: Summary): number {
  return Math.max(epoch, activityEpoch) + 1;
}

/** What is open of the kind is what was open when the summary was read: nothing has closed all of it since. */
export function sameEpoch(kind: WorkKind, { epoch, activityEpoch }: Summary): Condition {
  if (kind !== 'activity') return ['=', 'epoch', epoch];
  if (activityEpoch !== undefined) return ['=', 'activityEpoch', activityEpoch];
  return ['and', ['=', 'epoch', epoch], ['absent', 'activityEpoch']];
}

/** Nothing at all has moved since the summary was read. */
export function asSeen({ revision }: Summary): Condition {
  return revision === 0 ? absent : ['=', 'revision', revision];
}

/**
 * The summary with these changes, of which undefined takes away, and the write that makes it so.
 * @throws at commit WorkMoved when something has come, moved or gone since
 */
export function replacing(
  userId: string,
  seen: Summary,
  changes: { [Field in keyof Summary]?: Summary[Field] | undefined },
): { after: Summary; write: LoneWrite } {
  const all = Object.entries({ ...seen, ...changes, revision: seen.revision + 1 });
  const after = Object.fromEntries(all.filter(([, value]) => value !== undefined)) as Summary;
  const gone = Object.keys(seen).filter((field) => after[field as keyof Summary] === undefined);
  const place = placeOf(userId, after);
  return {
    after,
    write: update(
      userKeys.work(userId),
      { set: { ...after, ...place.set }, ...someOf([...gone, ...place.remove]) },
      { if: asSeen(seen), otherwise: moved },
    ),
  };
}

/** Where the summary stands in the index of who is present, for as long as it makes them so. */
export function placeOf(userId: string, after: Summary): { set: Record<string, string>; remove: string[] } {
  if (!isPresent(after)) return { set: {}, remove: ['dpk', 'dsk'] };
  return { set: { ...userKeys.presentByWork(userId) }, remove: [] };
}

export function someOf(remove: string[]): { remove?: string[] } {
  return remove.length > 0 ? { remove } : {};
}

/** Which count of the summary a kind moves. */
export const countOf = { activity: 'activities', 'campaign-record': 'campaignRecords' } as const satisfies Record<
  WorkKind,
  keyof Summary
>;

export const moved = () => new WorkMoved();

/** Not for callers: somebody else has moved the same work meanwhile; read it again. */
export class WorkMoved extends Error {
  override readonly name = 'WorkMoved';
}
