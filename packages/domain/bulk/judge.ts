// What a bulk edit means for one user: the same rules as for a change of that user alone, and what follows from it. Pure: all
// that it decides on was read before. A refusal is an entry like any other.

import { Problem } from '#contract/problems.ts';
import { isAuthenticator } from '#contract/user-types.ts';
import { userKeys } from '#table/keys.ts';
import { type Item, update, type Write } from '#table/write.ts';
import { difference } from '../audit/audit.ts';
import { removal } from '../authenticators/authenticators.ts';
import { isInSight } from '../grants/sight.ts';
import * as move from '../inheritance/move.ts';
import { activation, needsPassword } from '../invites/invites.ts';
import { reseatedBy, seatMoves } from '../licenses/seats.ts';
import * as numbers from '../numbers/numbers.ts';
import { defaultUserGroup, type UserGroup } from '../records/record.ts';
import * as records from '../records/records.ts';
import type { Details } from '../users/details.ts';
import { checkInReach, checkNotDeactivated } from '../users/in-sight.ts';
import { judged } from '../users/judging.ts';
import { withSignOut } from '../users/locks.ts';
import { audited, type Person } from '../users/person.ts';
import { recommendations } from '../users/recommendations.ts';
import { usageMoves } from '../users/references.ts';
import { isOfTelephony } from '../users/telephony.ts';
import type { User } from '../users/user.ts';
import * as users from '../users/users.ts';
import type { Actor } from './actor.ts';
import { checkLeadsToNoExtension } from './calls.ts';
import { type Entry, refusedEntry, type ToWrite } from './entry.ts';
import { checkIsNotOwner, checkOwn } from './own.ts';
import type { Wanted } from './wanted.ts';

export interface Judging {
  actor: Actor;
  now: number;
  /** Where the request came from. */
  address: string;
}

/** A user who is meant, as read. */
export interface Meant {
  id: string;
  /** Undefined: there is none. */
  person: Person | undefined;
  /** What they have under way, where it matters. */
  work: Item | undefined;
  /** @throws Problem when nothing can be asked of this user */
  wanted: (person: Person) => Wanted;
}

export function entryOf(judging: Judging, { id, person, work, wanted }: Meant): Entry {
  if (!person || !isInSight(judging.actor, person.user)) return refusedEntry(id, undefined, users.notFound(id));
  try {
    return plannedEntry(judging, person, work, wanted(person));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return refusedEntry(id, person.user.title, error);
  }
}

function plannedEntry(judging: Judging, before: Person, work: Item | undefined, wanted: Wanted): Entry {
  const { actor, now, address } = judging;
  const { user } = before;
  checkInReach(actor, user, now);
  checkIsNotOwner(actor, user);
  checkNotDeactivated(user);
  checkLeadsToNoExtension(wanted.changes);
  const edited = judged(actor, before, wanted.changes, { now });
  const moving = movingOf(judging, edited, work, wanted.userGroup);
  const signOut = withSignOut(user, moving?.after.user ?? edited.user);
  const settled = signOut?.user ?? edited.user;
  const stepped = withFirstSteps(actor, settled);
  const after = {
    user: reseatedBy(actor.definitions, user, stepped, now),
    details: moving?.after.details ?? edited.details,
  };
  if (user.id === actor.user.id) checkOwn(actor, address, { before: user, after: after.user }, wanted);
  const changes = changesOf(before, after);
  const entry = { id: user.id, title: user.title, version: user.version };
  if (Object.keys(changes).length === 0) return { ...entry, result: 'unchanged' };
  const warnings = [
    ...(losesAuthenticator(user, after.user) ? ['The authenticator is removed; another one has to be set up'] : []),
    ...(signOut?.applied ? ['What waited for their sign-out takes effect with it'] : []),
    ...(moving ? moving.warnings : []),
    ...(recommendations(user, after.user).warnings ?? []).map(({ detail }) => detail),
  ];
  return {
    ...entry,
    result: 'planned',
    changes,
    ...(signOut && { endsSessions: true }),
    ...(warnings.length > 0 && { warnings }),
    write: {
      ...toWrite(before, after, now),
      ...(moving && { whileLoggedOff: true }),
      tells: told(judging, user, after.user, moving),
      ...(signOut?.applied && { applied: appliedOf(user, signOut.applied) }),
    },
  };
}

/** The same fields that the audit shows of a change of this user alone. */
function changesOf(before: Person, after: Person): NonNullable<Entry['changes']> {
  const {
    version: _version,
    updatedAt: _updatedAt,
    ...changes
  } = difference(audited(before), audited(after)) ?? ({} as NonNullable<Entry['changes']>);
  return changes;
}

