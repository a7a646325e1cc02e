// The skills that profiles name: they exist, and none is deleted under a profile.

import type { Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import * as records from '../records/records.ts';
import { type Profile, skillsOf } from './profile.ts';

/** @throws Problem `prerequisites_missing` with a pointer to each that does not exist */
export async function checkSkills(deps: Deps, skills: Profile['skills'] = []): Promise<void> {
  const references = skills.map(({ skill: id }, n) => ({
    kind: 'skill' as const,
    id,
    pointer: `/body/skills/${n}/skill`,
  }));
  const found = await records.byIds(deps, references);
  const absent = references.filter((_reference, n) => found[n] === undefined);
  if (absent.length > 0) throw records.missing(absent);
}

/**
 * Counts of whose personal profiles name which skills; goes with every change of a user's own profiles, their creation by a
 * clone and their end with the user included. @throws at commit `prerequisites_missing`
 */
export function personalSkillWrites(before: readonly Profile[] = [], after: readonly Profile[] = []): Write[] {
  const [had, has] = [skillsOf(before), skillsOf(after)];
  return [
    ...has.filter((id) => !had.includes(id)).map((id) => records.personalUse('skill', id, 1)),
    ...had.filter((id) => !has.includes(id)).map((id) => records.personalUse('skill', id, -1)),
  ];
}
