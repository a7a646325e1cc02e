// A profile as requests and answers have it, of a user group or of one user (S3-9, S3-10).

import * as z from 'zod';
import { plainText } from './fields.ts';
import { once } from './once.ts';
import { changesSomething, mustChangeSomething, namesSkillsOnce, profileId, skillLevel } from './records.ts';

/** So many that one change of all of them fits into one transaction. */
const PROFILE_SKILLS_MAX = 40;

const profileSkills = once(() =>
  z
    .array(skillLevel())
    .max(PROFILE_SKILLS_MAX)
    .refine(...namesSkillsOnce)
    .meta({ description: 'Skills with their levels' }),
);

/** A named list of skills with levels. */
export const profile = once(() =>
  z.object({ id: profileId(), name: z.string(), skills: profileSkills() }).meta({ id: 'Profile' }),
);

export const newProfile = once(() =>
  z
    .strictObject({
      name: plainText(60).meta({ description: 'Unique among its profiles, case aside', example: 'Sales' }),
      skills: profileSkills().default([]),
    })
    .meta({ id: 'NewProfile' }),
);

export const profileChanges = once(() =>
  z
    .strictObject({ name: plainText(60).optional(), skills: profileSkills().optional() })
    .refine(changesSomething, mustChangeSomething)
    .meta({ id: 'ProfileChanges' }),
);
