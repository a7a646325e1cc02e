// Nobody gets a seat: then who refuses says also who has one, as far as the caller may see them, beginning with who has been away
// for longest (S0-5).

import { Problem } from '#contract/problems.ts';
import type { Deps } from '../deps.ts';
import type { Seeker } from '../directory/find.ts';
import { isInSight } from '../grants/sight.ts';
import { maySeeField } from '../users/open-fields.ts';
import type { User } from '../users/user.ts';
import { holdersPage } from './holders.ts';
import { exhaustionFor } from './seats.ts';

/** Of so many holders, the first by title, those are chosen who have been away for longest: a refusal must not read without bound. */
const LOOKED_AT = 60;
const TOLD = 5;

/** The refusal as the caller may hear it, with `because.holders`, and whom the remedy could begin with. */
export async function withHolders(deps: Deps, caller: Seeker, refused: Problem): Promise<Problem> {
  const refusal = exhaustionFor(caller, refused);
  const { because, remedy } = refusal.facts;
  const license = (because as { license?: string } | undefined)?.license;
  if (license === undefined || !mayKnowTaken(caller)) return refusal;
  const { users } = await holdersPage(deps, license, { limit: LOOKED_AT, from: undefined });
  const visible = users.filter((user) => user.id !== caller.user.id && isVisible(caller, user));
  const holders = visible.sort((a, b) => lastSeen(a) - lastSeen(b)).slice(0, TOLD);
  const [first] = holders;
  if (!first) return refusal;
  return new Problem(refusal.code, {
    ...refusal.facts,
    because: { ...(because as object), holders: holders.map((user) => shown(user, showsDetails(caller, user))) },
    remedy: `${remedy}; ${inWords(first, showsDetails(caller, first))}`,
  });
}

/** Which licenses somebody takes is theirs to know who may see the list of it, of all users, or the details of those in sight. */
export function mayKnowTaken({ permissions }: Pick<Seeker, 'permissions'>): boolean {
  return permissions.has('licenses:read') || maySeeField({ permissions }, 'licenses');
}

/** Who may see licenses hears also of those out of sight, but no details of them. */
function showsDetails(caller: Seeker, user: User): boolean {
  return maySeeField(caller, 'lastSignInAt') && isInSight(caller, user);
}

function isVisible(caller: Seeker, user: User): boolean {
  return caller.permissions.has('licenses:read') || isInSight(caller, user);
}

/** Who never signed in has been away since there is an account. */
const lastSeen = ({ lastSignInAt, createdAt }: User) => lastSignInAt ?? createdAt;

function shown({ id, title, lastSignInAt }: User, isDetailed: boolean) {
  const isSaid = isDetailed && lastSignInAt !== undefined;
  return { id, title, ...(isSaid && { lastSignInAt: new Date(lastSignInAt).toISOString() }) };
}

function inWords({ title, lastSignInAt }: User, isDetailed: boolean): string {
  if (!isDetailed) return `${title} has one`;
  const since = lastSignInAt === undefined ? 'has never signed in' : `last signed in on ${day(lastSignInAt)}`;
  return `${title} has one, and ${since}`;
}

const day = (at: number) => new Date(at).toISOString().slice(0, 10);
