// Who is there, page by page. Sessions and work stand in the index by user, so that nobody else is read; what the index leads to is
// read for what is shown, and those who are not there any more, or out of sight, fall out.

import { type Key, presentIn, presentPartitions, userKeys } from '#table/keys.ts';
import { ENOUGH, type Position, page } from '#table/page.ts';
import type { Item } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { isInSight, type Viewer } from '../grants/sight.ts';
import { type Session, sessionItem } from '../sessions/sessions.ts';
import { readUser } from '../users/user.ts';
import { readSummary } from '../work/work.ts';
import { isPresent, type Known, type Only, type Presence, presenceOf } from './presence.ts';

export interface Place {
  at: Position;
  /** The last user who was looked at: an entry of theirs may still come, which says nothing new. */
  after: string;
}

interface Entry {
  userId: string;
  /** Of a session; of work there is one place only. */
  session?: Key;
}

/** Entries that a request looks at, at most: who sees few of many gets short pages. */
const ENTRIES_MAX = 600;
const READ_AT_ONCE = 100;

export async function presentPage(
  deps: Deps,
  viewer: Viewer,
  only: Only | undefined,
  { limit, from }: { limit: number; from: Place | undefined },
): Promise<{ users: Presence[]; next?: Place }> {
  const users: Presence[] = [];
  let place = from;
  let left = ENTRIES_MAX;
  for (;;) {
    const found = await entriesOf(deps, place, Math.min(limit - users.length, left));
    const known = await knownOf(deps, found.entries, found.next !== undefined);
    const present = known
      .filter(({ user }) => isInSight(viewer, user))
      .map((each) => presenceOf(each, deps.now()))
      .filter((each) => isPresent(each, only));
    users.push(...present);
    left -= found.read;
    place = found.next;
    if (!place) return { users };
    if (users.length >= limit * ENOUGH || left < presentPartitions.length) return { users, next: place };
  }
}

async function entriesOf(
  deps: Deps,
  from: Place | undefined,
  limit: number,
): Promise<{ entries: Entry[]; read: number; next?: Place }> {
  const now = deps.now();
  const { rows, read, next } = await page<Entry>(deps.table, {
    index: 'due',
    partitions: presentPartitions,
    limit,
    from: from?.at,
    row: (item: Item) => {
      const { userId, until } = presentIn(item.dsk as string);
      const isOver = until !== undefined && until <= now;
      if (isOver || userId === from?.after) return undefined;
      return { userId, ...(until !== undefined && { session: { pk: item.pk, sk: item.sk } }) };
    },
  });
  const after = rows.at(-1)?.userId ?? from?.after ?? '';
  return { entries: rows, read, ...(next && { next: { at: next, after } }) };
}

/** @param isCut more entries follow, perhaps of the last user: all their sessions are read, wherever they stand */
async function knownOf(deps: Deps, entries: readonly Entry[], isCut: boolean): Promise<Known[]> {
  const ids = [...new Set(entries.map(({ userId }) => userId))];
  const last = isCut ? ids.at(-1) : undefined;
  const keys = entries.flatMap(({ userId, session }) => (session && userId !== last ? [session] : []));
  const [userItems, workItems, sessionItems, ofLast] = await Promise.all([
    read(deps, ids.map(userKeys.user)),
    read(deps, ids.map(userKeys.work)),
    read(deps, keys),
    last === undefined ? [] : sessionsOf(deps, last),
  ]);
  const sessions = [...sessionItems.filter((item) => item !== undefined).map(readSession), ...ofLast];
  return ids.flatMap((id, n) => {
    const item = userItems[n];
    if (!item) return [];
    const own = sessions.filter(({ userId }) => userId === id);
    return [{ user: readUser(item), sessions: own, work: readSummary(workItems[n]) }];
  });
}

const readSession = (item: Item): Session => sessionItem().parse(item);

/** All that there are; those that are over, too. */
export async function sessionsOf(deps: Deps, userId: string): Promise<Session[]> {
  const partition = userKeys.partition(userId);
  const read = { partition, beginsWith: userKeys.sessionsPrefix, consistent: true };
  return (await Array.fromAsync(deps.table.all(read))).map(readSession);
}

/** Only to be shown, so it may be a moment old. */
async function read(deps: Deps, keys: readonly Key[]): Promise<(Item | undefined)[]> {
  const rows = Array.from({ length: Math.ceil(keys.length / READ_AT_ONCE) }, (_, n) =>
    keys.slice(n * READ_AT_ONCE, (n + 1) * READ_AT_ONCE),
  );
  return (await Promise.all(rows.map((row) => deps.table.batchGet(row, { consistent: false })))).flat();
}
