// Changes the settings that the request names, as long as all of them together make sense.

import { tenant } from '#contract/tenant.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { change, merged, read, shown, stale } from '#domain/settings/change.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(tenant['change-settings'], async ({ deps, request, caller, origin, ifMatch, commit }) => {
  const before = await read(deps);
  if (before.version !== ifMatch) throw stale(before);
  const by = { address: origin.address, force: request.query.force };
  const after = merged(before, request.body, by, deps.now());
  return commit({
    writes: [change(before, after), ...stillHolds(caller)],
    subject: { type: 'settings', id: 'settings' },
    before: before.values,
    after: after.values,
    answer: shown(after),
  });
});
