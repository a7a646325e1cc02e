// A user like another one (S0-6): which fields each part stands for, and which no clone ever takes over. Decides; reads and
// writes nothing.

import type { MatrixField, UserTypeName } from '#contract/user-types.ts';
import { fieldMatrix } from '#contract/user-types.ts';
import type { clonedParts } from '#contract/users.ts';
import type { Deps } from '../deps.ts';
import { newProfile } from '../profiles/profile.ts';
import type { NewUser } from '../users/creating.ts';
import type { Details } from '../users/details.ts';
import type { Person } from '../users/person.ts';
import type { User } from '../users/user.ts';

export type ClonedPart = (typeof clonedParts)[number];

/** Beside what requests name, what has requests of its own. */
type ClonedField = MatrixField | 'signature' | 'profilesOff' | 'personalProfiles';

/** Part → what of a user it stands for. */
export const parts = {
  access: ['access'],
  rights: ['rights'],
  roles: ['roles'],
  userGroup: ['userGroup'],
  groups: ['groups'],
  skills: ['skills', 'allSkills'],
  tags: ['tags', 'allTags'],
  profiles: ['profilesOff', 'personalProfiles'],
  secondFactor: ['verifyType', 'secondFactor'],
  languages: ['language', 'spokenLanguages'],
  timeZone: ['timeZone'],
  sessionLimits: ['sessionSeconds', 'maxSessions'],
  allowedNetworks: ['allowedNetworks'],
  recording: ['recording', 'recordingControl'],
  devices: ['devices'],
  calls: [
    'target',
    'outgoingNumbers',
    'callerName',
    'staticLogin',
    'autoDial',
    'predictiveQueue',
    'predictiveRatio',
    'predictiveSorting',
  ],
  signature: ['signature', 'useQueueSignature'],
  steering: ['steeringKeyWords'],
  settings: ['assignLeads', 'wrapUpSeconds', 'resourceFilter'],
} as const satisfies Record<ClonedPart, readonly ClonedField[]>;

/** Who they are, how they are reached, and what proves it. */
export const never = [
  'login',
  'password',
  'apiToken',
  'title',
  'emoji',
  'firstName',
  'lastName',
  'alias',
  'description',
  'authEmail',
  'mobile',
  'notificationEmail',
  'numericId',
  'extension',
  'virtualExtension',
  // Where somebody else’s calls go today: a holiday, not a setting of their work.
  'forwarding',
  'sipOption',
  'sipUri',
  'sipUsername',
  'sipPassword',
  'picture',
  'googleEmail',
  'calDavToken',
  'activeFrom',
  'activeUntil',
  'superUser',
] as const;

type Values = Record<string, unknown>;

/** Part by part, with the values that there are; a part that the type does not have is left out. */
export function preview(source: Person): { part: ClonedPart; values: Values }[] {
  const values = valuesOf(source);
  return partsOf(source.user.userType).map((part) => ({ part, values: valuesOfPart(part, values) }));
}

/** @returns what the clone begins with: what a request would name, and details that none does */
export function taken(
  deps: Pick<Deps, 'randomBytes'>,
  source: Person,
  body: Partial<NewUser>,
  without: readonly ClonedPart[],
): { fields: Partial<NewUser>; given: Details } {
  const values = valuesOf(source);
  const wanted = partsOf(source.user.userType).filter((part) => !without.includes(part));
  const { profilesOff, personalProfiles, signature, ...fields } = Object.assign(
    {},
    ...wanted.map((part) => valuesOfPart(part, values)),
  ) as Values;
  const userGroup = body.userGroup ?? (fields as Partial<User>).userGroup;
  // Of another user group they would be other profiles.
  const isOff = profilesOff !== undefined && body.profiles === undefined && userGroup === values.userGroup;
  const given: Details = {
    ...(signature !== undefined && { signature: signature as string }),
    ...(isOff && { profilesOff: profilesOff as string[] }),
    ...(personalProfiles !== undefined && {
      profiles: (personalProfiles as NonNullable<Details['profiles']>).map((profile) => newProfile(deps, profile)),
    }),
  };
  return { fields: fields as Partial<NewUser>, given };
}

function partsOf(type: UserTypeName): ClonedPart[] {
  const has = (field: ClonedField) => {
    if (field === 'signature') return fieldMatrix().useQueueSignature[type] !== 'no';
    if (field === 'profilesOff' || field === 'personalProfiles') return fieldMatrix().skills[type] !== 'no';
    return fieldMatrix()[field][type] !== 'no';
  };
  return (Object.keys(parts) as ClonedPart[]).filter((part) => parts[part].some(has));
}

function valuesOfPart(part: ClonedPart, values: Values): Values {
  const fields = parts[part].filter((field) => values[field] !== undefined);
  return Object.fromEntries(fields.map((field) => [field, values[field]]));
}

function valuesOf({ user, details: { profiles, ...details } }: Person): Values {
  return { ...details, ...user, ...(profiles && { personalProfiles: profiles }) };
}
