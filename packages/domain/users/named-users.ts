// Rights that name users or other rights: what they name must exist.

import type { FieldError } from '#contract/problems.ts';
import { userKeys } from '#table/keys.ts';
import type { Deps } from '../deps.ts';
import type { Rights } from '../records/record.ts';
import * as records from '../records/records.ts';

/** Each that does not exist, with where the request names it. */
export async function missingUsers(deps: Deps, { users }: Pick<Rights, 'users'>): Promise<FieldError[]> {
  if (users === 'all') return [];
  // Each once: the table refuses a read that names a key twice.
  const ids = [...new Set(users.ids)];
  const rights = [...new Set(users.rights)];
  const [found, foundRights] = await Promise.all([
    ids.length > 0 ? deps.table.batchGet(ids.map(userKeys.user)) : [],
    records.byIds(
      deps,
      rights.map((id) => ({ kind: 'rights' as const, id })),
    ),
  ]);
  return [
    ...ids.filter((_id, n) => !found[n]).map((id) => error('ids', users.ids.indexOf(id), `there is no user ${id}`)),
    ...rights
      .filter((_id, n) => !foundRights[n])
      .map((id) => error('rights', users.rights.indexOf(id), `there are no rights ${id}`)),
  ];
}

function error(list: string, n: number, detail: string): FieldError {
  return { pointer: `/body/users/${list}/${n}`, detail };
}
