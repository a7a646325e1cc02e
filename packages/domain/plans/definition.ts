// What an edit of an access, rights or a role would do to those who have it: found as the job finds them that brings such an edit
// about (moving-users.ts), and thrown away.

import { type AnswerOf, operationSeconds } from '#contract/operation.ts';
import type { plans } from '#contract/plans.ts';
import type { Problem } from '#contract/problems.ts';
import { seatsKey, userKeys } from '#table/keys.ts';
import type { Item, Write } from '#table/write.ts';
import type { Definitions } from '../definitions/definitions.ts';
import type { Deps } from '../deps.ts';
import { type Granter, stillHolds } from '../grants/limits.ts';
import { concerned, partitions } from '../licenses/concerned.ts';
import { type Rules, withWanted } from '../licenses/consumption.ts';
import { withHolders } from '../licenses/exhaustion.ts';
import {
  bearsOnLicenses,
  beginMoving,
  type DefiningRecord,
  editInert,
  editUnused,
  isUsed,
} from '../licenses/redefining.ts';
import { type Seats, seated, seatMoves, seatsItem, tooFew } from '../licenses/seats.ts';
import * as records from '../records/records.ts';
import { readUser } from '../users/user.ts';
import { refusable, refusalOf, shownRefusal } from './refusal.ts';
import { nameIn, seatsPlanned } from './seats.ts';

/** Of the request's time: a page that is begun, and what is read beside, need theirs. */
const PATIENCE_MS = operationSeconds * 600;
/** Rows of the list that are read at once, and users of one batch read. */
const ROWS = 1000;
const USERS = 100;

type Planner = Granter & { definitions: Definitions };
type DefinitionPlan = AnswerOf<(typeof plans)['plan-access']>;

/**
 * @param edit the rules of the save: the record as it would be
 * @param patienceMs how long it begins another page of users
 * @throws DefinitionsMoved, Problem `version_stale`: things moved while they were judged
 */
export async function planDefinition<R extends DefiningRecord>(
  deps: Deps,
  planner: Planner,
  before: R,
  edit: () => Promise<R>,
  patienceMs = PATIENCE_MS,
): Promise<DefinitionPlan> {
  const { version, usedBy } = before;
  const edited = await refusable(edit);
  if ('refusal' in edited) return { allowed: false, refusal: shownRefusal(edited.refusal), version, users: usedBy };
  const { definitions } = planner;
  const { licenses } = definitions.licensing.catalogue;
  const { done, writes } = saveOf(deps, planner, before, edited.came);
  const { refusal, beside } = await refusalOf(
    deps,
    writes,
    licenses.map(({ id }) => seatsKey(id)),
  );
  const seats = beside.filter((item): item is Item => item !== undefined).map((item) => seatsItem().parse(item));
  const moving = done === 'by-job' ? await movingBy(deps, definitions, before, edited.came, patienceMs) : nobody();
  const lacking = seats.filter(({ license, free }) => (moving.takes.get(license) ?? 0) > Math.max(free, 0));
  const first = refusal ?? (await exhaustion(deps, planner, lacking));
  return {
    allowed: !first,
    refusal: first && shownRefusal(first),
    version,
    users: usedBy,
    done,
    moving: movingTold(licenses, moving),
    lacking: lacking.map(({ license }) => license),
    ...(planner.permissions.has('licenses:read') && seatsPlanned(licenses, seats, netOf(moving))),
  };
}

/** How the save goes about it (serve/save-definition.ts), and what it writes, its end included. */
function saveOf<R extends DefiningRecord>(
  deps: Deps,
  planner: Planner,
  before: R,
  after: R,
): { done: 'at-once' | 'by-job'; writes: Write[] } {
  const { definitions: rules } = planner;
  const bears = bearsOnLicenses(rules, before, after);
  if (!bears)
    return { done: 'at-once', writes: [...editInert(rules.licensing, before, after), ...stillHolds(planner)] };
  if (!isUsed(rules, before)) {
    return { done: 'at-once', writes: [...editUnused(rules.licensing, before, after), ...stillHolds(planner)] };
  }
  const told = { event: 'plan', actor: planner.user.id };
  const { writes } = beginMoving(deps, rules.licensing, after, { before, told });
  return { done: 'by-job', writes: [...writes, ...records.change(before, after), ...stillHolds(planner)] };
}

interface Moving {
  users: number;
  takes: Map<string, number>;
  frees: Map<string, number>;
  lookedAt: number;
  isComplete: boolean;
}

const nobody = (): Moving => ({ users: 0, takes: new Map(), frees: new Map(), lookedAt: 0, isComplete: true });

async function movingBy(
  deps: Deps,
  known: Definitions,
  before: DefiningRecord,
  after: DefiningRecord,
  patienceMs: number,
): Promise<Moving> {
  const until = Date.now() + patienceMs;
  const moving = nobody();
  const rules = withWanted({ ...known, licensing: { ...known.licensing, underway: undefined } }, after);
  for (const partition of partitions) {
    let from: Record<string, unknown> | undefined;
    do {
      if (moving.lookedAt > 0 && Date.now() > until) return { ...moving, isComplete: false };
      const page = await deps.table.query({ index: 'users', partition, limit: ROWS, from });
      const ids = concerned(known, { before, after }, page.items).map(({ id }) => id);
      for (let n = 0; n < ids.length; n += USERS) await addUsers(deps, rules, ids.slice(n, n + USERS), moving);
      moving.lookedAt += page.items.length;
      from = page.next;
    } while (from);
  }
  return moving;
}

/** As they are: the list does not know what they hold. A moment old perhaps, as the list is. */
async function addUsers(deps: Deps, rules: Rules, ids: readonly string[], moving: Moving): Promise<void> {
  const items = await deps.table.batchGet(ids.map(userKeys.user), { consistent: false });
  for (const item of items) {
    if (!item) continue;
    const user = readUser(item);
    const moves = seatMoves(user, seated(user, rules, deps.now()));
    if (moves.size > 0) moving.users++;
    for (const [license, by] of moves) {
      const counts = by === 1 ? moving.takes : moving.frees;
      counts.set(license, (counts.get(license) ?? 0) + 1);
    }
  }
}

/** All take what they will need before anybody frees what they need no more. */
async function exhaustion(deps: Deps, planner: Planner, [first]: readonly Seats[]): Promise<Problem | undefined> {
  if (!first) return undefined;
  return withHolders(deps, planner, tooFew(first));
}

function netOf({ takes, frees }: Moving): Map<string, number> {
  const ids = [...new Set([...takes.keys(), ...frees.keys()])];
  return new Map(ids.map((license) => [license, (takes.get(license) ?? 0) - (frees.get(license) ?? 0)]));
}

function movingTold(licenses: readonly { id: string; name: string }[], moving: Moving) {
  const { users, takes, frees, lookedAt, isComplete } = moving;
  return {
    users,
    licenses: [...netOf(moving).keys()].sort().map((license) => ({
      license,
      name: nameIn(licenses, license),
      takes: takes.get(license) ?? 0,
      frees: frees.get(license) ?? 0,
    })),
    lookedAt,
    isComplete,
  };
}
