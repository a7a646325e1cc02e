// Counting failures, so that guessing ends. A count stands until an hour has passed since its last addition: then no hour
// ever holds more than the maximum. After some failures the next guess has to wait. Counters are written even though the
// request fails.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import { Problem } from '#contract/problems.ts';
import type { Condition } from '#table/condition.ts';
import type { Key } from '#table/keys.ts';
import { check, type Item, type LoneWrite, update, type Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';

export const HOUR_MS = 3_600_000;

export const limitItem = once(() =>
  z.object({
    count: z.number(),
    expiresAt: z.number(),
    /** Epoch ms; absent where no failure has asked for a wait, past where the last one did not. */
    notBefore: z.number().optional(),
  }),
);

export interface Limit {
  key: Key;
  max: number;
  code: 'too_many_attempts' | 'too_many_codes';
  /** What is limited, for people: "wrong passwords". */
  what: string;
  /** Seconds to wait after the first failure, the second and so on, less than an hour; 0 or absent: none. */
  waits?: readonly number[];
}

/** Is another guess refused, as far as this read of the item tells: because the limit is reached, or has its wait? */
export function isReached(limit: Limit, item: Item | undefined, now: number): boolean {
  return blockedUntil(limit, item, now) !== undefined;
}

/** When the next guess is let in, epoch ms; undefined when it is now. */
export function blockedUntil({ max }: Limit, item: Item | undefined, now: number): number | undefined {
  if (!item) return undefined;
  const { count, expiresAt, notBefore = 0 } = limitItem().parse(item);
  if (expiresAt <= now) return undefined;
  if (count >= max) return expiresAt;
  return notBefore > now ? notBefore : undefined;
}

/** What who guesses too often or too early is told. `item` is what `isReached` was told, or a write found. */
export function refusal(limit: Limit, item: Item | undefined, now: number): Problem {
  const until = blockedUntil(limit, item, now) ?? now;
  const seconds = Math.max(1, Math.ceil((until - now) / 1000));
  const count = item ? limitItem().parse(item).count : limit.max;
  return new Problem(limit.code, {
    detail: `There were ${count} ${limit.what} within an hour; try again in ${inWords(seconds)}`,
    retryAfterSeconds: seconds,
  });
}

/** The limit must not be reached at the moment of the commit: otherwise what the commit accepts was guessed too often. */
export function notReached(limit: Limit, now: number): Write {
  return check(limit.key, ['or', ['absent', 'pk'], ['<=', 'expiresAt', now], open(limit, now)], (found) =>
    refusal(limit, found, now),
  );
}

/** Adds one, unless the limit is reached. `asRead` is the item as last read; a wrong guess of it shows as the write's problem. */
export function addition(limit: Limit, asRead: Item | undefined, now: number): LoneWrite {
  const expiresAt = now + HOUR_MS;
  const base = { type: 'limit', v: 1, expiresAt, ttl: Math.ceil(expiresAt / 1000) };
  const read = asRead && limitItem().parse(asRead);
  if (!read || read.expiresAt <= now) {
    return update(
      limit.key,
      { set: { ...base, ...waitAfter(limit, 1, now), count: 1 } },
      { if: ['or', ['absent', 'pk'], ['<=', 'expiresAt', now]], otherwise: (found) => new LimitMoved(limit, found) },
    );
  }
  // A wait depends on the count, which must then be as read: of parallel guesses one counts, and the others meet its wait.
  const isAsRead: Condition[] = limit.waits ? [['=', 'count', read.count]] : [];
  return update(
    limit.key,
    { set: { ...base, ...waitAfter(limit, read.count + 1, now) }, increase: { count: 1 } },
    {
      if: ['and', ['>', 'expiresAt', now], open(limit, now), ...isAsRead],
      otherwise: (found) => (isReached(limit, found, now) ? refusal(limit, found, now) : new LimitMoved(limit, found)),
    },
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
      // Two limits may be added to in one commit: each looks after its own.
      if (!(error instanceof LimitMoved && error.limit === limit)) throw error;
      found = error.found;
    }
  }
}

/** The condition of another guess on a count that stands. */
function open({ max }: Limit, now: number): Condition {
  return ['and', ['<', 'count', max], ['or', ['absent', 'notBefore'], ['<=', 'notBefore', now]]];
}

/** Without a wait nothing is stored, for one from before is over; the instant itself could lie ahead of another machine's clock. */
function waitAfter({ waits = [] }: Limit, failures: number, now: number): { notBefore?: number } {
  const seconds = waits[failures - 1] ?? 0;
  return seconds > 0 ? { notBefore: now + seconds * 1000 } : {};
}

function inWords(seconds: number): string {
  return seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} minutes`;
}

/**
 * Not for callers: the item was not as read. Repeats are few, for a count only starts, expires, is lifted or grows, and
 * each repeat means that another request was counted; at the maximum or at a wait they end.
 */
class LimitMoved extends Error {
  override readonly name = 'LimitMoved';
  readonly limit: Limit;
  readonly found: Item | undefined;
  constructor(limit: Limit, found: Item | undefined) {
    super('The count is not as it was read');
    this.limit = limit;
    this.found = found;
  }
}
