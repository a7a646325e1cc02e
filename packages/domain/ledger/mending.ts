// Where the stream gave a record up, the ledger lacks an open interval that a user's own item tells of, or has one of who does not
// hold the seat any more. The recount puts the one there, and closes the other.

import { ledgerKeys, userKeys } from '#table/keys.ts';
import { absent, check, put, remove } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import type { Rules } from '../licenses/consumption.ts';
import { readUser, type User } from '../users/user.ts';
import { departuresOf } from './departures.ts';
import { heldBy } from './held.ts';
import { type Interval, intervalsBehind } from './interval.ts';
import { openOne } from './ledger.ts';

/** The stream does not try longer than that; until then it is only late. */
const LATE_MS = 3_600_000;
const KEYS_AT_ONCE = 100;

/** @returns how many were missing */
export async function mendLedger(deps: Deps, users: readonly User[], rules: Rules): Promise<number> {
  const before = deps.now() - LATE_MS;
  const due = users.flatMap((user) =>
    heldBy(user)
      .filter(({ from }) => from < before)
      .map((held) => ({ user, held, key: ledgerKeys.open(held.license, user.id, held.from) })),
  );
  let mended = 0;
  for (let n = 0; n < due.length; n += KEYS_AT_ONCE) {
    const some = due.slice(n, n + KEYS_AT_ONCE);
    const found = await deps.table.batchGet(
      some.map(({ key }) => key),
      { consistent: false },
    );
    for (const { user, held } of some.filter((_, at) => !found[at])) {
      const isTheSame = ['=', 'version', user.version] as const;
      const failed = await deps.table.attempt([
        put(openOne(user, held, rules)),
        check(userKeys.user(user.id), isTheSame),
      ]);
      // Whoever has changed meanwhile is looked at by the next run.
      if (failed.length === 0) mended++;
    }
  }
  return mended;
}

/** @returns how many of the license were closed */
export async function closeLeftOpen(deps: Deps, license: string): Promise<number> {
  const closed = await Promise.all(ledgerKeys.partitions(license).map((partition) => closeIn(deps, partition)));
  return closed.reduce((sum, count) => sum + count, 0);
}

async function closeIn(deps: Deps, partition: string): Promise<number> {
  const upTo = ledgerKeys.openFrom(deps.now() - LATE_MS);
  let closed = 0;
  let waiting: Interval[] = [];
  for await (const interval of intervalsBehind(deps, partition, ledgerKeys.openOnes, upTo)) {
    waiting.push(interval);
    if (waiting.length < KEYS_AT_ONCE) continue;
    closed += await closeSome(deps, waiting);
    waiting = [];
  }
  return closed + (await closeSome(deps, waiting));
}

async function closeSome(deps: Deps, open: readonly Interval[]): Promise<number> {
  if (open.length === 0) return 0;
  const ids = [...new Set(open.map(({ user }) => user))];
  const items = await deps.table.batchGet(ids.map(userKeys.user));
  const users = new Map(ids.map((id, n) => [id, items[n] && readUser(items[n])]));
  let closed = 0;
  for (const interval of open) {
    const user = users.get(interval.user);
    if (user?.seats?.held[interval.license] === interval.from) continue;
    if (await close(deps, interval, user)) closed++;
  }
  return closed;
}

/** @param user as they are; undefined: gone */
async function close(deps: Deps, open: Interval, user: User | undefined): Promise<boolean> {
  const { license, user: userId, from } = open;
  const later = await laterOf(deps, open);
  const isKnown = later.some((each) => each.from === from);
  const held = user?.seats?.held[license];
  // None of them is before the end; the earliest is nearest to it.
  const bounds = [
    // Clocks differ: nobody frees a seat before they take it.
    ...(user ? [Math.max(from, user.updatedAt)] : []),
    ...(held === undefined ? [] : [held]),
    ...later.map((each) => each.from),
    ...(await departuresOf(deps, userId)),
  ].filter((at) => at >= from);
  const to = bounds.length > 0 ? Math.min(...bounds) : deps.now();
  // What ended within the hour the stream may tell yet, and knows better when.
  if (bounds.length > 0 && to > deps.now() - LATE_MS) return false;
  const failed = await deps.table.attempt([
    ...(isKnown ? [] : [put({ ...open, to, ...ledgerKeys.closed(license, userId, from, to) }, { if: absent })]),
    remove(ledgerKeys.open(license, userId, from)),
    check(userKeys.user(userId), user ? ['=', 'version', user.version] : absent),
  ]);
  // Whoever has changed meanwhile is looked at by the next run.
  return failed.length === 0;
}

/** Closed intervals of the same user and license that ended after this one began, itself among them if it is closed already. */
async function laterOf(deps: Deps, { license, user, from }: Interval): Promise<Interval[]> {
  const { pk } = ledgerKeys.open(license, user, from);
  const found: Interval[] = [];
  const ended = intervalsBehind(deps, pk, ledgerKeys.endedFrom(from), ledgerKeys.openOnes);
  for await (const interval of ended) if (interval.user === user) found.push(interval);
  return found;
}
