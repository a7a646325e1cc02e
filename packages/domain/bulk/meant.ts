// Which users a bulk edit means, portion by portion: the ids that were given, those whom a filter finds, or those whom another
// bulk edit has changed.

import type { Deps } from '../deps.ts';
import { find } from '../directory/find.ts';
import type { Person } from '../users/person.ts';
import type { Actor } from './actor.ts';
import { readChunk } from './chunk.ts';
import { isPlanned } from './entry.ts';
import type { Position } from './position.ts';
import { idsOf, type Request } from './request.ts';
import { readResult, refusalIn } from './result.ts';
import { undoing, type Wanted, wantedOf } from './wanted.ts';

/** How many at once. */
export const PORTION = 50;

export interface Portion {
  users: { id: string; wanted: (person: Person) => Wanted }[];
  /** Undefined: these were the last. */
  position: Position | undefined;
}

/** @param from undefined: from the first on */
export async function portion(
  deps: Deps,
  actor: Actor,
  request: Request,
  from: Position | undefined,
): Promise<Portion> {
  const next = from && 'next' in from ? from.next : 0;
  if (request.undo !== undefined) return changedBy(deps, request.undo, next);
  const wanted = (person: Person) => wantedOf(request, person);
  if (request.ids) {
    const users = idsOf(request.ids, next, PORTION).map((id) => ({ id, wanted }));
    const isLast = users.length < PORTION;
    return { users, position: isLast ? undefined : { next: next + PORTION } };
  }
  if (!request.filter) throw new Error('A bulk edit means nobody');
  const page = { limit: PORTION, from: from && 'place' in from ? from.place : undefined };
  const found = await find(deps, actor, request.filter, 'title', page);
  return {
    users: found.users.map(({ id }) => ({ id, wanted })),
    position: found.next && { place: found.next },
  };
}

async function changedBy(deps: Deps, planId: string, n: number): Promise<Portion> {
  const [entries, result] = await Promise.all([readChunk(deps, planId, n), readResult(deps, planId, n)]);
  if (!entries || !result) return { users: [], position: undefined };
  const changed = entries.filter((entry) => isPlanned(entry) && !refusalIn(result, entry.id));
  return {
    users: changed.map((entry) => ({ id: entry.id, wanted: (person) => undoing(entry, person) })),
    position: { next: n + 1 },
  };
}
