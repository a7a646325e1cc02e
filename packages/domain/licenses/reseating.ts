// Gives one user the seats that they need by now, where the recount has found others: through the counters' conditions, as every
// change of a user goes.

import { Problem } from '#contract/problems.ts';
import { userKeys } from '#table/keys.ts';
import { update, type Write } from '#table/write.ts';
import { entry } from '../audit/audit.ts';
import * as definitions from '../definitions/definitions.ts';
import { DefinitionsMoved } from '../definitions/moved.ts';
import type { Deps } from '../deps.ts';
import { changed } from '../users/edits.ts';
import { byId } from '../users/users.ts';
import { reseatedBy, seated, seatMoves, seatWrites } from './seats.ts';

export interface Reseated {
  /** Licenses that the user held too many or too few. */
  differences: number;
  /** False: no seat was free. */
  isSeated: boolean;
}

/** Whoever is right by now, or changes at this moment, is left alone. */
export async function reseat(deps: Deps, userId: string, held: () => Write): Promise<Reseated> {
  const known = await definitions.latest(deps);
  const user = await byId(deps, userId);
  if (!user || known.licensing.underway) return { differences: 0, isSeated: true };
  const { seats } =
    user.state === 'deactivated' ? reseatedBy(known, undefined, user, 0) : seated(user, known, deps.now());
  const after = changed(user, deps.now(), { seats });
  const differences = seatMoves(user, after).size;
  if (differences === 0) return { differences, isSeated: true };
  const { version, updatedAt } = after;
  try {
    await deps.table.transact([
      held(),
      update(
        userKeys.user(userId),
        { set: { seats, version, updatedAt } },
        { if: ['=', 'version', user.version], otherwise: () => new Changed() },
      ),
      ...seatWrites(user, after),
      entry(deps, {
        event: 'seats.repaired',
        actor: 'system',
        subject: { type: 'user', id: userId },
        before: { seats: Object.keys(user.seats?.held ?? {}) },
        after: { seats: Object.keys(seats?.held ?? {}) },
      }),
    ]);
    return { differences, isSeated: true };
  } catch (error) {
    if (error instanceof Changed || error instanceof DefinitionsMoved) return { differences: 0, isSeated: true };
    if (error instanceof Problem && error.code === 'license_exhausted') return { differences, isSeated: false };
    throw error;
  }
}

/** Not for callers: somebody changed the user in between. */
class Changed extends Error {
  override readonly name = 'Changed';
}
