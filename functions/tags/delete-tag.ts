// Deletes a tag that nobody has.

import { tags as contract } from '#contract/tags.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { checkUnused } from '#domain/users/holders.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['delete-tag'], async ({ deps, request, caller, ifMatch, commit }) => {
  const before = await records.require(deps, 'tag', request.params.tagId);
  if (before.version !== ifMatch) throw records.stale('tag', before);
  await checkUnused(deps, caller, before);
  return commit({
    writes: [...records.deletion(before), ...stillHolds(caller)],
    subject: { type: 'tag', id: before.id },
    before: shown(before),
    answer: null,
  });
});
