// Whom an edit of a definition concerns: who takes other licenses by it, found in the list of users.

import { shelves, userKeys } from '#table/keys.ts';
import type { Item } from '#table/write.ts';
import { type ListedUser, readListed } from '../users/user.ts';
import { neededBy, type Rules, withWanted } from './consumption.ts';
import type { Wanted } from './licensing.ts';

/** Where the list of users stands; but for who is deactivated, and takes nothing. */
export const partitions = shelves.filter((shelf) => !shelf.startsWith('deactivated')).flatMap(userKeys.listPartitions);

/** By what the list tells of them; what is not in it, as recording, may be either way. */
export function concerned(
  rules: Rules,
  { before, after }: { before: Wanted; after: Wanted },
  rows: readonly Item[],
): ListedUser[] {
  const base: Rules = { ...rules, licensing: { ...rules.licensing, underway: undefined } };
  const [was, is] = [withWanted(base, before), withWanted(base, after)];
  const isMoved = (user: Parameters<typeof neededBy>[0]) =>
    [...neededBy(user, was)].sort().join() !== [...neededBy(user, is)].sort().join();
  return rows.map(readListed).filter((row) => isMoved(row) || isMoved({ ...row, recording: 'after-bridged' }));
}
