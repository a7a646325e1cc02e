// Everything that is in force for a user, as the API shows it: values with their sources, profiles, tags and skills.

import type { Definitions } from '../definitions/definitions.ts';
import type { Deps } from '../deps.ts';
import { availableProfiles } from '../profiles/of-user.ts';
import { defaultUserGroup, type UserGroup } from '../records/record.ts';
import * as records from '../records/records.ts';
import type { Person } from '../users/person.ts';
import type { User } from '../users/user.ts';
import { fieldsOf, sourced } from './inheritance.ts';

/** @param group as it is now; definitions may be five seconds old */
export async function inForce(
  deps: Deps,
  person: Person,
  group: UserGroup | undefined,
  { settings, userGroups }: Definitions,
) {
  const { user } = person;
  const known = { settings, userGroups: group ? new Map(userGroups).set(group.id, group) : userGroups };
  const values = sourced(person, known);
  const [tags, skills] = await Promise.all([tagsOf(deps, user), skillsOf(deps, user)]);
  const profiles = availableProfiles(person, group);
  return {
    userGroup: { id: group?.id ?? defaultUserGroup, name: group?.name ?? '' },
    settings: fieldsOf(user).map((field) => ({ field, ...values[field] })),
    allowedNetworks: [
      ...networks('tenant', settings.allowedNetworks),
      ...networks('userGroup', group?.allowedNetworks),
      ...networks('user', user.allowedNetworks),
    ],
    profiles: [
      ...profiles.group.map(({ id, name }) => ({ id, name, from: 'userGroup' as const })),
      ...profiles.personal.map(({ id, name }) => ({ id, name, from: 'user' as const })),
    ],
    tags,
    skills,
  };
}

function networks<From extends string>(from: From, list: readonly string[] | null | undefined) {
  return list ? [{ from, networks: [...list] }] : [];
}

/** Every tag there is, for who has all of them; of tags that are made later as well (S4-26). */
async function tagsOf(deps: Deps, { allTags, tags = [] }: Pick<User, 'allTags' | 'tags'>) {
  const found = allTags ? await records.all(deps, 'tag') : await named(deps, 'tag', tags);
  return found.map(({ id, name }) => ({ id, name }));
}

/** Every skill there is, for who has all of them (S4-26); the level only where one was set. */
async function skillsOf(deps: Deps, { allSkills, skills = [] }: Pick<User, 'allSkills' | 'skills'>) {
  const levels = new Map(skills.map(({ skill, level }) => [skill, level]));
  const found = allSkills ? await records.all(deps, 'skill') : await named(deps, 'skill', [...levels.keys()]);
  return found.map(({ id, name }) => ({ id, name, level: levels.get(id) }));
}

async function named<Kind extends 'tag' | 'skill'>(deps: Deps, kind: Kind, ids: readonly string[]) {
  const found = await records.byIds(
    deps,
    ids.map((id) => ({ kind, id })),
  );
  return found.filter((each) => each !== undefined).sort((a, b) => a.name.localeCompare(b.name));
}
