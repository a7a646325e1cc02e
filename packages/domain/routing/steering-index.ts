// Keeps the entries by which users are found by their key words, told of changes by the stream: late, perhaps twice, and of the user
// and their details in any order. What stands in the end depends on the two alone. Nothing is decided on an entry.

import { steeringKey, userIdIn, userKeys } from '#table/keys.ts';
import { type Item, put, remove } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import type { UserItemChange } from '../directory/index-user.ts';
import { readDetails } from '../users/details.ts';
import type { User } from '../users/user.ts';
import { leadsOf } from './steering.ts';

const TRIES = 10;

/** Does what changed details, or a user who has come, gone, been deactivated or restored, mean for the entries. */
export async function followKeyWords(deps: Deps, { pk, before, after }: UserItemChange): Promise<void> {
  const isDetails = (after ?? before)?.type === 'details';
  const [had, has] = isDetails ? [leadsIn(before), leadsIn(after)] : [[], []];
  const isSame = isDetails ? had.join() === has.join() : isThere(before) === isThere(after);
  if (!isSame) await keep(deps, userIdIn(pk), [...had, ...has]);
}

/** The words at which entries of the user must stand. @param user, details as they are kept */
export function mustLead(user: Item | Pick<User, 'state'> | undefined, details: Item | undefined): string[] {
  return isThere(user) ? leadsIn(details) : [];
}

export function steeringEntry(word: string, userId: string): Item {
  return { ...steeringKey(word, userId), type: 'steering', v: 1 };
}

/**
 * Writes and takes away until a read behind it all finds the user as the entries say: another record's work may have been cut in
 * between by an older read.
 */
async function keep(deps: Deps, userId: string, touched: readonly string[]): Promise<void> {
  const words = new Set(touched);
  let kept: string | undefined;
  for (let tries = 1; ; tries++) {
    const [user, details] = await deps.table.batchGet([userKeys.user(userId), userKeys.details(userId)]);
    const must = mustLead(user, details);
    if (kept === must.join()) return;
    if (tries > TRIES) throw new Error(`The key words of ${userId} change faster than they can be indexed`);
    for (const word of leadsIn(details)) words.add(word);
    const gone = [...words].filter((word) => !must.includes(word));
    if (must.length + gone.length === 0) return;
    await Promise.all([
      ...must.map((word) => deps.table.write(put(steeringEntry(word, userId)))),
      ...gone.map((word) => deps.table.write(remove(steeringKey(word, userId)))),
    ]);
    kept = must.join();
  }
}

const isThere = (user: Item | Pick<User, 'state'> | undefined) => user !== undefined && user.state !== 'deactivated';
const leadsIn = (details: Item | undefined) => leadsOf(readDetails(details).steeringKeyWords);
