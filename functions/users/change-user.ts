// Changes the fields that the request names, against the version that the caller has seen. Access and rights of who is signed in
// change only by the caller's choice: after signing them out, or at their next sign-out (C2).

import type { Settings } from '#contract/settings.ts';
import { isAuthenticator, userTypes } from '#contract/user-types.ts';
import { users as contract } from '#contract/users.ts';
import { removal } from '#domain/authenticators/authenticators.ts';
import type { Deps } from '#domain/deps.ts';
import { callerChanged, checkCancelling, checkSuperUser, stillHolds } from '#domain/grants/limits.ts';
import { activation, invite, isInvitable, needsPassword } from '#domain/invites/invites.ts';
import * as jobs from '#domain/jobs/jobs.ts';
import { checkStaysAllowed } from '#domain/limits/allowed-networks.ts';
import { addressOf } from '#domain/notices/notice.ts';
import { checkFresh } from '#domain/sessions/sessions.ts';
import { changeNotices } from '#domain/users/change-notices.ts';
import { checkChangesOfType, checkSecondFactor, checkSignIn, checkStaysReachable } from '#domain/users/field-rules.ts';
import { requireInReach } from '#domain/users/in-sight.ts';
import { planned } from '#domain/users/locks.ts';
import { appliedEntry } from '#domain/users/queued.ts';
import { checkReferences } from '#domain/users/references.ts';
import { changesOf, shown, shownTo, type User } from '#domain/users/user.ts';
import * as users from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';
import type { Write } from '#table/write.ts';

export const handler = serve(contract['change-user'], async ({ deps, request, caller, ifMatch, origin, commit }) => {
  const { body, query, params } = request;
  const { settings } = caller.definitions;
  const before = await requireInReach(deps, caller, params.userId);
  const view = (user: User) => shownTo(caller.permissions, user);
  if (before.version !== ifMatch) throw users.stale(before, view);
  // What they hold was read a moment earlier: it must not be what they have just lost.
  if (before.id === caller.user.id && before.version !== caller.user.version) throw callerChanged();
  checkSuperUser(caller, body.superUser, before.superUser);
  if (body.queued === null) checkCancelling(caller, before);
  if (body.secondFactor) checkSecondFactor(body.secondFactor, settings);
  checkChangesOfType(before.userType, body);
  const edited = changesOf(before, body, deps.now());
  checkSignsIn(before, edited, settings);
  if (before.id === caller.user.id && !isSignInKept(before, edited)) checkFresh(caller.session, deps.now());
  if (before.id === caller.user.id && body.allowedNetworks !== undefined) {
    checkStaysAllowed(body.allowedNetworks, { address: origin.address, force: query.force });
  }
  await checkReferences(deps, caller, body, caller.definitions);
  const { user, endsSessions, applied } = await planned(deps, before, edited, query.when, caller.user.id);
  const { user: after, writes } = await withFirstSteps(deps, before, user, settings);
  return commit({
    writes: [
      ...users.change(before, after, view),
      ...writes,
      ...withoutAuthenticator(before, after),
      ...(await changeNotices(deps, before, after, caller.user.title)),
      ...(applied ? [appliedEntry(deps, before, { ...before, ...applied, queued: undefined })] : []),
      ...(endsSessions ? [jobs.sessionRemoval(deps, after.id, after.epoch)] : []),
      ...stillHolds(caller, after.id),
    ],
    subject: { type: 'user', id: after.id },
    before: shown(before),
    after: shown(after),
    answer: view(after),
  });
});

/** Is all by which the user proves who they are as it was? */
function isSignInKept(before: User, after: User): boolean {
  return SIGN_IN_FIELDS.every((field) => after[field] === before[field]);
}

const SIGN_IN_FIELDS = ['authEmail', 'mobile', 'secondFactor', 'verifyType'] as const;

/** What has not changed is not judged: the tenant's settings may be younger than the user. @throws Problem `invalid_input` */
function checkSignsIn(before: User, after: User, settings: Settings): void {
  if (isSignInKept(before, after)) return;
  if (userTypes[after.userType].signsIn) checkSignIn(after, settings);
  checkStaysReachable(before, after);
}

/** An invite goes to one address: with another it is sent anew, and the old link is dead. Who signs in elsewhere needs none. */
async function withFirstSteps(
  deps: Deps,
  before: User,
  user: User,
  settings: Settings,
): Promise<{ user: User; writes: Write[] }> {
  if (user.state === 'invited' && !needsPassword(user, settings)) {
    return { user: { ...user, ...activation(user) }, writes: [] };
  }
  const isMoved = addressOf(user)?.to !== addressOf(before)?.to && isInvitable(user, settings);
  if (!isMoved) return { user, writes: [] };
  const { user: invited, mails } = await invite(deps, user);
  return { user: invited, writes: mails };
}

/** With another factor the authenticator is gone for good: should it be wanted again, another is set up. */
function withoutAuthenticator(before: User, after: User): Write[] {
  if (!isAuthenticator(before.secondFactor) || isAuthenticator(after.secondFactor)) return [];
  return removal(after.id);
}
