// Changes an access. In force for all who have it within five seconds.

import { accesses as contract } from '#contract/accesses.ts';
import { permissionsOf } from '#domain/grants/effective.ts';
import { checkOwnLoss, checkPermissions, stillHolds } from '#domain/grants/limits.ts';
import { type Access, shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['change-access'], async ({ deps, request, caller, ifMatch, commit }) => {
  const before = await records.require(deps, 'access', request.params.accessId);
  if (before.version !== ifMatch) throw records.stale('access', before);
  const after: Access = records.edited(deps, before, request.body);
  // Also what it held before: who does not hold it must not take it away from others either.
  checkPermissions(caller, before.permissions, '/path/accessId');
  checkPermissions(caller, after.permissions, '/body/permissions');
  const accesses = new Map(caller.definitions.accesses).set(after.id, after);
  checkOwnLoss(caller, permissionsOf(caller.user, { ...caller.definitions, accesses }), request.query.force);
  return commit({
    writes: [...records.change(before, after), ...stillHolds(caller)],
    subject: { type: 'access', id: after.id },
    before: shown(before),
    after: shown(after),
    answer: shown(after),
  });
});
