// The kind of job that brings an edit about which changes what users take. It goes through all users, as often as there was
// somebody to move: taking what they will need, then, once the edit is in force or was given up, freeing what they need no more.
// Each step looks at how things stand; what it writes for users stands on their versions and on the edition, so repeating it, or
// two workers at once, does no harm.

import { Problem } from '#contract/problems.ts';
import { licensingKey, userKeys } from '#table/keys.ts';
import { update, type Write } from '#table/write.ts';
import { entry } from '../audit/audit.ts';
import { actorNow } from '../bulk/actor.ts';
import * as definitions from '../definitions/definitions.ts';
import { DefinitionsMoved } from '../definitions/moved.ts';
import type { Deps } from '../deps.ts';
import { stillHolds } from '../grants/limits.ts';
import { checkStillEdits } from '../grants/still-edits.ts';
import type { Job, Kind, Turn } from '../jobs/jobs.ts';
import { shown } from '../records/record.ts';
import * as records from '../records/records.ts';
import { changed } from '../users/edits.ts';
import { readUser, type User } from '../users/user.ts';
import { concerned, partitions } from './concerned.ts';
import { countedIn, idsOf, type Licensing, type Wanted } from './licensing.ts';
import { lastOf, type MovingFacts, movingFacts, nextEdition } from './redefining.ts';
import { moving, sameEdition, seated, seatMoves, seatsItem, seatsOf, tooFew } from './seats.ts';

/** Rows of the list that are read at once, and users that are written in one transaction beside the seats. */
const ROWS = 1000;
const USERS = 60;
/** How often the same users are looked at, who change all the time. */
const TRIES_MAX = 20;
/** How long a turn begins another page: then progress shows, and the function's minute is not used up. */
const TURN_MS = 15_000;

type Underway = NonNullable<Licensing['underway']>;

/** The edit, as it stands at this moment. */
interface Edit {
  known: definitions.Definitions;
  underway: Underway;
  facts: MovingFacts;
}

export const moveLicenses = movingFor(TURN_MS);

/** The kind for who has less time for a turn than the stream has. */
export function movingFor(turnMs: number): Kind {
  return (deps, job) => move(deps, job, Date.now() + turnMs);
}

async function move(deps: Deps, job: Job, until: number): Promise<Turn> {
  let facts = movingFacts().parse(job.facts);
  let done = 0;
  do {
    const known = await definitions.latest(deps);
    const { underway } = known.licensing;
    // Another worker has brought it to its end.
    if (underway?.jobId !== job.id) return { writes: [], done, isLast: true, facts };
    facts = { ...facts, applied: underway.applied, refusal: underway.refusal };
    // Another worker may have brought it into force in the middle of this one's way.
    if (facts.phase !== underway.phase) facts = { ...fromTheFirst(facts), phase: underway.phase };
    const edit = { known, underway, facts };
    if (facts.partition < partitions.length) {
      const step = await throughPage(deps, edit);
      done += underway.phase === 'taking' ? step.moved : 0;
      facts = step.facts;
    } else if (facts.isMoved) {
      facts = fromTheFirst(facts);
    } else if (underway.phase === 'settling') {
      return { writes: [await ending(deps, known.licensing, underway)], done, isLast: true, facts };
    } else {
      await inForce(deps, edit);
    }
  } while (Date.now() < until);
  return { writes: [], done, isLast: false, facts };
}

const fromTheFirst = (facts: MovingFacts): MovingFacts => ({ ...facts, partition: 0, from: undefined, isMoved: false });

/** One page of users: those whom the edit concerns. */
async function throughPage(deps: Deps, edit: Edit): Promise<{ facts: MovingFacts; moved: number }> {
  const { facts } = edit;
  const partition = partitions[facts.partition] as string;
  const { items, next } = await deps.table.query({ index: 'users', partition, limit: ROWS, from: facts.from });
  const change = { before: facts.before, after: edit.underway.wanted };
  const ids = concerned(edit.known, change, items).map(({ id }) => id);
  let [moved, isMoved] = [0, facts.isMoved];
  for (let n = 0; n < ids.length; n += USERS) {
    const came = await moveSome(deps, edit, ids.slice(n, n + USERS));
    moved += came.moved;
    isMoved ||= came.isUnsettled;
    if (came.refusal) {
      await giveUp(deps, edit, came.refusal);
      return { facts, moved };
    }
    // Decided by definitions that are none any more: this page again.
    if (came.isOutdated) return { facts: { ...facts, isMoved: true }, moved };
  }
  const following = next ? { from: next } : { partition: facts.partition + 1, from: undefined };
  return { facts: { ...facts, ...following, isMoved }, moved };
}

interface Came {
  moved: number;
  /** Somebody was moved, or changed at the same moment: all are looked at once more. */
  isUnsettled: boolean;
  isOutdated?: true;
  refusal?: Problem;
}

/**
 * Those of them who still have to be moved, all at once. Whoever was changed meanwhile, perhaps by another worker at the same job, is
 * looked at again, also before seats are called too few: they may have taken theirs already.
 */
async function moveSome(deps: Deps, edit: Edit, ids: readonly string[]): Promise<Came> {
  const { known, facts } = edit;
  let [isUnsettled, tried] = [false, ''];
  let refusal: Problem | undefined;
  for (let tries = 1; tries <= TRIES_MAX; tries++) {
    const going = await toBeMoved(deps, edit, ids);
    if (going.length === 0) return { moved: 0, isUnsettled };
    isUnsettled = true;
    const versions = going.map(({ user }) => `${user.id} ${user.version}`).join();
    if (refusal && versions === tried) return { moved: 0, isUnsettled, refusal };
    tried = versions;
    const seats = seatWritesOf(going, known.licensing.edition, facts.force);
    const failed = await deps.table.attempt([...going.map(({ user, after }) => userWrite(user, after)), ...seats]);
    if (failed.length === 0) return { moved: going.length, isUnsettled };
    const ofSeats = failed.filter(({ write }) => seats.includes(write));
    const isOutdated = ofSeats.some(({ write, found }) => write.otherwise?.(found) instanceof DefinitionsMoved);
    if (isOutdated) return { moved: 0, isUnsettled, isOutdated };
    const [lacking] = ofSeats;
    refusal = lacking && tooFew(seatsItem().parse(lacking.found));
  }
  return { moved: 0, isUnsettled, isOutdated: true };
}

