// Keeps the entries of a user as the user is, told of each change by the stream: late, perhaps twice, but in order. What stands
// in the end depends on the user alone, not on which records came how often.

import { userIdIn, userKeys } from '#table/keys.ts';
import { type Item, put, remove, update } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { sessionItem } from '../sessions/sessions.ts';
import { readUser, type User } from '../users/user.ts';
import * as users from '../users/users.ts';
import { entriesOf } from './entries.ts';

/** A change of an item of the user's partition, as the stream tells it. */
export interface UserItemChange {
  pk: string;
  before: Item | undefined;
  after: Item | undefined;
}

/** Does what a new, changed or removed user, or a new session, means for the index. */
export async function follow(deps: Deps, { pk, before, after }: UserItemChange): Promise<void> {
  if (after?.type === 'session') {
    await keepLastSignIn(deps, userIdIn(pk), sessionItem().parse(after).createdAt);
    return;
  }
  const [was, is] = [before && readUser(before), after && readUser(after)];
  // A request that had read the user before has put back an older sign-in with all the rest.
  const lost = is && was?.lastSignInAt;
  if (lost && lost > (is.lastSignInAt ?? 0)) await keepLastSignIn(deps, is.id, lost);
  await moveEntries(deps, userIdIn(pk), was, is);
}

/** Writes the entries of a user as they are now, whatever stands there. For users of whose changes the stream has not told. */
export async function index(deps: Deps, user: User): Promise<void> {
  await Promise.all(entriesOf(user).map((entry) => deps.table.write(put(entry))));
}

/**
 * What of the entries differs between the two images is written or taken away, as the user stands now: their images say which
 * entries may have to go, the user says which must be. Where the images differ in nothing that is found by, nothing is read.
 */
async function moveEntries(deps: Deps, userId: string, was: User | undefined, is: User | undefined): Promise<void> {
  const [had, has] = [keyed(was), keyed(is)];
  const isSame = (key: string, entry: Item | undefined) =>
    text(had.get(key)) === text(entry) && text(has.get(key)) === text(entry);
  const touched = [...new Map([...had, ...has])].filter(([key]) => text(had.get(key)) !== text(has.get(key)));
  if (touched.length === 0) return;
  const must = keyed(await users.byId(deps, userId));
  const missing = [...must].filter(([key, entry]) => !isSame(key, entry));
  // First what is new: in between the user is found twice rather than not at all.
  await Promise.all(missing.map(([, entry]) => deps.table.write(put(entry))));
  const gone = [...new Map([...had, ...has])].filter(([key]) => !must.has(key));
  await Promise.all(gone.map(([, entry]) => deps.table.write(remove(entry))));
}

/** Only forward, and beside the version: nobody who is changing the user meets it. Whoever is gone stays gone. */
async function keepLastSignIn(deps: Deps, userId: string, at: number): Promise<void> {
  const later = update(
    userKeys.user(userId),
    { set: { lastSignInAt: at } },
    {
      if: ['and', ['exists', 'pk'], ['or', ['absent', 'lastSignInAt'], ['<', 'lastSignInAt', at]]],
      otherwise: () => new NotLater(),
    },
  );
  try {
    await deps.table.write(later);
  } catch (error) {
    if (!(error instanceof NotLater)) throw error;
  }
}

class NotLater extends Error {
  override readonly name = 'NotLater';
}

function keyed(user: User | undefined): Map<string, Item> {
  return new Map(user ? entriesOf(user).map((entry) => [`${entry.pk}\n${entry.sk}`, entry]) : []);
}

/** Made alike, so alike in the order of their fields. */
const text = (entry: Item | undefined) => JSON.stringify(entry);
