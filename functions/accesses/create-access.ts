// A new access. Nobody puts more into it than they hold.

import { accesses as contract } from '#contract/accesses.ts';
import { checkPermissions, stillHolds } from '#domain/grants/limits.ts';
import { type Access, shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['create-access'], async ({ deps, request, caller, commit }) => {
  checkPermissions(caller, request.body.permissions, '/body/permissions');
  records.checkRoom(caller.definitions.accesses);
  const access: Access = { type: 'access', ...records.fresh(deps, 'access'), ...request.body };
  return commit({
    writes: [...records.creation(access), ...stillHolds(caller)],
    subject: { type: 'access', id: access.id },
    after: shown(access),
    answer: shown(access),
  });
});
