// The ledger: who held a seat of which license, from when to when, and why. It follows the users by the stream: late, perhaps
// twice, but in order. Nothing is decided on it; the users' own items say who holds what.

import { ledgerKeys, userIdIn, userKeys } from '#table/keys.ts';
import { absent, type Item, put, remove } from '#table/write.ts';
import * as definitions from '../definitions/definitions.ts';
import type { Deps } from '../deps.ts';
import { causesOf } from '../licenses/causes.ts';
import type { Cause, Rules } from '../licenses/consumption.ts';
import { readUser, type User } from '../users/user.ts';
import { departedAt } from './departures.ts';
import { type Held, heldBy } from './held.ts';
import { type Interval, readInterval } from './interval.ts';

/** A change of a user's item, as the stream tells it. */
interface UserChange {
  pk: string;
  before: Item | undefined;
  after: Item | undefined;
  /** Epoch ms, to about a second. */
  at: number;
}

/** Appends what the change means for what the user holds. Repeating it, also after later changes, does no harm. */
export async function keepLedger(deps: Deps, change: UserChange): Promise<void> {
  const userId = userIdIn(change.pk);
  const [was, is] = [change.before && readUser(change.before), change.after && readUser(change.after)];
  const [freed, taken] = [without(heldBy(was), heldBy(is)), without(heldBy(is), heldBy(was))];
  if (was && freed.length > 0) {
    const to = is ? is.updatedAt : await departedAt(deps, was, change.at);
    await closeAll(deps, was, freed, to);
  }
  if (freed.length + taken.length > 0) await settle(deps, userId, is, [...freed, ...taken]);
}

/** As the open ones say why; where there are none, as the definitions say. Written once: a repeat knows no better. */
async function closeAll(deps: Deps, user: User, freed: readonly Held[], to: number): Promise<void> {
  const open = await deps.table.batchGet(freed.map(({ license, from }) => ledgerKeys.open(license, user.id, from)));
  const rules = open.every((item) => item !== undefined) ? undefined : await rulesFor(deps, user, freed);
  const writes = freed.map(({ license, from }, n) => {
    const item = open[n];
    const causes = item ? readInterval(item).causes : whyHeld(user, license, rules as Rules);
    // Clocks differ: nobody frees a seat before they take it.
    const end = Math.max(from, to);
    const interval: Interval = { type: 'interval', v: 1, license, user: user.id, from, to: end, causes };
    return put(
      { ...interval, ...ledgerKeys.closed(license, user.id, from, end) },
      { if: absent, otherwise: () => new Known() },
    );
  });
  await Promise.all(writes.map((write) => deps.table.write(write).catch(ignoreKnown)));
}

/**
 * Makes the open ones as the user is. First as this change has it, then as the user turns out to stand: whoever writes last has
 * looked after that, so a late or repeated change leaves nothing behind that is not so.
 */
async function settle(deps: Deps, userId: string, after: User | undefined, touched: readonly Held[]): Promise<void> {
  let user = after;
  for (;;) {
    const written = new Set(heldBy(user).map(nameOf));
    const taken = touched.filter((held) => written.has(nameOf(held)));
    const rules = user && (await rulesFor(deps, user, taken));
    await Promise.all(
      touched.map((held) => {
        const key = ledgerKeys.open(held.license, userId, held.from);
        return deps.table.write(
          user && rules && written.has(nameOf(held)) ? put(openOne(user, held, rules)) : remove(key),
        );
      }),
    );
    const item = await deps.table.get(userKeys.user(userId));
    user = item && readUser(item);
    const now = new Set(heldBy(user).map(nameOf));
    if (touched.every((held) => now.has(nameOf(held)) === written.has(nameOf(held)))) return;
  }
}

/** An open interval, as it is kept. */
export function openOne(user: User, { license, from }: Held, rules: Rules): Item {
  const causes = whyHeld(user, license, rules);
  const interval: Interval = { type: 'interval', v: 1, license, user: user.id, from, causes };
  return { ...interval, ...ledgerKeys.open(license, user.id, from) };
}

/** Those that the user's own definitions are among; newer ones, where none of these explains a seat. */
async function rulesFor(deps: Deps, user: User, held: readonly Held[]): Promise<Rules> {
  const rules = await definitions.currentFor(deps, user);
  const isExplained = held.every(({ license }) => whyHeld(user, license, rules).length > 0);
  return isExplained ? rules : definitions.latest(deps);
}

function whyHeld(user: User, license: string, rules: Rules): Cause[] {
  const causes = causesOf(user, rules).get(license) ?? [];
  // What is coming has come, or will not, by the time that somebody reads it.
  return causes.map(({ isComing: _isComing, ...cause }) => cause as Cause);
}

const nameOf = ({ license, from }: Held) => `${license} ${from}`;

function without(some: readonly Held[], others: readonly Held[]): Held[] {
  const names = new Set(others.map(nameOf));
  return some.filter((held) => !names.has(nameOf(held)));
}

/** It is closed already. */
class Known extends Error {
  override readonly name = 'Known';
}

function ignoreKnown(error: unknown): void {
  if (!(error instanceof Known)) throw error;
}
