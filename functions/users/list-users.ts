// Users in sight by title, page by page.

import { users as contract } from '#contract/users.ts';
import { isInSight } from '#domain/grants/sight.ts';
import { shownTo } from '#domain/users/user.ts';
import * as users from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';
import { openCursor, sealCursor } from '#table/cursor.ts';

export const handler = serve(contract['list-users'], async ({ deps, request, caller }) => {
  const { deactivated, limit, cursor } = request.query;
  const sealer = await deps.sealer();
  const list = `users deactivated=${deactivated} caller=${caller.user.id}`;
  const from = cursor === undefined ? undefined : openCursor(sealer, list, cursor);
  const page = await users.page(deps, { deactivated, limit, from, isWanted: (user) => isInSight(caller, user) });
  return {
    users: page.users.map((user) => shownTo(caller.permissions, user)),
    ...(page.next && { next: sealCursor(sealer, list, page.next) }),
  };
});
