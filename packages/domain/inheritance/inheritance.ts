// What is in force for a user: their own value, or else their user group's, or else the tenant's (S3-16). Decided here and nowhere else.

import type { Settings } from '#contract/settings.ts';
import { fieldMatrix } from '#contract/user-types.ts';
import * as definitions from '../definitions/definitions.ts';
import type { Deps } from '../deps.ts';
import { defaultUserGroup, type UserGroup } from '../records/record.ts';
import type { Details } from '../users/details.ts';
import type { Person } from '../users/person.ts';
import type { User } from '../users/user.ts';

export type Known = Pick<definitions.Definitions, 'settings' | 'userGroups'>;

export type Source = 'tenant' | 'userGroup' | 'user' | 'system';

/** A value with where it comes from, and what it would be without the user's own. */
export interface Sourced<Value> {
  value: Value;
  from: Source;
  /** As the user has it; absent: inherited. */
  own?: Value;
  inherited: { value: Value; from: Exclude<Source, 'user'> };
}

export function groupOf(
  { userGroup = defaultUserGroup }: Pick<User, 'userGroup'>,
  { userGroups }: Pick<Known, 'userGroups'>,
): UserGroup | undefined {
  return userGroups.get(userGroup);
}

type Inheriting = Pick<User, 'userGroup' | 'language' | 'sessionSeconds' | 'maxSessions'>;

/** What sign-ins and messages go by. */
export interface Effective {
  language: string;
  sessionSeconds: number;
  /** null: any number. */
  maxSessions: number | null;
}

export function effective(user: Inheriting, known: Known): Effective {
  const { language, sessionSeconds, maxSessions } = sourcedOfUser(user, known);
  return { language: language.value, sessionSeconds: sessionSeconds.value, maxSessions: maxSessions.value };
}

/** The same with the definitions of this moment. */
export async function effectiveOf(deps: Deps, user: Inheriting): Promise<Effective> {
  return effective(user, await definitions.currentFor(deps, user));
}

/** Everything that is inherited, each value with its source. */
export function sourced({ user, details }: Person, known: Known) {
  const group = groupOf(user, known);
  return {
    ...sourcedOfUser(user, known),
    timeZone: zoneOf(details, group, known.settings),
    // The tenant says nothing of these: whoever works by them has a default of their own.
    wrapUpSeconds: of<number | undefined>(details.wrapUpSeconds, group?.wrapUpSeconds, undefined),
    resourceFilter: of<string | undefined>(details.resourceFilter, group?.resourceFilter, undefined),
    // Of the tenant alone: a user group says nothing of how the dialer calls (S4-14).
    predictiveRatio: of(details.predictiveRatio, undefined, known.settings.predictiveRatio),
    predictiveSorting: of(details.predictiveSorting, undefined, known.settings.predictiveSorting),
  };
}

const inheritedFields = [
  'language',
  'timeZone',
  'sessionSeconds',
  'maxSessions',
  'wrapUpSeconds',
  'resourceFilter',
  'predictiveRatio',
  'predictiveSorting',
] as const satisfies readonly (keyof ReturnType<typeof sourced>)[];

/** What is inherited by a user of this type: no field that the type does not have (S0-7). */
export function fieldsOf({ userType }: Pick<User, 'userType'>) {
  return inheritedFields.filter((field) => fieldMatrix()[field][userType] !== 'no');
}

function sourcedOfUser(user: Inheriting, known: Known) {
  const group = groupOf(user, known);
  const { language, sessionSeconds, maxSessions } = known.settings;
  return {
    language: of(user.language, group?.language, language),
    sessionSeconds: of(user.sessionSeconds, group?.sessionSeconds, sessionSeconds),
    maxSessions: of<number | null>(user.maxSessions, group?.maxSessions, maxSessions),
  };
}

function of<Value>(own: Value | undefined, ofGroup: Value | undefined, ofTenant: Value): Sourced<Value> {
  const inherited =
    ofGroup === undefined
      ? { value: ofTenant, from: 'tenant' as const }
      : { value: ofGroup, from: 'userGroup' as const };
  return own === undefined ? { ...inherited, inherited } : { value: own, from: 'user', own, inherited };
}

/** Automatic is the zone of the user's own system, or the tenant's where that has not been heard of (S0-27, C20). */
function zoneOf(
  { timeZone: own, systemTimeZone }: Pick<Details, 'timeZone' | 'systemTimeZone'>,
  group: UserGroup | undefined,
  settings: Pick<Settings, 'timeZone'>,
): Sourced<string> {
  const automatic =
    systemTimeZone === undefined
      ? { value: settings.timeZone, from: 'tenant' as const }
      : { value: systemTimeZone, from: 'system' as const };
  const inherited = group?.timeZone === undefined ? automatic : { value: group.timeZone, from: 'userGroup' as const };
  if (own === undefined) return { ...inherited, inherited };
  return own === 'automatic' ? { ...automatic, own, inherited } : { value: own, from: 'user', own, inherited };
}
