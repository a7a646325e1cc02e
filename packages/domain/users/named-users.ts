// Rights that name users or other rights: what they name must exist.

import { Problem } from '#contract/problems.ts';
import { userKeys } from '#table/keys.ts';
import type { Deps } from '../deps.ts';
import type { Rights } from '../records/record.ts';
import * as records from '../records/records.ts';

/** @throws Problem `prerequisites_missing` with everything that is missing */
export async function checkNamedUsers(deps: Deps, { users }: Pick<Rights, 'users'>): Promise<void> {
  if (users === 'all') return;
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
  const errors = [
    ...ids.filter((_id, n) => !found[n]).map((id) => error('ids', users.ids.indexOf(id), `there is no user ${id}`)),
    ...rights
      .filter((_id, n) => !foundRights[n])
      .map((id) => error('rights', users.rights.indexOf(id), `there are no rights ${id}`)),
  ];
  if (errors.length === 0) return;
  const detail = errors.map((each) => `${each.pointer}: ${each.detail}`).join('; ');
  throw new Problem('prerequisites_missing', { detail, errors, rule: 'S0-5', remedy: 'Take out what does not exist' });
}

function error(list: string, n: number, detail: string) {
  return { pointer: `/body/users/${list}/${n}`, detail };
}
