// What a save of one user would do: the rules of that very save are run, its writes judged and thrown away.

import type * as z from 'zod';
import type { plans } from '#contract/plans.ts';
import { seatsKey } from '#table/keys.ts';
import type { Item, Write } from '#table/write.ts';
import { difference } from '../audit/audit.ts';
import { checkIsNotOwner } from '../bulk/own.ts';
import type { Definitions } from '../definitions/definitions.ts';
import type { Deps } from '../deps.ts';
import { stillHolds } from '../grants/limits.ts';
import { restoration } from '../leaving/restoring.ts';
import { causesOf, queueNames, told } from '../licenses/causes.ts';
import { mayKnowTaken, withHolders } from '../licenses/exhaustion.ts';
import { definitionsFor } from '../licenses/seating.ts';
import { type Seats, seatMoves, seatsItem } from '../licenses/seats.ts';
import { asGenerated } from '../numbers/generated.ts';
import * as sessions from '../sessions/sessions.ts';
import type { ApiToken } from '../tokens/token.ts';
import { changing, type Editor } from '../users/changing.ts';
import { creating } from '../users/creating.ts';
import { checkInReach, requireInSight } from '../users/in-sight.ts';
import { maySeeField } from '../users/open-fields.ts';
import { audited, type Person, personOf } from '../users/person.ts';
import type { User } from '../users/user.ts';
import { type Cheaper, cheaperType } from './cheaper.ts';
import { refusable, refusalOf, shownRefusal } from './refusal.ts';
import { nameIn, seatsPlanned } from './seats.ts';

type Asked = z.output<(typeof plans)['plan-user']['body']>;

export interface Planner extends Editor {
  token?: ApiToken | undefined;
}

interface Save {
  /** Undefined for a new user. */
  before: Person | undefined;
  after: Person;
  writes: Write[];
}

/** @throws Problem `user_not_found`; DefinitionsMoved, Problem `version_stale`: things moved while they were judged */
export async function planUser(deps: Deps, planner: Planner, asked: Asked, address: string) {
  const targetId = asked.userId ?? asked.restore;
  const target = targetId === undefined ? undefined : await requireInSight(deps, planner, targetId);
  const tried = await refusable(() => saveOf(deps, planner, target, asked, address));
  const version = target?.version;
  if ('refusal' in tried) {
    const licenses = await licensesTold(deps, planner, planner.definitions, target, undefined);
    return { allowed: false, refusal: shownRefusal(tried.refusal), version, licenses };
  }
  const { before, after, writes } = tried.came;
  const known = await definitionsFor(deps, after.user, planner.definitions);
  const { licenses } = known.licensing.catalogue;
  const judged = await refusalOf(
    deps,
    writes,
    licenses.map(({ id }) => seatsKey(id)),
  );
  const seats = judged.beside.filter((item): item is Item => item !== undefined).map((item) => seatsItem().parse(item));
  const moves = seatMoves(before?.user, after.user);
  const isExhausted = judged.refusal?.code === 'license_exhausted';
  const refusal = judged.refusal && isExhausted ? await withHolders(deps, planner, judged.refusal) : judged.refusal;
  return {
    allowed: !refusal,
    refusal: refusal && shownRefusal(refusal),
    version,
    changes: changesTold(planner, before, after),
    endsSessions: await endsSessions(deps, before?.user, after.user),
    licenses: await licensesTold(deps, planner, known, before?.user, after.user),
    lacking: lackingIn(seats, moves),
    ...(planner.permissions.has('licenses:read') && {
      ...seatsPlanned(licenses, seats, moves),
      cheaper: cheaperTold(before, after, known, seats),
    }),
  };
}

/** As the request that saves makes it. */
async function saveOf(
  deps: Deps,
  planner: Planner,
  target: User | undefined,
  { create, changes = {}, when, force = false, restore }: Asked,
  address: string,
): Promise<Save> {
  const { settings } = planner.definitions;
  if (create) {
    const numbered = await asGenerated(deps, settings, create);
    const { user, details, writes } = await creating(deps, planner, numbered, {}, { isRehearsal: true });
    return { before: undefined, after: { user, details }, writes: [...writes, ...stillHolds(planner)] };
  }
  if (!target) throw new Error('A plan is of nobody');
  checkIsNotOwner(planner, target);
  checkInReach(planner, target, deps.now());
  const numbered = await asGenerated(deps, settings, changes);
  if (restore === undefined) return changing(deps, planner, target, numbered, { when, force, address });
  const before = await personOf(deps, target);
  const { person, writes } = await restoration(deps, planner, before, numbered);
  return { before, after: person, writes: [...writes, ...stillHolds(planner, target.id)] };
}

/** What follows by the clock alone, or is made up anew by the save, says nothing of it. */
const unsaid = new Set(['version', 'updatedAt']);
const unsaidOfNew = new Set([...unsaid, 'id', 'createdAt', 'inviteExpiresAt']);

function changesTold(planner: Planner, before: Person | undefined, after: Person) {
  const differing = Object.entries(difference(before ? audited(before) : {}, audited(after)) ?? {});
  const isSaid = (field: string) =>
    before ? !unsaid.has(field) && maySeeField(planner, field) : !unsaidOfNew.has(field);
  return Object.fromEntries(differing.filter(([field]) => isSaid(field)));
}

async function endsSessions(deps: Deps, before: User | undefined, after: User): Promise<boolean> {
  if (before?.state !== 'active' || after.epoch === before.epoch) return false;
  return (await sessions.live(deps, before, { consistent: false })).length > 0;
}

/** Of a user who is there already, to whom it may be told. */
async function licensesTold(
  deps: Deps,
  planner: Planner,
  known: Definitions,
  before: User | undefined,
  after: User | undefined,
) {
  if (before && !mayKnowTaken(planner)) return undefined;
  const causes = [before, after].map((user) => user && causesOf(user, known));
  const queues = await queueNames(
    deps,
    causes.filter((each) => each !== undefined),
  );
  const [had, has] = causes.map((each) =>
    [...(each ?? [])].sort(byLicense).map(([license, why]) => ({
      license,
      name: nameIn(known.licensing.catalogue.licenses, license),
      causes: why.map((cause) => told(cause, known, queues)),
    })),
  );
  return { before: had ?? [], ...(after && { after: has ?? [] }) };
}

const byLicense = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : 1);

function lackingIn(seats: readonly Seats[], moves: ReadonlyMap<string, number>): string[] {
  return seats.filter(({ license, free }) => moves.get(license) === 1 && free < 1).map(({ license }) => license);
}

function cheaperTold(before: Person | undefined, after: Person, known: Definitions, seats: readonly Seats[]) {
  const held = new Set(Object.keys(before?.user.seats?.held ?? {}));
  const cheaper = cheaperType(after, known, seats, held);
  return cheaper && { ...cheaper, how: howTo(cheaper, after.user, before === undefined) };
}

/** A type is for good: who is there already is replaced. */
function howTo({ type }: Cheaper, { title, userType }: User, isNew: boolean): string {
  if (isNew) return `Create ${title} with type ${type}`;
  return `A type never changes: create another user of type ${type} with the same fields, and deactivate ${title}, of type ${userType}`;
}
