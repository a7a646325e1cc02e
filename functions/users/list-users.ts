// Users in sight, those who are meant: by title or another column, or searched for by their names.

import { users as contract } from '#contract/users.ts';
import { checkMayAsk } from '#domain/directory/filter.ts';
import { find } from '#domain/directory/find.ts';
import { paged } from '#domain/directory/paging.ts';
import { shownFound } from '#domain/directory/shown.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['list-users'], async ({ deps, request, caller }) => {
  const { limit, cursor, sort, ...filter } = request.query;
  checkMayAsk(caller.permissions, filter, sort);
  const list = `users ${JSON.stringify({ sort, ...filter })}`;
  const { users, next } = await paged(deps, caller, list, { limit, cursor }, (page) =>
    find(deps, caller, filter, sort, page),
  );
  return { users: users.map((user) => shownFound(caller.permissions, user)), ...(next !== undefined && { next }) };
});
