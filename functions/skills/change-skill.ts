// Changes what a skill is called and for whom it is; who has it stays.

import { skills as contract } from '#contract/skills.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['change-skill'], async ({ deps, request, caller, ifMatch, commit }) => {
  const before = await records.require(deps, 'skill', request.params.skillId);
  if (before.version !== ifMatch) throw records.stale('skill', before);
  const after = records.edited(deps, before, request.body);
  return commit({
    writes: [...records.change(before, after), ...stillHolds(caller)],
    subject: { type: 'skill', id: after.id },
    before: shown(before),
    after: shown(after),
    answer: shown(after),
  });
});
