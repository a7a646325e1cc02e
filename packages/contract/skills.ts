// Skills: what users can do, each with a level (S4-24).

import * as z from 'zod';
import { once } from './once.ts';
import { domain } from './operation.ts';
import { changing, creating, deleting, listing, reading, readingUsers } from './record-operations.ts';
import {
  changesSomething,
  mustChangeSomething,
  recordDescription,
  recordFields,
  recordName,
  skillId,
} from './records.ts';

const params = once(() => z.strictObject({ skillId: skillId() }));

export const skill = once(() => z.object({ id: skillId(), ...recordFields() }).meta({ id: 'Skill' }));

const newSkill = once(() =>
  z.strictObject({ name: recordName(), description: recordDescription().optional() }).meta({ id: 'NewSkill' }),
);

const skillChanges = once(() =>
  z
    .strictObject({
      name: recordName().optional(),
      description: recordDescription().nullable().optional().meta({ description: 'null removes it' }),
    })
    .refine(changesSomething, mustChangeSomething)
    .meta({ id: 'SkillChanges' }),
);

const kind = {
  path: '/skills',
  onePath: '/skills/{skillId}',
  read: 'skills:read',
  change: 'skills:change',
  noun: 'skill',
} as const;

export const skills = domain('skills', {
  'list-skills': () => listing(kind, 'List skills', z.object({ skills: z.array(skill()) })),
  'create-skill': () => creating(kind, 'Create a skill', newSkill(), skill()),
  'get-skill': () => reading(kind, 'Read a skill', params(), skill()),
  'change-skill': () => changing(kind, 'Change a skill', params(), skillChanges(), skill()),
  'delete-skill': () => deleting(kind, 'Delete a skill that nobody has', params()),
  'list-users-of-skill': () => readingUsers(kind, 'Who has the skill, of the users in sight', params()),
});
