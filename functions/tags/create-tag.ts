// A new tag, which nobody has yet.

import { tags as contract } from '#contract/tags.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { shown, type Tag } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['create-tag'], async ({ deps, request, caller, commit }) => {
  await records.checkRoomAmong(deps, 'tag');
  const tag: Tag = { type: 'tag', ...records.fresh(deps, 'tag'), ...request.body };
  return commit({
    writes: [...records.creation(tag), ...stillHolds(caller)],
    subject: { type: 'tag', id: tag.id },
    after: shown(tag),
    answer: shown(tag),
  });
});
