// The gate that every change of a user passes on its way to be written, whichever request it comes from: does what decides about
// licenses change, then the user is given the seats that they need by the definitions of this moment.

import * as definitions from '../definitions/definitions.ts';
import type { Deps } from '../deps.ts';
import type { User } from '../users/user.ts';
import { isDecidedAnew, reseatedBy } from './seats.ts';

/**
 * @param before undefined for a new user
 * @param asKnown definitions as the request has them; what the user has by now may be newer
 */
export async function reseated(
  deps: Deps,
  before: User | undefined,
  after: User,
  asKnown?: definitions.Definitions,
): Promise<User> {
  if (before && !isDecidedAnew(before, after)) return after;
  const known = await definitionsFor(deps, after, asKnown ?? (await definitions.current(deps)));
  return reseatedBy(known, before, after, deps.now());
}

/** That know all that decides about the user, what is queued as well. */
export async function definitionsFor(
  deps: Deps,
  user: User,
  asKnown: definitions.Definitions,
): Promise<definitions.Definitions> {
  const first = await definitions.knowing(deps, asKnown, user);
  const { access = user.access, rights = user.rights } = user.queued ?? {};
  return definitions.knowing(deps, first, { access, rights });
}
