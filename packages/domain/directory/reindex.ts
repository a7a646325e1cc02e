// Indexing everybody anew: once for users of whose changes the stream never told (of an older version), and whenever an operator
// asks for it. Afterwards every user has their entries, and no entry is left that nobody has.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import {
  anyLicense,
  directoryKey,
  memberPartitions,
  orderKinds,
  orderPartitions,
  shelves,
  steeringPartition,
  userKeys,
  wordPartition,
} from '#table/keys.ts';
import { absent, type Item, put, remove, update, type Write } from '#table/write.ts';
import * as definitions from '../definitions/definitions.ts';
import type { Deps } from '../deps.ts';
import { begin, type Job, type Turn } from '../jobs/jobs.ts';
import * as records from '../records/records.ts';
import { mustLead, steeringEntry } from '../routing/steering-index.ts';
import { sortTitle } from '../users/names.ts';
import { readUser, shelfOf, type User } from '../users/user.ts';
import * as users from '../users/users.ts';
import { entriesOf, idOfEntry } from './entries.ts';
import { index } from './index-user.ts';
import { placesOf } from './words.ts';

/** Raised when entries are cut otherwise: then the next deploy indexes everybody anew. */
const SCHEME = 3;
/** Users, or entries, that a turn looks at. */
const CHUNK = 50;
/** Partitions of entries that a turn looks into; most of them are empty. */
const PARTITIONS_A_TURN = 100;
const AT_ONCE = 10;
const LATIN = Array.from('abcdefghijklmnopqrstuvwxyz0123456789');

const facts = once(() =>
  z.object({
    part: z.enum(['users', 'entries']),
    /** Where the last turn ended: nothing before it is left to do. */
    partition: z.string().optional(),
    from: z.record(z.string(), z.unknown()).optional(),
    /** Initials beyond Latin that words of users have. */
    initials: z.array(z.string()),
  }),
);

type Facts = z.output<ReturnType<typeof facts>>;

/** Starts the job where it was never done, or not since entries are as they are; or where it is asked for again. @returns whether it was started */
export async function startIndexing(deps: Deps, { again = false } = {}): Promise<boolean> {
  const known = await deps.table.get(directoryKey);
  if (known?.scheme === SCHEME && !again) return false;
  const beginning: Facts = { part: 'users', initials: [] };
  const { id, write } = begin(deps, { kind: 'index-users', facts: beginning });
  const mark = put(
    { ...directoryKey, type: 'directory', v: 1, scheme: SCHEME, job: id },
    { if: known ? ['=', 'job', known.job] : absent, otherwise: () => new Moved() },
  );
  try {
    await deps.table.transact([mark, write]);
    return true;
  } catch (error) {
    // Another deploy has started it at the same moment.
    if (!(error instanceof Moved)) throw error;
    return false;
  }
}

/** For a table whose users are written together with their entries. */
export function asIndexed(): Write {
  return put({ ...directoryKey, type: 'directory', v: 1, scheme: SCHEME, job: '' }, { if: absent });
}

/** The kind of job. Repeating a turn does no harm. */
export async function indexUsers(deps: Deps, job: Job): Promise<Turn> {
  const known = facts().parse(job.facts);
  return known.part === 'users' ? turnOfUsers(deps, known) : turnOfEntries(deps, known);
}

/** The old partitions last: whom they give away has then been passed. */
const listPartitions = [...shelves.flatMap(userKeys.listPartitions), ...userKeys.formerListPartitions];

async function turnOfUsers(
  deps: Deps,
  { partition = listPartitions[0] as string, from, initials }: Facts,
): Promise<Turn> {
  const { items, next } = await deps.table.query({ index: 'users', partition, limit: CHUNK, from });
  const found = await usersAt(deps, items);
  const details = found.length > 0 ? await deps.table.batchGet(found.map(({ id }) => userKeys.details(id))) : [];
  const leads = found.map((user, n) => mustLead(user, details[n]));
  for (let n = 0; n < found.length; n += AT_ONCE) {
    const some = found.slice(n, n + AT_ONCE);
    await Promise.all(some.map((user, i) => indexAt(deps, user, leads[n + i] ?? [], partition)));
  }
  const met = new Set([
    ...initials,
    ...found.flatMap(placesOf).map((place) => place.initials),
    ...leads.flat().map((word) => Array.from(word)[0] as string),
  ]);
  const beyondLatin = [...met].filter((each) => Array.from(each).length === 1 && !LATIN.includes(each));
  const following = next ? partition : listPartitions[listPartitions.indexOf(partition) + 1];
  const after: Facts = following
    ? { part: 'users', partition: following, from: next, initials: beyondLatin }
    : { part: 'entries', initials: beyondLatin };
  return { writes: [], done: items.length, isLast: false, facts: after };
}