function toWrite(before: Person, after: Person, now: number): Omit<ToWrite, 'tells'> {
  const { set, remove } = users.storedChanges(before.user, after.user);
  const { version: _version, updatedAt: _updatedAt, ...values } = set;
  const [was, is] = [before.user, after.user].map(users.isActiveSuperUser);
  return {
    set: values,
    remove,
    besides: [
      ...detailWrites(before, after.details),
      ...users.endingWrites(before.user, after.user),
      ...numbers.releases(before.user, after.user, now),
      ...(losesAuthenticator(before.user, after.user) ? removal(after.user.id) : []),
    ],
    uses: usageMoves(before.user, after.user),
    ...(after.user.seats !== before.user.seats && { seats: [...seatMoves(before.user, after.user)] }),
    ...(was !== is && { roll: is ? 1 : -1 }),
  };
}

/** Field by field: the rest of the details need not be read again to be written. */
function detailWrites({ user, details: before }: Person, after: Details): Write[] {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])] as (keyof Details)[];
  const differing = fields.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
  const writing = (type: 'details' | 'telephony', names: readonly (keyof Details)[]): Write[] => {
    if (names.length === 0) return [];
    const given = names.filter((field) => after[field] !== undefined);
    const set = Object.fromEntries(given.map((field) => [field, after[field]]));
    const remove = names.filter((field) => after[field] === undefined);
    return [update(userKeys[type](user.id), { set: { type, v: 1, ...set }, remove })];
  };
  return [
    ...writing(
      'details',
      differing.filter((field) => !isOfTelephony(field)),
    ),
    ...writing('telephony', differing.filter(isOfTelephony)),
  ];
}

interface Moving {
  after: Person;
  to: UserGroup;
  profiles: ReturnType<typeof move.effectOf>['profiles'];
  warnings: string[];
}

/** @throws Problem `user_deactivated`, `logged_on_to_queue`, `prerequisites_missing` */
function movingOf(
  { actor }: Judging,
  before: Person,
  work: Item | undefined,
  wanted: string | undefined,
): Moving | undefined {
  const fromId = before.user.userGroup ?? defaultUserGroup;
  if (wanted === undefined || wanted === fromId) return undefined;
  const { userGroups } = actor.definitions;
  const [from, to] = [userGroups.get(fromId), userGroups.get(wanted)];
  if (!from || !to) throw records.missing([{ kind: 'user-group', id: wanted }]);
  move.checkMovable(before.user, to);
  move.checkLoggedOff(before.user, work);
  const after = {
    user: { ...before.user, ...move.movedTo(to) },
    details: { ...before.details, profilesOff: undefined },
  };
  const { becomes, profiles } = move.effectOf(before, after, actor.definitions, { from, to });
  const inherited = becomes.map(({ field }) => field);
  return {
    after,
    to,
    profiles,
    warnings: [
      ...(inherited.length > 0 ? [`Inherited values become those of ${to.name}: ${inherited.join(', ')}`] : []),
      ...(profiles.lost.length > 0 ? [`Profiles are lost: ${profiles.lost.map(({ name }) => name).join(', ')}`] : []),
    ],
  };
}

/** Whom it concerns should notice. Nothing for who has not signed in yet, or cannot any more. */
function told({ actor }: Judging, before: User, after: User, moving: Moving | undefined): ToWrite['tells'] {
  if (before.state !== 'active' || after.state !== 'active') return [];
  const by = actor.user.title;
  const isFactorAnother = after.secondFactor !== before.secondFactor;
  return [
    ...(isFactorAnother ? [{ template: 'second-factor-changed' as const, data: { what: 'mode-changed', by } }] : []),
    ...(moving ? [{ template: 'moved' as const, data: move.noticeOf(moving.to, moving.profiles, by) }] : []),
  ];
}

function losesAuthenticator(before: User, after: User): boolean {
  return isAuthenticator(before.secondFactor) && !isAuthenticator(after.secondFactor);
}

/** Who was invited and signs in elsewhere from now on needs no invite. */
function withFirstSteps({ definitions }: Actor, user: User): User {
  if (user.state !== 'invited' || needsPassword(user, definitions.settings)) return user;
  return { ...user, ...activation(user) };
}

function appliedOf(user: User, applied: Partial<User>): NonNullable<ToWrite['applied']> {
  const before = Object.fromEntries(Object.keys(applied).map((field) => [field, user[field as keyof User]]));
  return { by: user.queued?.by ?? 'system', before, after: applied };
}
