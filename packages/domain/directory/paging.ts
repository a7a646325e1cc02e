// Pages of found users as the API gives them: the place where a page ended is sealed for just that list and that caller.

import { openCursor, sealCursor } from '#table/cursor.ts';
import type { RecordKind } from '#table/keys.ts';
import type { Deps } from '../deps.ts';
import * as records from '../records/records.ts';
import type { Found } from './filter.ts';
import type { FoundPage, Place, Request, Seeker } from './find.ts';
import { holdersOf } from './holders.ts';
import { shownToAll } from './shown.ts';

interface Asked {
  limit: number;
  cursor?: string | undefined;
}

/**
 * @param list names it with all its filters
 * @throws Problem `invalid_cursor`
 */
export async function paged(
  deps: Deps,
  seeker: Seeker,
  list: string,
  { limit, cursor }: Asked,
  find: (request: Request) => Promise<FoundPage>,
): Promise<{ users: Found[]; next?: string }> {
  const sealer = await deps.sealer();
  const purpose = `${list} caller=${seeker.user.id}`;
  const from = cursor === undefined ? undefined : openCursor<Place>(sealer, purpose, cursor);
  const { users, next } = await find({ limit, from });
  return { users, ...(next && { next: sealCursor(sealer, purpose, { ...next }) }) };
}

/** Those of the present who have a record, as everybody may see them. @throws Problem `record_not_found`, `invalid_cursor` */
export async function usersOfRecord(
  deps: Deps,
  seeker: Seeker,
  record: { kind: RecordKind; id: string },
  asked: Asked,
) {
  await records.require(deps, record.kind, record.id);
  const { users, next } = await paged(deps, seeker, `users of ${record.id}`, asked, (request) =>
    holdersOf(deps, seeker, record, ['agents', 'ai-coworkers'], request),
  );
  return { users: users.map(shownToAll), ...(next !== undefined && { next }) };
}
