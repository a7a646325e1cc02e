// The profiles that a user has: those of the user group but for the ones that are off (S3-9), and personal ones (S3-10).

import { Problem } from '#contract/problems.ts';
import { fieldMatrix } from '#contract/user-types.ts';
import type { Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { defaultUserGroup, type UserGroup } from '../records/record.ts';
import * as records from '../records/records.ts';
import { type Details, detailsWrite } from '../users/details.ts';
import { changed } from '../users/edits.ts';
import type { Person } from '../users/person.ts';
import type { User } from '../users/user.ts';
import * as users from '../users/users.ts';
import type { Profile } from './profile.ts';
import { personalSkillWrites } from './skills.ts';

/** Skills are what profiles are made of: who has none has no profiles either (S0-7). */
export function hasProfiles({ userType }: Pick<User, 'userType'>): boolean {
  return fieldMatrix().skills[userType] !== 'no';
}

/** @throws Problem `invalid_input` (S0-7) */
export function checkHasProfiles(user: Pick<User, 'userType'>, pointer = '/path/userId'): void {
  if (hasProfiles(user)) return;
  const detail = `profiles do not apply to a user of type ${user.userType}`;
  throw new Problem('invalid_input', {
    detail: `${pointer}: ${detail}`,
    errors: [{ pointer, detail }],
    rule: 'S0-7',
    because: user.userType,
  });
}

/** As it is now: definitions may be five seconds old. */
export async function userGroupOf(deps: Deps, { userGroup = defaultUserGroup }: Pick<User, 'userGroup'>) {
  const [found] = await records.byIds(deps, [{ kind: 'user-group', id: userGroup }]);
  return found;
}

/** Group profiles, each on or off for the user. */
export function groupProfiles(
  user: Pick<User, 'userType'>,
  { profilesOff = [] }: Details,
  group: UserGroup | undefined,
): (Profile & { available: boolean })[] {
  if (!hasProfiles(user)) return [];
  return (group?.profiles ?? []).map((each) => ({ ...each, available: !profilesOff.includes(each.id) }));
}

/** Those that the user can choose from at work. */
export function availableProfiles({ user, details }: Person, group: UserGroup | undefined) {
  const own = hasProfiles(user) ? (details.profiles ?? []) : [];
  return {
    group: groupProfiles(user, details, group).filter(({ available }) => available),
    personal: own,
  };
}

/** As the API shows them. */
export function shownProfiles({ user, details }: Person, group: UserGroup | undefined) {
  return {
    version: user.version,
    group: groupProfiles(user, details, group),
    personal: details.profiles ?? [],
  };
}

/**
 * Group profiles that are off when just these are to be available; undefined when none is.
 * @throws Problem `prerequisites_missing` with a pointer to each that the group does not have
 */
export function turnedOff(
  group: UserGroup | undefined,
  available: readonly string[],
  pointer: string,
): string[] | undefined {
  const ids = (group?.profiles ?? []).map(({ id }) => id);
  const errors = available
    .map((id, n) => ({ id, pointer: `${pointer}/${n}` }))
    .filter(({ id }) => !ids.includes(id))
    .map(({ id, pointer }) => ({
      pointer,
      detail: `the user group ${group?.name ?? ''} has no profile ${id}; choose one of GET /v1/user-groups/${group?.id}`,
    }));
  if (errors.length > 0) {
    throw new Problem('prerequisites_missing', {
      detail: errors.map(({ pointer, detail }) => `${pointer}: ${detail}`).join('; '),
      errors,
      rule: 'S3-9',
      because: available.filter((id) => !ids.includes(id)),
      remedy: 'Choose profiles of the user’s own group',
    });
  }
  const off = ids.filter((id) => !available.includes(id));
  return off.length > 0 ? off : undefined;
}

/** The next version of the person with these profiles, and what makes it so. @throws at commit what `users.change` throws */
export function withProfiles(
  before: Person,
  changes: Partial<Pick<Details, 'profiles' | 'profilesOff'>>,
  now: number,
  show?: Parameters<typeof users.change>[2],
): { after: Person; writes: Write[] } {
  const details = { ...before.details, ...changes };
  if (details.profiles?.length === 0) details.profiles = undefined;
  const after = { user: changed(before.user, now, {}), details };
  return {
    after,
    writes: [
      ...users.change(before.user, after.user, show),
      detailsWrite(after.user.id, details),
      ...personalSkillWrites(before.details.profiles, details.profiles),
    ],
  };
}
