// What was changed of a user, field by field, by whom and when.

import { users as contract } from '#contract/users.ts';
import { type HistoryPosition, history } from '#domain/audit/history.ts';
import { rangeOf } from '#domain/audit/search.ts';
import { requireInSight, titlesInSight } from '#domain/users/in-sight.ts';
import { serve } from '#serve/serve.ts';
import { openCursor, sealCursor } from '#table/cursor.ts';

export const handler = serve(contract['get-user-history'], async ({ deps, request, caller }) => {
  const { limit, cursor, field, from, to } = request.query;
  const { id: subject } = await requireInSight(deps, caller, request.params.userId);
  const sealer = await deps.sealer();
  const list = `history ${JSON.stringify([subject, field, from, to])} caller=${caller.user.id}`;
  // The range is kept in the cursor: "now" must not move while somebody pages.
  const asked = cursor === undefined ? undefined : openCursor<Paging>(sealer, list, cursor);
  const range = asked?.range ?? rangeOf(from, to, deps.now());
  const page = await history(deps, { subject, field, ...range }, limit, asked?.position ?? { after: undefined });
  const titles = await titlesInSight(
    deps,
    caller,
    page.changes.map(({ actor }) => actor),
  );
  return {
    changes: page.changes.map((change) => {
      const actorTitle = titles.get(change.actor);
      return { ...change, at: new Date(change.at).toISOString(), ...(actorTitle !== undefined && { actorTitle }) };
    }),
    ...(page.next && { next: sealCursor(sealer, list, { range, position: page.next }) }),
  };
});

interface Paging {
  range: { from: number; to: number };
  position: HistoryPosition;
}