async function usersAt(deps: Deps, items: readonly Item[]): Promise<User[]> {
  if (items.length === 0) return [];
  const found = await deps.table.batchGet(items.map(({ pk, sk }) => ({ pk, sk })));
  return found.filter((item) => item !== undefined).map(readUser);
}

/** First the entries: who is cut off between the two is met again. */
async function indexAt(deps: Deps, user: User, leads: readonly string[], partition: string): Promise<void> {
  await index(deps, user);
  await Promise.all(leads.map((word) => deps.table.write(put(steeringEntry(word, user.id)))));
  await shelve(deps, user, partition);
}

/** Users of an older version stand where nobody looks for them any more. Who changes meanwhile moves by that. */
async function shelve(deps: Deps, user: User, partition: string): Promise<void> {
  if (!userKeys.formerListPartitions.includes(partition)) return;
  const place = userKeys.list(shelfOf(user), user.id, sortTitle(user.title));
  const asFound = { if: ['=', 'lpk', partition] as const, otherwise: () => new Moved() };
  try {
    await deps.table.write(update(userKeys.user(user.id), { set: { ...place } }, asFound));
  } catch (error) {
    if (!(error instanceof Moved)) throw error;
  }
}

class Moved extends Error {
  override readonly name = 'Moved';
}

async function turnOfEntries(deps: Deps, known: Facts): Promise<Turn> {
  const partitions = (await entryPartitions(deps, known.initials)).filter((each) => each >= (known.partition ?? ''));
  let done = 0;
  for (let n = 0; n < PARTITIONS_A_TURN; n += AT_ONCE) {
    const some = partitions.slice(n, n + AT_ONCE);
    const pages = await Promise.all(some.map((partition) => entriesAt(deps, partition, known)));
    for (const [i, { items, next }] of pages.entries()) {
      done += await sweep(deps, items);
      if (next) return { writes: [], done, isLast: false, facts: { ...known, partition: some[i], from: next } };
    }
  }
  const following = partitions[PARTITIONS_A_TURN];
  const after: Facts = { part: 'entries', partition: following, initials: known.initials };
  return { writes: [], done, isLast: following === undefined, facts: after };
}

function entriesAt(deps: Deps, partition: string, known: Facts) {
  const from = partition === known.partition ? known.from : undefined;
  return deps.table.query({ partition, limit: CHUNK, from, consistent: true });
}

/** Takes away what no user has. @returns how many */
async function sweep(deps: Deps, entries: readonly Item[]): Promise<number> {
  if (entries.length === 0) return 0;
  const ids = [...new Set(entries.map(idOfEntry))];
  const isOfKeyWords = entries.some(({ type }) => type === 'steering');
  const [found, details] = await Promise.all([
    deps.table.batchGet(ids.map(userKeys.user)),
    isOfKeyWords ? deps.table.batchGet(ids.map(userKeys.details)) : [],
  ]);
  const leads = ids.flatMap((id, n) => mustLead(found[n], details[n]).map((word) => steeringEntry(word, id)));
  const must = new Set([...found.flatMap((item) => entriesOfRead(users.read(item))), ...leads.map(placeOf)]);
  const stale = entries.filter((entry) => !must.has(placeOf(entry)));
  await Promise.all(stale.map((entry) => deps.table.write(remove(entry))));
  return stale.length;
}

const entriesOfRead = (user: User | undefined) => (user ? entriesOf(user).map(placeOf) : []);
const placeOf = ({ pk, sk }: Item) => `${pk}\n${sk}`;

/** Every partition that an entry may stand in, in order. */
async function entryPartitions(deps: Deps, beyondLatin: readonly string[]): Promise<string[]> {
  const initials = [...LATIN, ...beyondLatin];
  const words = [...initials, ...initials.flatMap((one) => initials.map((other) => one + other))].map(wordPartition);
  const orders = orderKinds.flatMap((by) => shelves.flatMap((shelf) => orderPartitions(by, shelf)));
  const kinds = ['role', 'group', 'skill', 'tag', 'device'] as const;
  const [queues, ...known] = await Promise.all([
    records.all(deps, 'queue'),
    ...kinds.map((kind) => records.all(deps, kind)),
  ]);
  const members = kinds.flatMap((kind, n) =>
    ['all', ...(known[n] ?? []).map(({ id }) => id)].flatMap((id) => memberPartitions(kind, id)),
  );
  const { catalogue } = (await definitions.current(deps)).licensing;
  const held = [anyLicense, ...catalogue.licenses.map(({ id }) => id)].flatMap((id) => memberPartitions('license', id));
  // Of extensions there are too many; whoever reads those asks the users, so one too many says nothing.
  const targets = queues.flatMap(({ id }) => memberPartitions('target', id));
  return [...words, ...initials.map(steeringPartition), ...orders, ...members, ...targets, ...held].sort();
}
