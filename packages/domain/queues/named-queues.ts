// Queues that rights name: they must exist when they are named, and stay as long as they are.

import type { FieldError } from '#contract/problems.ts';
import type { Definitions } from '../definitions/definitions.ts';
import type { Deps } from '../deps.ts';
import type { Granter } from '../grants/limits.ts';
import { namesOf, type Queue, type Rights } from '../records/record.ts';
import * as records from '../records/records.ts';

const NAMES_MAX = 5;

/** In the order named; and each that does not exist, with where the request names it. Of `all` none is read. */
export async function namedQueues(
  deps: Deps,
  named: Rights['queues'],
): Promise<{ queues: Queue[]; missing: FieldError[] }> {
  const ids = named === 'all' ? [] : named;
  const found = await records.byIds(
    deps,
    ids.map((id) => ({ kind: 'queue' as const, id })),
  );
  const missing = ids
    .map((id, n) => ({ pointer: `/body/queues/${n}`, detail: `there is no queue ${id}; see GET /v1/queues` }))
    .filter((_error, n) => !found[n]);
  return { queues: found.filter((queue) => queue !== undefined), missing };
}

/**
 * Says more than the commit could, which decides: to whoever reads rights, also which ones name it.
 * @throws Problem `record_in_use`
 */
export function checkNotNamed({ permissions, definitions }: Asking, queue: Queue): void {
  if (queue.namedBy === 0) return;
  const naming = [...definitions.rights.values()].filter((rights) => namesOf(rights).some(({ id }) => id === queue.id));
  const names = permissions.has('rights:read') ? naming.map(({ name }) => name).sort() : [];
  throw records.namedByRights(queue, queue.namedBy, names.slice(0, NAMES_MAX));
}

interface Asking extends Pick<Granter, 'permissions'> {
  definitions: Definitions;
}
