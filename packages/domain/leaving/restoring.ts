// Bringing a deactivated user back. What was right when they went need not be so any more, so everything is judged as of a new user
// (S0-56): by the settings, the type and the records of today, and by what the caller may grant.

import { type FieldError, Problem } from '#contract/problems.ts';
import { isAuthenticator, userTypes } from '#contract/user-types.ts';
import { userKeys } from '#table/keys.ts';
import type { Write } from '#table/write.ts';
import { removal } from '../authenticators/authenticators.ts';
import type { Definitions } from '../definitions/definitions.ts';
import type { Deps } from '../deps.ts';
import type { Granter } from '../grants/limits.ts';
import { invite, isInvitable } from '../invites/invites.ts';
import { reseated } from '../licenses/seating.ts';
import * as numbers from '../numbers/numbers.ts';
import { isLive } from '../tokens/token.ts';
import * as tokens from '../tokens/tokens.ts';
import { detailWrites } from '../users/details.ts';
import { checkActiveDates, checkFieldsOfType, checkSecondFactor, checkSignIn } from '../users/field-rules.ts';
import { callsLead } from '../users/forwarding.ts';
import { type Changes, judged } from '../users/judging.ts';
import type { Person } from '../users/person.ts';
import { checkReferences } from '../users/references.ts';
import { hasSecret } from '../users/secrets.ts';
import { accountMoves } from '../users/sip-accounts.ts';
import { checkSip } from '../users/telephony-rules.ts';
import type { User } from '../users/user.ts';
import * as users from '../users/users.ts';

type Restorer = Granter & { definitions: Definitions };

export interface Restoration {
  person: Person;
  /** API tokens that work from now on. */
  tokensWorking: number;
  writes: Write[];
}

/**
 * @throws Problem `not_deactivated`, `invalid_input`, `prerequisites_missing`, `grants_too_much`, `forwarding_loop`; at commit `version_stale`,
 * `email_taken`, `mobile_taken`, `number_taken`, `license_exhausted`
 */
export async function restoration(
  deps: Deps,
  caller: Restorer,
  before: Person,
  changes: Changes = {},
): Promise<Restoration> {
  checkDeactivated(before.user);
  const { settings } = caller.definitions;
  const now = deps.now();
  const sealer = hasSecret(changes) ? await deps.sealer() : undefined;
  const { person: edited, calls } = await pointingInto('/body/changes', async () => {
    const person = judged(caller, before, changes, { now, sealer });
    checkAsNew(person, caller, now);
    await checkReferences(deps, caller, person.user, caller.definitions);
    return { person, calls: await callsLead(deps, caller, before.user, { ...person.user, state: 'active' }) };
  });
  const [{ user, mails }, known] = await Promise.all([
    withFirstSteps(deps, edited.user, caller),
    tokens.ofUser(deps, before.user.id),
  ]);
  const restored = await reseated(deps, before.user, user, caller.definitions);
  const person = { user: restored, details: edited.details };
  return {
    person,
    tokensWorking: known.filter((token) => isLive(token, { ...user, state: 'active' }, now)).length,
    writes: [
      ...users.change(before.user, restored),
      ...numbers.moves(before.user, user, now, settings),
      ...calls,
      ...detailWrites(user.id, edited.details, changes),
      ...accountMoves(user.id, before.details, edited.details),
      ...withoutAuthenticator(before.user, user),
      ...mails,
    ],
  };
}

function checkDeactivated({ title, state }: User): void {
  if (state === 'deactivated') return;
  throw new Problem('not_deactivated', {
    detail: `${title} is ${state}; there is nothing to restore`,
    rule: 'S0-56',
    because: state,
  });
}

/** As if they were created now. @throws Problem `invalid_input` */
function checkAsNew({ user, details }: Person, { definitions: { settings } }: Restorer, now: number): void {
  // Whoever holds every permission needs neither access nor rights; the first SuperUser of a tenant has none.
  const { superUser, access = superUser && 'all', rights = superUser && 'all' } = user;
  checkFieldsOfType(user.userType, { ...details, ...user, access, rights }, settings);
  checkActiveDates(user, now);
  checkSip(details);
  if (!userTypes[user.userType].signsIn) return;
  checkSecondFactor(user.secondFactor, settings);
  checkSignIn(user, settings);
}

/** Whoever never had a password gets a new invite; the one before died with the deactivation. */
async function withFirstSteps(deps: Deps, user: User, caller: Restorer): Promise<{ user: User; mails: Write[] }> {
  const active: User = { ...user, state: 'active' };
  const invited: User = { ...user, state: 'invited' };
  if (!isInvitable(invited, caller.definitions.settings)) return { user: active, mails: [] };
  const password = await deps.table.get(userKeys.password(user.id));
  return password ? { user: active, mails: [] } : invite(deps, invited);
}

/** With another factor the authenticator is gone for good, as with any change of it. */
function withoutAuthenticator(before: User, after: User): Write[] {
  return isAuthenticator(before.secondFactor) && !isAuthenticator(after.secondFactor) ? removal(after.id) : [];
}

/** What is judged as a user stands deeper in this request. */
async function pointingInto<T>(place: string, judge: () => Promise<T>): Promise<T> {
  try {
    return await judge();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const moved = (text: string) => text.replaceAll('/body/', `${place}/`);
    const { detail, errors, ...facts } = error.facts;
    throw new Problem(error.code, {
      ...facts,
      ...(detail !== undefined && { detail: moved(detail) }),
      ...(errors && { errors: errors.map((each: FieldError) => ({ ...each, pointer: moved(each.pointer) })) }),
    });
  }
}
