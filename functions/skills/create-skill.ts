// A new skill, which nobody has yet.

import { skills as contract } from '#contract/skills.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { type Skill, shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['create-skill'], async ({ deps, request, caller, commit }) => {
  await records.checkRoomAmong(deps, 'skill');
  const skill: Skill = { type: 'skill', ...records.fresh(deps, 'skill'), ...request.body };
  return commit({
    writes: [...records.creation(skill), ...stillHolds(caller)],
    subject: { type: 'skill', id: skill.id },
    after: shown(skill),
    answer: shown(skill),
  });
});
