// Deletes rights that nobody has.

import { rights as contract } from '#contract/rights.ts';
import { checkRights, stillHolds } from '#domain/grants/limits.ts';
import { checkNotNamed } from '#domain/grants/naming.ts';
import { shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { checkUnused } from '#domain/users/holders.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['delete-rights'], async ({ deps, request, caller, ifMatch, commit }) => {
  const before = await records.require(deps, 'rights', request.params.rightsId);
  if (before.version !== ifMatch) throw records.stale('rights', before);
  checkRights(caller, before, '/path/rightsId');
  await checkUnused(deps, caller, before);
  await checkNotNamed(deps, before);
  return commit({
    writes: [...records.deletion(before), ...stillHolds(caller)],
    subject: { type: 'rights', id: before.id },
    before: shown(before),
    answer: null,
  });
});
