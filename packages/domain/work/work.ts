// What a user has under way: open activities, pending campaign records and the log-on to queues, as the contact-center platform
// tells. A summary in one item has the counts, which are exact: it moves in each item's own transaction. An item counts as long as
// it has the summary's epoch, so that raising that closes everything at once, however much it is.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import { userKeys, type WorkKind } from '#table/keys.ts';
import { absent, check, type Item, update, type Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';

const summaryItem = once(() =>
  z.object({
    type: z.literal('work'),
    v: z.literal(1),
    epoch: z.number(),
    /** Counts what came in, moved and went. */
    revision: z.number(),
    activities: z.number(),
    campaignRecords: z.number(),
    queues: z.array(z.string()),
    /** Epoch ms of the log-on; absent while logged off. */
    queuesSince: z.number().optional(),
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
  campaignRecords: 0,
  queues: [],
};

export function readSummary(item: Item | undefined): Summary {
  return item ? summaryItem().parse({ ...nothing, ...item }) : nothing;
}

export async function summaryOf(deps: Deps, userId: string): Promise<Summary> {
  return readSummary(await deps.table.get(userKeys.work(userId)));
}

export function isFree({ activities, campaignRecords, queues }: Summary): boolean {
  return activities === 0 && campaignRecords === 0 && queues.length === 0;
}

/** Closes everything that was seen, at once. @throws at commit WorkMoved when something has come, moved or gone since */
export function closing(userId: string, seen: Summary): Write {
  const key = userKeys.work(userId);
  if (seen.revision === 0) return check(key, absent, moved);
  const asSeen = ['=', 'revision', seen.revision] as const;
  if (isFree(seen)) return check(key, asSeen, moved);
  const { queuesSince: _since, ...closed } = { ...nothing, epoch: seen.epoch + 1, revision: seen.revision + 1 };
  return update(key, { set: closed, remove: ['queuesSince'] }, { if: asSeen, otherwise: moved });
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
