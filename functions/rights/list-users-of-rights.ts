// Who has the rights, of the users in sight.

import { rights as contract } from '#contract/rights.ts';
import * as records from '#domain/grants/records.ts';
import { isInSight } from '#domain/grants/sight.ts';
import { has } from '#domain/users/holders.ts';
import { shownToAll } from '#domain/users/user.ts';
import * as users from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';
import { openCursor, sealCursor } from '#table/cursor.ts';

export const handler = serve(contract['list-users-of-rights'], async ({ deps, request, caller }) => {
  const { rightsId } = request.params;
  const { limit, cursor } = request.query;
  await records.require(deps, 'rights', rightsId);
  const sealer = await deps.sealer();
  const list = `users of ${rightsId} caller=${caller.user.id}`;
  const page = await users.page(deps, {
    deactivated: false,
    limit,
    from: cursor === undefined ? undefined : openCursor(sealer, list, cursor),
    isWanted: (user) => has(user, 'rights', rightsId) && isInSight(caller, user),
  });
  return {
    users: page.users.map(shownToAll),
    ...(page.next && { next: sealCursor(sealer, list, page.next) }),
  };
});
