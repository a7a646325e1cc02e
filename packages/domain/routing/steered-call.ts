// Reads whom a caller may mean, and decides. Entries lead to users; what counts is what the users have at this moment.

import { steeringPartition, steeringPrefix, userIdOfEntry, userKeys } from '#table/keys.ts';
import type { Deps } from '../deps.ts';
import { readDetails } from '../users/details.ts';
import { readUser } from '../users/user.ts';
import { readinessOf } from '../work/readiness.ts';
import { readSummary } from '../work/work.ts';
import { type RoutedUser, shownUser, whyOff } from './party.ts';
import { inOrder, type Meant, saidOf, wordsOf } from './steering.ts';

/** Of what a caller says, so many different words are looked up, the longest of them. */
const WORDS_MAX = 30;
/** So many users who share a word are looked at, and so many of all: their items and details are one read. */
const USERS_MAX = 50;

export interface SteeredTo extends Meant {
  user: RoutedUser;
}

export async function steeredCall(
  deps: Deps,
  { words, limit }: { words: string; limit: number },
): Promise<SteeredTo[]> {
  const said = wordsOf(words);
  const ids = await candidates(deps, said);
  if (ids.length === 0) return [];
  const [items, works] = await Promise.all([
    deps.table.batchGet(ids.flatMap((id) => [userKeys.user(id), userKeys.details(id)])),
    // Whether somebody is there changes from second to second, and only orders those who are meant alike.
    deps.table.batchGet(ids.map(userKeys.work), { consistent: false }),
  ]);
  const meant = ids.flatMap((_, n): SteeredTo[] => {
    const item = items[2 * n];
    if (!item) return [];
    const user = readUser(item);
    const found = saidOf(readDetails(items[2 * n + 1]).steeringKeyWords, said);
    if (found.length === 0 || whyOff(user, deps.now()) !== undefined) return [];
    const reachable = readinessOf(user, readSummary(works[n])) === 'ready';
    return [{ title: user.title, user: shownUser(user), words: found, reachable }];
  });
  return inOrder(meant).slice(0, limit);
}

/** Users who have key words at some of the words, those with the most of them first. */
async function candidates(deps: Deps, said: readonly string[]): Promise<string[]> {
  const words = [...new Set(said)].sort((a, b) => b.length - a.length).slice(0, WORDS_MAX);
  const pages = await Promise.all(
    words.map((word) =>
      deps.table.query({ partition: steeringPartition(word), beginsWith: steeringPrefix(word), limit: USERS_MAX }),
    ),
  );
  const counts = new Map<string, number>();
  for (const { sk } of pages.flatMap(({ items }) => items)) {
    const id = userIdOfEntry(sk);
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, USERS_MAX)
    .map(([id]) => id);
}
