// Who takes which licenses, since when and why (S0-57); whoever takes none is not there (S0-58).

import { licenses as contract } from '#contract/licenses.ts';
import { paged } from '#domain/directory/paging.ts';
import { holdersPage } from '#domain/licenses/holders.ts';
import { checkAsked } from '#domain/licenses/known.ts';
import { shownHolders } from '#domain/licenses/shown-holders.ts';
import type { User } from '#domain/users/user.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['list-license-users'], async ({ deps, request, caller }) => {
  const { license, limit, cursor } = request.query;
  await checkAsked(deps, caller.definitions.licensing, license);
  const list = `license users ${license ?? ''}`;
  const { users, next } = await paged(deps, caller, list, { limit, cursor }, (page) =>
    holdersPage(deps, license, page),
  );
  return {
    users: await shownHolders(deps, caller, users as User[], license),
    ...(next !== undefined && { next }),
  };
});
