// Who has a record, to say so when it cannot go.

import { shelves } from '#table/keys.ts';
import type { Deps } from '../deps.ts';
import { holdersOf } from '../directory/holders.ts';
import type { Viewer } from '../grants/sight.ts';
import type { KnownRecord } from '../records/record.ts';
import { inUse } from '../records/records.ts';

const NAMED_MAX = 5;

/** @throws Problem `record_in_use` that names the first who have it, of the users in sight */
export async function checkUnused(deps: Deps, viewer: Viewer, record: KnownRecord): Promise<void> {
  if (record.usedBy === 0) return;
  // Whoever is deactivated keeps what they had, and counts. What is found by an index may be a moment old: it only tells names.
  const { users } = await holdersOf(deps, viewer, { kind: record.type, id: record.id }, shelves, {
    limit: NAMED_MAX,
    from: undefined,
  });
  throw inUse(
    record,
    users.map(({ title }) => title),
  );
}
