// Gives users the seats that they need by now, where the recount has found others: through the counters' conditions, as every
// change of a user goes.

import { Problem } from '#contract/problems.ts';
import { userKeys } from '#table/keys.ts';
import { update, type Write } from '#table/write.ts';
import { entry } from '../audit/audit.ts';
import * as definitions from '../definitions/definitions.ts';
import { DefinitionsMoved } from '../definitions/moved.ts';
import type { Deps } from '../deps.ts';
import { changed } from '../users/edits.ts';
import type { User } from '../users/user.ts';
import { byId } from '../users/users.ts';
import type { Rules } from './consumption.ts';
import type { Wrong } from './counting.ts';
import { moving, reseatedBy, type SeatMoves, seated, seatMoves, seatWrites } from './seats.ts';

/** Users that one run seats anew; should there be more, the next one goes on. */
const RESEATED_MAX = 200;

/** @param held goes into each write: the lease that it stands on */
export async function reseatAll(
  deps: Deps,
  wrong: readonly Wrong[],
  held: () => Write,
): Promise<{ differences: number; unseated: string[] }> {
  const unseated: string[] = [];
  let [differences, reseated] = [0, 0];
  /** No seat of these was free, and nobody has freed one since. */
  const exhausted = new Set<string>();
  // Who frees seats goes before who waits for them.
  const inTurn = wrong.toSorted((a, b) => netOf(a) - netOf(b));
  for (const { id, takes, frees } of inTurn) {
    if (reseated === RESEATED_MAX) break;
    const came: Reseated = takes.some((license) => exhausted.has(license))
      ? { differences: takes.length + frees.length, isSeated: false }
      : await reseat(deps, id, held);
    differences += came.differences;
    if (!came.isSeated) unseated.push(id);
    else if (came.differences > 0) {
      reseated++;
      for (const license of frees) exhausted.delete(license);
    }
    if (came.lacking !== undefined) exhausted.add(came.lacking);
  }
  return { differences, unseated };
}

const netOf = ({ takes, frees }: Wrong) => takes.length - frees.length;

interface Reseated {
  /** Licenses that the user held too many or too few. */
  differences: number;
  /** False: they differ still. */
  isSeated: boolean;
  /** The license that no seat was free of. */
  lacking?: string;
}

/** Whoever is right by now, or changes at this moment, is left alone. */
async function reseat(deps: Deps, userId: string, held: () => Write): Promise<Reseated> {
  let differences = 0;
  try {
    await definitions.retryMoved(deps, async () => {
      const known = await definitions.latest(deps);
      const user = await byId(deps, userId);
      differences = 0;
      if (!user || known.licensing.underway) return;
      const { seats } =
        user.state === 'deactivated' ? reseatedBy(known, undefined, user, 0) : seated(user, known, deps.now());
      const after = changed(user, deps.now(), { seats });
      differences = seatMoves(user, after).size;
      if (differences > 0) await deps.table.transact([held(), ...writesOf(deps, known, user, after)]);
    });
    return { differences, isSeated: true };
  } catch (error) {
    if (error instanceof Changed) return { differences: 0, isSeated: true };
    if (!(error instanceof Problem)) throw error;
    // However often it is decided anew: the counters do not agree with the definitions, and that must be seen.
    if (error.cause instanceof DefinitionsMoved) return { differences, isSeated: false };
    if (error.code !== 'license_exhausted') throw error;
    return { differences, isSeated: false, lacking: (error.facts.because as { license: string }).license };
  }
}

function writesOf(deps: Deps, known: Rules, before: User, after: User): Write[] {
  const { seats, version, updatedAt } = after;
  return [
    update(
      userKeys.user(before.id),
      { set: { seats, version, updatedAt } },
      { if: ['=', 'version', before.version], otherwise: () => new Changed() },
    ),
    ...movesOf(known, before, after),
    entry(deps, {
      event: 'seats.repaired',
      actor: 'system',
      subject: { type: 'user', id: before.id },
      before: { seats: Object.keys(before.seats?.held ?? {}) },
      after: { seats: Object.keys(seats?.held ?? {}) },
    }),
  ];
}

/** New editions are not written on counters of licenses that left the catalogue: their seats are freed whatever it is. */
function movesOf({ licensing }: Rules, before: User, after: User): Write[] {
  const present = new Set(licensing.catalogue.licenses.map(({ id }) => id));
  const held = Object.entries(before.seats?.held ?? {});
  const left: SeatMoves = new Map(held.filter(([license]) => !present.has(license)).map(([license]) => [license, -1]));
  if (left.size === 0 || !before.seats) return seatWrites(before, after);
  const others = Object.fromEntries(held.filter(([license]) => present.has(license)));
  return [...seatWrites({ ...before, seats: { ...before.seats, held: others } }, after), ...moving(left, undefined)];
}

/** Not for callers: somebody changed the user in between. */
class Changed extends Error {
  override readonly name = 'Changed';
}