interface Going {
  user: User;
  after: User;
}

/** @returns who has to take or to free any. Once it is settled nobody takes any more: the seats may be others’ by now */
async function toBeMoved(deps: Deps, { known, underway }: Edit, ids: readonly string[]): Promise<Going[]> {
  const now = deps.now();
  const items = await deps.table.batchGet(ids.map(userKeys.user));
  return items
    .filter((item) => item !== undefined)
    .map(readUser)
    .map((user) => {
      const { seats } = seated(user, known, now);
      return { user, after: changed(user, now, { seats: underway.phase === 'taking' ? seats : freed(user, seats) }) };
    })
    .filter(({ user, after }) => seatMoves(user, after).size > 0);
}

/** Of what they hold, what they still need. */
function freed({ seats: had }: User, needed: User['seats']): User['seats'] {
  if (!had || !needed) return had;
  const held = Object.entries(had.held).filter(([license]) => needed.held[license] !== undefined);
  return { edition: needed.edition, held: Object.fromEntries(held) };
}

function seatWritesOf(going: readonly Going[], edition: number, force: boolean): Write[] {
  const sums = new Map<string, number>();
  for (const { user, after } of going) {
    for (const [license, by] of seatMoves(user, after)) sums.set(license, (sums.get(license) ?? 0) + by);
  }
  return sums.size > 0 ? moving(sums, edition, force) : [sameEdition(edition)];
}

function userWrite(before: User, { seats, version, updatedAt }: User): Write {
  return update(
    userKeys.user(before.id),
    { set: { seats, version, updatedAt } },
    { if: ['=', 'version', before.version] },
  );
}

/** Everybody has what they will need. @throws nothing: an edit that cannot be any more is given up */
async function inForce(deps: Deps, edit: Edit): Promise<void> {
  const { known, underway, facts } = edit;
  const at = deps.now();
  const settling = { 'underway.phase': 'settling', 'underway.applied': true };
  const { before } = facts;
  const { wanted } = underway;
  const held = await stillHeld(deps, edit);
  if (held instanceof Problem) return giveUp(deps, edit, held);
  const writes =
    before.type === 'catalogue' || wanted.type === 'catalogue'
      ? nextEdition(known.licensing, { set: { ...settling, catalogue: (wanted as { catalogue: unknown }).catalogue } })
      : [
          ...records.change(before, { ...wanted, updatedAt: at }),
          ...nextEdition(known.licensing, { set: { ...settling, last: lastOf(wanted) } }),
        ];
  const [failed] = await deps.table.attempt([...writes, told(deps, facts, wanted), ...held]);
  const error = failed?.write.otherwise?.(failed.found);
  // Another worker was first, or who asked was changed at this moment: the next look at it tells.
  if (!failed || !error || error instanceof DefinitionsMoved || held.includes(failed.write)) return;
  if (!(error instanceof Problem)) throw error;
  await giveUp(deps, edit, error);
}

/** What keeps who asked as they are now, if they still hold what the edit takes; the catalogue is the operator's. */
async function stillHeld(deps: Deps, { known, underway, facts }: Edit): Promise<Write[] | Problem> {
  const { before, told: asked } = facts;
  const { wanted } = underway;
  if (before.type === 'catalogue' || wanted.type === 'catalogue') return [];
  try {
    const actor = await actorNow(deps, { userId: asked.actor, tokenId: asked.token });
    checkStillEdits(actor, before, wanted, known.roles);
    return stillHolds(actor);
  } catch (error) {
    if (error instanceof Problem && error.code === 'caller_changed') return error;
    throw error;
  }
}

function told(deps: Deps, { told: happened, before }: MovingFacts, wanted: Wanted): Write {
  if (before.type === 'catalogue' || wanted.type === 'catalogue') {
    const subject = { type: 'catalogue', id: 'licenses' };
    return entry(deps, { ...happened, subject, before: { ...before }, after: { ...wanted } });
  }
  const subject = { type: wanted.type, id: wanted.id };
  return entry(deps, {
    ...happened,
    subject,
    before: shown(before),
    after: shown({ ...wanted, updatedAt: deps.now() }),
  });
}

async function giveUp(
  deps: Deps,
  { known }: Edit,
  { code, facts: { cause: _cause, ...facts } }: Problem,
): Promise<void> {
  const set = { 'underway.phase': 'settling', 'underway.refusal': { code, facts } };
  // Where another worker was first, the next look at it tells.
  await deps.table.attempt(nextEdition(known.licensing, { set }));
}

/** Licenses that have left the catalogue are counted no longer than somebody holds one. */
async function ending(deps: Deps, licensing: Licensing, { jobId }: Underway): Promise<Write> {
  const inForce = idsOf(licensing.catalogue);
  const left = countedIn(licensing).filter((id) => !inForce.includes(id));
  const held = (await seatsOf(deps, left)).filter(({ used }) => used > 0).map(({ license }) => license);
  return update(
    licensingKey,
    { set: { counted: [...inForce, ...held] }, remove: ['underway'] },
    { if: ['=', 'underway.jobId', jobId] },
  );
}
