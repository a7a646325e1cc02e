// Who has the access, of the users in sight.

import { accesses as contract } from '#contract/accesses.ts';
import * as records from '#domain/grants/records.ts';
import { isInSight } from '#domain/grants/sight.ts';
import { has } from '#domain/users/holders.ts';
import { shownToAll } from '#domain/users/user.ts';
import * as users from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';
import { openCursor, sealCursor } from '#table/cursor.ts';

export const handler = serve(contract['list-users-of-access'], async ({ deps, request, caller }) => {
  const { accessId } = request.params;
  const { limit, cursor } = request.query;
  await records.require(deps, 'access', accessId);
  const sealer = await deps.sealer();
  const list = `users of ${accessId} caller=${caller.user.id}`;
  const page = await users.page(deps, {
    deactivated: false,
    limit,
    from: cursor === undefined ? undefined : openCursor(sealer, list, cursor),
    isWanted: (user) => has(user, 'access', accessId) && isInSight(caller, user),
  });
  return {
    users: page.users.map(shownToAll),
    ...(page.next && { next: sealCursor(sealer, list, page.next) }),
  };
});
