// Who takes which licenses, since when and why, for spreadsheets: page by page, each of whole users.

import { licenses as contract } from '#contract/licenses.ts';
import { paged } from '#domain/directory/paging.ts';
import { head, rowsOf, usersOfPage } from '#domain/licenses/export.ts';
import { checkAsked } from '#domain/licenses/known.ts';
import { shownHolders } from '#domain/licenses/shown-holders.ts';
import type { User } from '#domain/users/user.ts';
import { csv } from '#serve/csv.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['export-license-usage'], async ({ deps, request, caller }) => {
  const { license, cursor } = request.query;
  const known = await checkAsked(deps, caller.definitions.licensing, license);
  const each = license === undefined ? Math.max(1, known.length) : 1;
  const list = `license export ${license ?? ''}`;
  const { users, next } = await paged(deps, caller, list, { limit: 0, cursor }, ({ from }) =>
    usersOfPage(deps, { license, each, from }),
  );
  const holders = await shownHolders(deps, caller, users as User[], license);
  return { file: `license-usage${license ? `-${license}` : ''}.csv`, text: csv(head, holders.flatMap(rowsOf)), next };
});
