// Changes rights. In force for all who have them within five seconds.

import { rights as contract } from '#contract/rights.ts';
import { checkRights, stillHolds } from '#domain/grants/limits.ts';
import { type Rights, shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { checkNamedUsers } from '#domain/users/named-users.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['change-rights'], async ({ deps, request, caller, ifMatch, commit }) => {
  const before = await records.require(deps, 'rights', request.params.rightsId);
  if (before.version !== ifMatch) throw records.stale('rights', before);
  const after: Rights = records.edited(deps, before, request.body);
  await checkNamedUsers(deps, after);
  // Also what they held before: who does not hold it must not take it away from others either.
  checkRights(caller, before, '/path/rightsId');
  checkRights(caller, after, '/body');
  return commit({
    writes: [...records.change(before, after), ...stillHolds(caller)],
    subject: { type: 'rights', id: after.id },
    before: shown(before),
    after: shown(after),
    answer: shown(after),
  });
});
