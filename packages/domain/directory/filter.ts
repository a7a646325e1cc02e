// Which users are meant. Judged on whatever is at hand of them: a row of the index, an entry, or the user; each knows so much.

import type * as z from 'zod';
import type { Permission } from '#contract/permissions.ts';
import { Problem } from '#contract/problems.ts';
import type { userFilter } from '#contract/user-filter.ts';
import type { Shelf } from '#table/keys.ts';
import { isInSight, type Viewer } from '../grants/sight.ts';
import { defaultUserGroup } from '../records/record.ts';
import { shelfOf, type User } from '../users/user.ts';

export type Filter = z.output<ReturnType<typeof userFilter>>;

/** A user as far as is known where they were found. */
export type Found = Pick<User, 'id' | 'title' | 'emoji' | 'userType' | 'state'> & Partial<User>;

/** Fields by which users are told apart, and which lists of them are led by or judged on. */
const tests = {
  type: (user, type) => user.userType === type,
  state: (user, state) => user.state === state,
  access: (user, access) => user.access === access,
  rights: (user, rights) => user.rights === rights,
  role: (user, role) => user.roles?.includes(role) ?? false,
  userGroup: (user, group) => (user.userGroup ?? defaultUserGroup) === group,
  group: (user, group) => user.groups?.includes(group) ?? false,
  skill: (user, id) => user.allSkills ?? user.skills?.some(({ skill }) => skill === id) ?? false,
  tag: (user, tag) => user.allTags ?? user.tags?.includes(tag) ?? false,
  secondFactor: (user, factor) => user.secondFactor === factor,
  superUser: (user, superUser) => (user.superUser ?? false) === superUser,
} as const satisfies { [Field in keyof Filter]?: (user: Found, wanted: NonNullable<Filter[Field]>) => boolean };

export type Field = keyof typeof tests;

/** Seen by everybody, so everybody may ask for it. */
const OPEN: readonly Field[] = ['type', 'state'];

/** What is known of a user where they were found: their id alone, what an entry says, or what a row of the index does. */
export type Knowing = 'id' | 'entry' | 'row';
const known: Readonly<Record<Knowing, readonly Field[]>> = {
  id: [],
  entry: OPEN,
  row: [...OPEN, 'access', 'rights', 'role', 'userGroup', 'secondFactor', 'superUser'],
};

/** The shelf that the filter looks at. */
export function shelfOfFilter({ tab, deactivated, state }: Filter): Shelf {
  return deactivated || state === 'deactivated' ? `deactivated-${tab}` : tab;
}

export function fieldsOf(filter: Filter): Field[] {
  return (Object.keys(tests) as Field[]).filter((field) => filter[field] !== undefined);
}

/** Can all that is asked be judged by what is known, but for what the user was found by? */
export function isEnough(knowing: Knowing, filter: Filter, foundBy?: Field): boolean {
  return fieldsOf(filter).every((field) => field === foundBy || known[knowing].includes(field));
}

/** Can sight? By rights it takes the user's own. */
export function isSightKnown(knowing: Knowing, { user, rights }: Viewer): boolean {
  if (knowing !== 'entry') return knowing === 'row';
  return user.superUser === true || !rights || rights.users === 'all' || rights.users.rights.length === 0;
}

/** Is the user one of those who are meant, as far as is known of them? */
export function isPossible(filter: Filter, user: Found, knowing: Knowing): boolean {
  const judged = fieldsOf(filter).filter((field) => known[knowing].includes(field));
  return knowing === 'id' || (shelfOf(user) === shelfOfFilter(filter) && passes(filter, user, judged));
}

/** Is the user, read whole, one of those who are meant, and in sight of who asks? */
export function isMeant(viewer: Viewer, filter: Filter, user: Found): boolean {
  return shelfOf(user) === shelfOfFilter(filter) && passes(filter, user, fieldsOf(filter)) && isInSight(viewer, user);
}

function passes(filter: Filter, user: Found, fields: readonly Field[]): boolean {
  return fields.every((field) => (tests[field] as (user: Found, wanted: unknown) => boolean)(user, filter[field]));
}

/** @throws Problem `not_permitted`: who does not see a column must not learn of it by asking either (S0-13) */
export function checkMayAsk(permissions: ReadonlySet<Permission>, filter: Filter, sort: string): void {
  if (permissions.has('users:read-details')) return;
  const closed = [
    ...fieldsOf(filter).filter((field) => !OPEN.includes(field)),
    ...(['title', '-title'].includes(sort) ? [] : ['sort']),
  ];
  if (closed.length === 0) return;
  throw new Problem('not_permitted', {
    detail: `To ask for ${closed.join(', ')} takes the permission users:read-details, as to see it`,
    errors: closed.map((field) => ({ pointer: `/query/${field}`, detail: 'takes the permission users:read-details' })),
    rule: 'S0-13',
    because: 'users:read-details',
    remedy: 'Leave it out, or ask an administrator for the permission',
  });
}
