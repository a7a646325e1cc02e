// Finding users: where to look for those who are meant, in which order, and how far in one request. Whatever leads to them is
// an index that may lag a moment; nothing is decided on it.

import type { Permission } from '#contract/permissions.ts';
import {
  type MemberKind,
  memberPartitions,
  orderPartitions,
  userKeys,
  wordPartition,
  wordsBeginning,
} from '#table/keys.ts';
import { ENOUGH, type Page, type PageOptions, type Position, page } from '#table/page.ts';
import type { Item } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { isInSight, type Viewer } from '../grants/sight.ts';
import { readListed, readUser } from '../users/user.ts';
import { idOfEntry, readMember, readWord } from './entries.ts';
import {
  type Field,
  type Filter,
  type Found,
  fieldsOf,
  isEnough,
  isMeant,
  isPossible,
  isSightKnown,
  type Knowing,
  shelfOfFilter,
} from './filter.ts';
import { isFoundBy, leadOf, termsOf } from './words.ts';

export interface Seeker extends Viewer {
  permissions: ReadonlySet<Permission>;
}

export type Sort = 'title' | '-title' | 'login' | '-login' | 'lastSignIn' | '-lastSignIn';

export interface Request {
  limit: number;
  /** `next` of the page before. */
  from: Place | undefined;
}

/** Where a page ended: in which of the stages that follow one another, and where in it. */
export interface Place {
  stage: number;
  at?: Position;
}

export interface FoundPage {
  users: Found[];
  /** A page may hold fewer than its limit and still have a next one: no request reads without bound. */
  next?: Place;
}

/** Something in which users stand one after another. */
export interface Source {
  stages: readonly Pick<PageOptions<Found>, 'partitions' | 'beginsWith' | 'descending'>[];
  index?: 'users';
  /** What is known of whom it leads to. */
  knowing: Knowing;
  /** What it says by itself of everybody who stands in it. */
  tells?: Field;
  read: (item: Item) => Found | undefined;
  readMax?: number;
  first?: number;
}

/** Users are read one by one where the source doesn't know enough of them: half a unit each, so not too many. */
const USERS_MAX = 300;
/** Entries of words that are read at most: 2.5 read units of typical ones. */
const WORDS_MAX = 80;

/** One page of those who are meant and in sight. What is shown of them is left to who asks. */
export async function find(
  deps: Deps,
  seeker: Seeker,
  filter: Filter,
  sort: Sort,
  request: Request,
): Promise<FoundPage> {
  const source = sourceOf(seeker, filter, sort, request.limit);
  if (!source) return { users: [] };
  const showsColumns = seeker.permissions.has('users:read-details') && filter.search === undefined;
  const { knowing, tells } = source;
  const isKnown =
    isEnough(knowing, filter, tells) && isSightKnown(knowing, seeker) && (knowing === 'row' || !showsColumns);
  const read = (item: Item) => {
    const user = source.read(item);
    return user && isPossible(filter, user, knowing) && (!isKnown || isInSight(seeker, user)) ? user : undefined;
  };
  const judge = (user: Found) => isMeant(seeker, filter, user);
  return gather(deps, { ...source, read }, request, isKnown ? undefined : judge);
}

/**
 * One page out of a source, stage after stage.
 * @param judge of the users themselves, where the source does not know enough: they are read for it
 */
