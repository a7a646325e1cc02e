// When users were deleted who held seats. Who is gone cannot be asked, and the copy that they may be restored from goes too; what the
// ledger reads when the stream tells it, perhaps twice, must stay the same.

import { departureKey } from '#table/keys.ts';
import { put, type Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import type { User } from '../users/user.ts';
import { heldBy } from './held.ts';

/** Longer than the stream keeps what it tells. */
const KEPT_SECONDS = 7 * 86_400;

/** Goes into the transaction that deletes a user. */
export function departure(user: User, now: number): Write[] {
  if (heldBy(user).length === 0) return [];
  const ttl = Math.ceil(now / 1000) + KEPT_SECONDS;
  return [put({ ...departureKey(user.id, user.version), type: 'departure', v: 1, at: now, ttl })];
}

/** When the user was deleted and held seats, in no order. */
export async function departuresOf(deps: Deps, userId: string): Promise<number[]> {
  const partition = departureKey(userId, 0).pk;
  const found = await Array.fromAsync(deps.table.all({ partition, consistent: true }));
  return found.map(({ at }) => at as number);
}

/** @param at of the stream's record, to about a second: for who went without a word */
export async function departedAt(deps: Deps, { id, version }: User, at: number): Promise<number> {
  const found = await deps.table.get(departureKey(id, version));
  return found ? (found.at as number) : at;
}
