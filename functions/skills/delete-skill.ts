// Deletes a skill that nobody has, and no profile names.

import { skills as contract } from '#contract/skills.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { checkNotNamed } from '#domain/grants/naming.ts';
import { shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { checkUnused } from '#domain/users/holders.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['delete-skill'], async ({ deps, request, caller, ifMatch, commit }) => {
  const before = await records.require(deps, 'skill', request.params.skillId);
  if (before.version !== ifMatch) throw records.stale('skill', before);
  await checkUnused(deps, caller, before);
  await checkNotNamed(deps, before);
  return commit({
    writes: [...records.deletion(before), ...stillHolds(caller)],
    subject: { type: 'skill', id: before.id },
    before: shown(before),
    answer: null,
  });
});
