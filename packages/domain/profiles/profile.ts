// A profile: a named list of skills with levels, of a user group (S3-9) or of one user (S3-10). Nothing here reads or writes.

import * as z from 'zod';
import { canonicalName } from '#contract/fields.ts';
import { once } from '#contract/once.ts';
import { Problem } from '#contract/problems.ts';
import type { Deps } from '../deps.ts';

export const profileItem = once(() =>
  z.object({
    id: z.string(),
    name: z.string(),
    skills: z.array(z.object({ skill: z.string(), level: z.number() })),
  }),
);

export type Profile = z.output<ReturnType<typeof profileItem>>;

/** How many profiles stand together, and how many skills they name between them: what is kept in one item stays small. */
export interface Room {
  profiles: number;
  skills: number;
}

/** All user groups are read at once, with their profiles. */
export const roomOfGroup: Room = { profiles: 50, skills: 80 };
/** Beside all other relations of a user, in one transaction. */
export const roomOfUser: Room = { profiles: 20, skills: 25 };

/** What is new of a request, with an id as short as a record's. */
export function newProfile(deps: Pick<Deps, 'randomBytes'>, given: Pick<Profile, 'name' | 'skills'>): Profile {
  return { id: `prf_${deps.randomBytes(6).toString('hex')}`, name: given.name, skills: given.skills };
}

/** Skills that they name, each once. */
export function skillsOf(profiles: readonly Profile[]): string[] {
  return [...new Set(profiles.flatMap(({ skills }) => skills.map(({ skill }) => skill)))];
}

/** @throws Problem `record_not_found` */
export function profileIn(profiles: readonly Profile[], id: string): Profile {
  const found = profiles.find((each) => each.id === id);
  if (!found) throw new Problem('record_not_found', { detail: `There is no profile with the id ${id} here` });
  return found;
}

/** @throws Problem `name_taken`, `too_many_records` */
export function added(profiles: readonly Profile[], profile: Profile, room: Room): Profile[] {
  return checked([...profiles, profile], profile, room);
}

/** @throws Problem `record_not_found`, `name_taken`, `too_many_records` */
export function edited(
  profiles: readonly Profile[],
  id: string,
  changes: { name?: string | undefined; skills?: Profile['skills'] | undefined },
  room: Room,
): Profile[] {
  const before = profileIn(profiles, id);
  const after = { ...before, name: changes.name ?? before.name, skills: changes.skills ?? before.skills };
  return checked(
    profiles.map((each) => (each.id === id ? after : each)),
    after,
    room,
  );
}

/** @throws Problem `record_not_found` */
export function without(profiles: readonly Profile[], id: string): Profile[] {
  profileIn(profiles, id);
  return profiles.filter((each) => each.id !== id);
}

function checked(profiles: Profile[], changed: Profile, room: Room): Profile[] {
  const name = canonicalName(changed.name);
  if (profiles.some((each) => each.id !== changed.id && canonicalName(each.name) === name)) throw taken(changed.name);
  if (profiles.length > room.profiles) throw tooMany(room.profiles, 'profiles', 'Delete one that nobody needs');
  if (skillsOf(profiles).length > room.skills) {
    throw tooMany(room.skills, 'different skills in all profiles together', 'Take skills out of other profiles first');
  }
  return profiles;
}

function taken(name: string): Problem {
  const detail = `There is a profile with the name ${name} here already, case aside; choose another`;
  return new Problem('name_taken', { detail, errors: [{ pointer: '/body/name', detail }], because: name });
}

function tooMany(max: number, what: string, remedy: string): Problem {
  return new Problem('too_many_records', { detail: `${max} ${what} is the most`, because: max, remedy });
}
