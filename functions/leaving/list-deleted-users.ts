// Deleted users that can still be restored (C14).

import { leaving as contract } from '#contract/leaving.ts';
import { page } from '#domain/leaving/deleted.ts';
import { serve } from '#serve/serve.ts';
import { openCursor, sealCursor } from '#table/cursor.ts';

export const handler = serve(contract['list-deleted-users'], async ({ deps, request, caller }) => {
  const { limit, cursor } = request.query;
  const list = `deleted users ${caller.user.id}`;
  const from = cursor === undefined ? undefined : openCursor(await deps.sealer(), list, cursor);
  const { deletedUsers, next } = await page(deps, { limit, from });
  return { deletedUsers, ...(next && { next: sealCursor(await deps.sealer(), list, next) }) };
});
