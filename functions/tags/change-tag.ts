// Changes what a tag is called and for whom it is; who has it stays.

import { tags as contract } from '#contract/tags.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['change-tag'], async ({ deps, request, caller, ifMatch, commit }) => {
  const before = await records.require(deps, 'tag', request.params.tagId);
  if (before.version !== ifMatch) throw records.stale('tag', before);
  const after = records.edited(deps, before, request.body);
  return commit({
    writes: [...records.change(before, after), ...stillHolds(caller)],
    subject: { type: 'tag', id: after.id },
    before: shown(before),
    after: shown(after),
    answer: shown(after),
  });
});
