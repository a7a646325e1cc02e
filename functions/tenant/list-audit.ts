// Who changed what, newest first.

import { tenant } from '#contract/tenant.ts';
import { type AuditPosition, rangeOf, search } from '#domain/audit/search.ts';
import { serve } from '#serve/serve.ts';
import { openCursor, sealCursor } from '#table/cursor.ts';

export const handler = serve(tenant['list-audit'], async ({ deps, request, caller }) => {
  const { limit, cursor, actor, subject, event, from, to } = request.query;
  const sealer = await deps.sealer();
  const list = `audit ${JSON.stringify([actor, subject, event, from, to])} caller=${caller.user.id}`;
  // The range is kept in the cursor: "now" must not move while somebody pages.
  const position = cursor === undefined ? undefined : (openCursor(sealer, list, cursor) as unknown as Paging);
  const range = position?.range ?? rangeOf(from, to, deps.now());
  const page = await search(deps, { actor, subject, event, ...range }, limit, position?.after);
  return {
    entries: page.entries.map((entry) => ({ ...entry, at: new Date(entry.at).toISOString() })),
    ...(page.next && { next: sealCursor(sealer, list, { range, after: page.next }) }),
  };
});

interface Paging {
  range: { from: number; to: number };
  after: AuditPosition;
}
