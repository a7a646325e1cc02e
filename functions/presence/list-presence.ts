// Who of the users in sight is there (S1-31).

import { presenceOperations as contract } from '#contract/presence.ts';
import { type Place, presentPage } from '#domain/presence/listing.ts';
import { serve } from '#serve/serve.ts';
import { openCursor, sealCursor } from '#table/cursor.ts';

export const handler = serve(contract['list-presence'], async ({ deps, request, caller }) => {
  const { limit, cursor, only } = request.query;
  const sealer = await deps.sealer();
  const list = `presence only=${only ?? ''} caller=${caller.user.id}`;
  const from = cursor === undefined ? undefined : openCursor<Place>(sealer, list, cursor);
  const { users, next } = await presentPage(deps, caller, only, { limit, from });
  return { users, ...(next && { next: sealCursor(sealer, list, { ...next }) }) };
});
