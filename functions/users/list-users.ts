// Users by title, page by page.

import { users as contract } from '#contract/users.ts';
import { shown } from '#domain/users/user.ts';
import * as users from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';
import { openCursor, sealCursor } from '#table/cursor.ts';

export const handler = serve(contract['list-users'], async ({ deps, request, caller }) => {
  const { deactivated, limit, cursor } = request.query;
  const sealer = await deps.sealer();
  const list = `users deactivated=${deactivated} caller=${caller.user.id}`;
  const from = cursor === undefined ? undefined : openCursor(sealer, list, cursor);
  const page = await users.page(deps, { deactivated, limit, from });
  return { users: page.users.map(shown), ...(page.next && { next: sealCursor(sealer, list, page.next) }) };
});
