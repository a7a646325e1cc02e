// New rights. Nobody puts more content or more users into them than their own rights hold.

import { rights as contract } from '#contract/rights.ts';
import { checkRights, stillHolds } from '#domain/grants/limits.ts';
import { withReferences } from '#domain/grants/rights-edit.ts';
import { type Rights, shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['create-rights'], async ({ deps, request, caller, commit }) => {
  records.checkRoom(caller.definitions.rights);
  const { body } = request;
  const given: Rights = { type: 'rights', ...records.fresh(deps, 'rights'), ...body, channels: {} };
  const rights = await withReferences(deps, undefined, given, body.queues);
  checkRights(caller, rights, '/body');
  return commit({
    writes: [...records.creation(rights), ...stillHolds(caller)],
    subject: { type: 'rights', id: rights.id },
    after: shown(rights),
    answer: shown(rights),
  });
});
