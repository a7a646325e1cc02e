// Which licenses a clone of a user will take, and whether there is a seat for it.

import type { Definitions } from '../definitions/definitions.ts';
import type { Deps } from '../deps.ts';
import { causesOf, queueNames, told } from '../licenses/causes.ts';
import { definitionsFor } from '../licenses/seating.ts';
import { allSeats } from '../licenses/seats.ts';
import type { User } from '../users/user.ts';
import { nameIn } from './seats.ts';

/** With everything that a clone takes over. */
export async function planClone(deps: Deps, asKnown: Definitions, source: User) {
  // What waits for the source is theirs alone; and the clone works from the first day on.
  const clone: User = { ...source, state: 'active', queued: undefined };
  const known = await definitionsFor(deps, clone, asKnown);
  const { catalogue } = known.licensing;
  const causes = causesOf(clone, known);
  const [queues, seats] = await Promise.all([queueNames(deps, [causes]), allSeats(deps, catalogue)]);
  return [...causes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([license, why]) => ({
      license,
      name: nameIn(catalogue.licenses, license),
      isFree: seats.some((each) => each.license === license && each.free > 0),
      causes: why.map((cause) => told(cause, known, queues)),
    }));
}
