// Counting failures, so that guessing ends. A count stands until an hour has passed since its last addition:
// then no hour ever holds more than the maximum. Counters are written even though the request fails.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import { Problem } from '#contract/problems.ts';
import type { Key } from '#table/keys.ts';
import { check, type Item, type LoneWrite, update, type Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';

export const HOUR_MS = 3_600_000;

export const limitItem = once(() => z.object({ count: z.number(), expiresAt: z.number() }));

export interface Limit {
  key: Key;
  max: number;
  code: 'too_many_attempts' | 'too_many_codes';
  /** What is limited, for people: "wrong passwords". */
  what: string;
}

/** The limit's item, perhaps a moment old: enough to refuse early, for `add` and `notReached` decide with the write. */
export async function seen(deps: Deps, limit: Limit): Promise<Item | undefined> {
  return deps.table.get(limit.key, { consistent: false });
}

/** Has the limit been reached, as far as this read of its item tells? */
export function isReached(limit: Limit, item: Item | undefined, now: number): boolean {
  if (!item) return false;
  const { count, expiresAt } = limitItem().parse(item);
  return expiresAt > now && count >= limit.max;
}

export function refusal(limit: Limit, item: Item | undefined, now: number): Problem {
  const until = item ? limitItem().parse(item).expiresAt : now + HOUR_MS;
  const seconds = Math.max(1, Math.ceil((until - now) / 1000));
  return new Problem(limit.code, {
    detail: `There were ${limit.max} ${limit.what} within an hour; try again in ${Math.ceil(seconds / 60)} minutes`,
    retryAfterSeconds: seconds,
  });
}

/** The limit must not be reached at the moment of the commit: otherwise what the commit accepts was guessed too often. */
export function notReached(limit: Limit, now: number): Write {
  return check(limit.key, ['or', ['absent', 'pk'], ['<=', 'expiresAt', now], ['<', 'count', limit.max]], (found) =>
    refusal(limit, found, now),
  );
}

/** Adds one, unless the limit is reached. `asRead` is the item as last read; a wrong guess of it shows as the write's problem. */
export function addition(limit: Limit, asRead: Item | undefined, now: number): LoneWrite {
  const expiresAt = now + HOUR_MS;
  const base = { type: 'limit', v: 1, expiresAt, ttl: Math.ceil(expiresAt / 1000) };
  const isRunning = asRead !== undefined && limitItem().parse(asRead).expiresAt > now;
  return isRunning
    ? update(
        limit.key,
        { set: base, increase: { count: 1 } },
        {
          if: ['and', ['>', 'expiresAt', now], ['<', 'count', limit.max]],
          otherwise: (found) => (isReached(limit, found, now) ? refusal(limit, found, now) : new LimitMoved(found)),
        },
      )
    : update(
        limit.key,
        { set: { ...base, count: 1 } },
        { if: ['or', ['absent', 'pk'], ['<=', 'expiresAt', now]], otherwise: (found) => new LimitMoved(found) },
      );
}

/** Commits with an addition; when another request moved the count meanwhile, once more with what it is now. */
export async function add(
  deps: Deps,
  limit: Limit,
  asRead: Item | undefined,
  commit: (addition: LoneWrite) => Promise<unknown>,
): Promise<void> {
  let found = asRead;
  for (;;) {
    try {
      await commit(addition(limit, found, deps.now()));
      return;
    } catch (error) {
      if (!(error instanceof LimitMoved)) throw error;
      found = error.found;
    }
  }
}

/** Not for callers: the item was not as read. At most two repeats follow, for a count only starts, grows or expires. */
class LimitMoved extends Error {
  override readonly name = 'LimitMoved';
  readonly found: Item | undefined;
  constructor(found: Item | undefined) {
    super('The count is not as it was read');
    this.found = found;
  }
}