export async function gather(
  deps: Deps,
  source: Source,
  { limit, from }: Request,
  judge?: (user: Found) => boolean,
): Promise<FoundPage> {
  const users: Found[] = [];
  let place = from ?? { stage: 0 };
  let left = source.readMax ?? (judge ? USERS_MAX : undefined);
  for (;;) {
    const stage = source.stages[place.stage];
    if (!stage) return { users };
    const options = { ...stage, index: source.index, row: source.read, readMax: left, first: source.first };
    const found: Page<Found> = await page(deps.table, { ...options, limit: limit - users.length, from: place.at });
    users.push(...(judge ? (await usersOf(deps, found.rows)).filter(judge) : found.rows));
    if (left !== undefined) left -= found.read;
    const isOver = found.next === undefined;
    place = found.next ? { stage: place.stage, at: found.next } : { stage: place.stage + 1 };
    if (isOver && place.stage === source.stages.length) return { users };
    const isUsedUp = left !== undefined && left < (source.stages[place.stage]?.partitions.length ?? 0);
    if (users.length >= limit * ENOUGH || (!isOver && !judge) || isUsedUp) return { users, next: place };
  }
}

/** The users themselves; whoever is gone meanwhile is left out. */
async function usersOf(deps: Deps, found: readonly Found[]): Promise<Found[]> {
  if (found.length === 0) return [];
  const keys = found.map(({ id }) => userKeys.user(id));
  const items = await deps.table.batchGet(keys, { consistent: false });
  return items.filter((item) => item !== undefined).map(readUser);
}

function sourceOf(seeker: Seeker, filter: Filter, sort: Sort, limit: number): Source | undefined {
  if (filter.search !== undefined) return byWords(seeker, filter, filter.search, limit);
  const descending = sort.startsWith('-');
  const by = descending ? sort.slice(1) : sort;
  if (by !== 'title') return byOrder(filter, by as 'login' | 'lastSignIn', descending);
  const tells = LEADING.find((field) => filter[field] !== undefined);
  if (tells) return { ...membersOf(tells, filter[tells] as string, descending), tells };
  const partitions = userKeys.listPartitions(shelfOfFilter(filter));
  return { stages: [{ partitions, descending }], index: 'users', knowing: 'row', read: readListed };
}

/** Fields of many values: who has one of them stands in a list of its own. */
export const LEADING = ['group', 'skill', 'tag', 'role'] as const;

/** Who has one of the records that a user has many of, by title; those who have all of the kind stand apart (S4-26). */
export function membersOf(kind: MemberKind, id: string, descending = false): Source {
  const hasAll = kind === 'skill' || kind === 'tag';
  const partitions = [id, ...(hasAll ? ['all'] : [])].flatMap((each) => memberPartitions(kind, each));
  return { stages: [{ partitions, descending }], knowing: 'entry', read: readMember };
}

/** Who has never signed in comes last, whichever way the others are sorted. */
function byOrder(filter: Filter, by: 'login' | 'lastSignIn', descending: boolean): Source {
  const shelf = shelfOfFilter(filter);
  // An order knows nobody but by id; the rest is put in when the user is read.
  const read = (item: Item) => ({ id: idOfEntry(item) }) as Found;
  const stages =
    by === 'login'
      ? [{ partitions: orderPartitions('login', shelf), descending }]
      : [
          { partitions: orderPartitions('last-sign-in', shelf), descending },
          { partitions: orderPartitions('no-sign-in', shelf) },
        ];
  return { stages, knowing: 'id', read };
}

function byWords(seeker: Seeker, filter: Filter, search: string, limit: number): Source | undefined {
  const terms = termsOf(search);
  const lead = leadOf(terms);
  if (!lead) return undefined;
  const byTitle = !seeker.permissions.has('users:read-details');
  // Two plain words are found together by their initials: of what is read most is meant.
  const isPlain = terms.length < 3 && !byTitle && !search.includes('"') && fieldsOf(filter).length === 0;
  return {
    stages: [{ partitions: [wordPartition(lead.initials)], beginsWith: wordsBeginning(lead.word) }],
    knowing: 'entry',
    read: (item) => {
      const entry = readWord(item);
      return isFoundBy(entry, terms, { word: entry.word, lead, byTitle }) ? entry : undefined;
    },
    readMax: WORDS_MAX,
    first: isPlain ? Math.ceil(limit * 1.25) + 5 : WORDS_MAX,
  };
}
