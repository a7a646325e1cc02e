// A new user, from whichever request: what must be so, who they are, and all that is written. Who can sign in is invited in the
// same transaction, by mail or SMS; or gets a temporary password (C3, K3); or signs in elsewhere, and needs neither.

import type * as z from 'zod';
import { Problem } from '#contract/problems.ts';
import type { newUser } from '#contract/user.ts';
import { userTypes } from '#contract/user-types.ts';
import { countedOnce, type Write } from '#table/write.ts';
import type { Definitions } from '../definitions/definitions.ts';
import { type Deps, newId } from '../deps.ts';
import { checkSuperUser, type Granter } from '../grants/limits.ts';
import { movedTo } from '../inheritance/move.ts';
import { invite, needsPassword } from '../invites/invites.ts';
import { reseated } from '../licenses/seating.ts';
import { notice } from '../notices/notice.ts';
import * as numbers from '../numbers/numbers.ts';
import { TEMPORARY_HOURS, temporary } from '../passwords/passwords.ts';
import { checkPassword } from '../passwords/policy.ts';
import { checkHasProfiles, turnedOff, userGroupOf } from '../profiles/of-user.ts';
import { personalSkillWrites } from '../profiles/skills.ts';
import { checkMayIssue, issue } from '../tokens/issue.ts';
import type { ApiToken } from '../tokens/token.ts';
import { changedDetails, type Details, detailsCreation } from './details.ts';
import { keptOf } from './edits.ts';
import { checkActiveDates, checkFieldsOfType, checkSecondFactor, checkSignIn } from './field-rules.ts';
import { callsLead } from './forwarding.ts';
import { checkReferences, checkRelations } from './references.ts';
import { hasSecret } from './secrets.ts';
import { accountMoves } from './sip-accounts.ts';
import { checkNumbersDiffer, checkSip } from './telephony-rules.ts';
import type { User } from './user.ts';
import * as users from './users.ts';

export type NewUser = z.output<ReturnType<typeof newUser>>;

/** Who creates; a token's scopes bound what else they may do with it. */
export interface Creator extends Granter {
  definitions: Definitions;
  token?: ApiToken | undefined;
}

/**
 * @param given details that no request names, for example a signature that is cloned
 * @param isRehearsal nothing is going to be written: a password is judged, and not hashed
 * @throws Problem `invalid_input`, `prerequisites_missing`, `grants_too_much`, `password_refused`, `forwarding_loop`, and at commit `login_taken`,
 * `email_taken`, `mobile_taken`, `number_taken`, `license_exhausted`
 */
export async function creating(
  deps: Deps,
  creator: Creator,
  body: NewUser,
  given: Details = {},
  { isRehearsal } = { isRehearsal: false },
) {
  const { settings } = creator.definitions;
  const { type, login, title, password, apiToken, secondFactor = 'off' } = body;
  checkFieldsOfType(type, body, settings);
  // Who never signs in has no factor that a tenant could forbid.
  if (userTypes[type].signsIn) {
    checkSecondFactor(secondFactor, settings);
    checkSignIn({ ...body, secondFactor }, settings);
  }
  checkSuperUser(creator, body.superUser);
  if (apiToken) checkMayIssue(creator);
  const now = deps.now();
  const user: User = {
    type: 'user',
    v: 1,
    id: newId(deps, 'usr'),
    version: 1,
    login,
    ...keptOf(body),
    title,
    ...(body.userGroup !== undefined && movedTo({ id: body.userGroup })),
    userType: type,
    secondFactor,
    state: 'active',
    epoch: 1,
    createdAt: now,
    updatedAt: now,
  };
  checkActiveDates(user, now);
  checkRelations(undefined, user);
  checkNumbersDiffer(user);
  await checkReferences(deps, creator, user, creator.definitions);
  const seal = hasSecret(body) ? { sealer: await deps.sealer(), userId: user.id, now } : undefined;
  const details = { ...changedDetails(given, body, seal), ...(await chosenProfiles(deps, user, body.profiles)) };
  checkSip(details);
  const calls = await callsLead(deps, creator, undefined, user);
  const { user: begun, writes } = await withFirstSteps(deps, user, { password, isRehearsal }, creator);
  const created = await reseated(deps, undefined, begun, creator.definitions);
  const issued = apiToken && (await issue(deps, created, apiToken, creator));
  // A skill may be the user's and in a personal profile of theirs.
  const counted = countedOnce([...users.creation(created), ...personalSkillWrites(undefined, details.profiles)]);
  checkFits([...counted, ...calls]);
  return {
    user: created,
    details,
    token: issued?.shown,
    writes: [
      ...counted,
      ...numbers.moves(undefined, created, now, settings),
      ...calls,
      ...detailsCreation(created.id, details),
      ...accountMoves(created.id, {}, details),
      ...writes,
      ...(issued?.writes ?? []),
    ],
  };
}

/** A transaction holds a hundred writes, and the rest of a new user needs some fifteen. */
const COUNTED_MAX = 80;

/** @throws Problem `invalid_input` for a clone of who has most of all: groups, skills and tags, and personal profiles of other skills */
function checkFits(writes: readonly Write[]): void {
  if (writes.length <= COUNTED_MAX) return;
  const detail = 'names more groups, skills and tags, with those of personal profiles, than are written at once';
  throw new Problem('invalid_input', {
    detail: `/body ${detail}`,
    errors: [{ pointer: '/body', detail }],
    rule: 'S0-6',
    because: writes.length,
    remedy: 'Leave the profiles out, and add them afterwards',
  });
}

/** Group profiles that are off from the start (S3-9). @throws Problem `invalid_input`, `prerequisites_missing` */
async function chosenProfiles(deps: Deps, user: User, chosen: NewUser['profiles']): Promise<Details> {
  if (!chosen) return {};
  checkHasProfiles(user, '/body/profiles');
  const profilesOff = turnedOff(await userGroupOf(deps, user), chosen.available, '/body/profiles/available');
  return profilesOff ? { profilesOff } : {};
}

/** The user as they begin, with what lets them in for the first time. @throws Problem `password_refused`, `invalid_input` */
async function withFirstSteps(
  deps: Deps,
  user: User,
  { password, isRehearsal }: { password: string | undefined; isRehearsal: boolean },
  { user: { title: by }, definitions: { settings } }: Creator,
): Promise<{ user: User; writes: Write[] }> {
  if (password !== undefined) {
    if (!needsPassword(user, settings)) throw passwordNotUsed(user.verifyType);
    if (isRehearsal) {
      checkPassword(password, user, deps.tenant.name, settings);
      return { user, writes: [] };
    }
    const { write } = await temporary(deps, user, undefined, password, settings);
    const told = await notice(deps, user, 'temporary-password-set', { by, hours: TEMPORARY_HOURS });
    return { user, writes: [write, ...told] };
  }
  if (!needsPassword(user, settings)) return { user, writes: [] };
  const { user: invited, mails } = await invite(deps, { ...user, state: 'invited' });
  return { user: invited, writes: mails };
}

function passwordNotUsed(verifyType: User['verifyType']): Problem {
  const detail = `would never be asked for: this user signs in by ${verifyType}; leave it out, or turn the setting ssoPasswordFallback on`;
  return new Problem('invalid_input', {
    detail: `/body/password ${detail}`,
    errors: [{ pointer: '/body/password', detail }],
    rule: 'S1-12',
    because: verifyType,
    remedy: 'Leave the password out, or turn the setting ssoPasswordFallback on',
  });
}
