// Changes the fields that the request names, against the version that the caller has seen. Access and rights of who is signed in
// change only by the caller's choice: after signing them out, or at their next sign-out (C2).

import { users as contract } from '#contract/users.ts';
import { callerChanged, checkCancelling, checkSuperUser, stillHolds } from '#domain/grants/limits.ts';
import { invite, isInvitable } from '#domain/invites/invites.ts';
import * as jobs from '#domain/jobs/jobs.ts';
import { requireInReach } from '#domain/users/in-sight.ts';
import { planned } from '#domain/users/locks.ts';
import { appliedEntry } from '#domain/users/queued.ts';
import { checkReferences } from '#domain/users/references.ts';
import { changesOf, checkChangesOfType, checkSecondFactor, shown, shownTo, type User } from '#domain/users/user.ts';
import * as users from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['change-user'], async ({ deps, request, caller, ifMatch, commit }) => {
  const { body, query, params } = request;
  const before = await requireInReach(deps, caller, params.userId);
  const view = (user: User) => shownTo(caller.permissions, user);
  if (before.version !== ifMatch) throw users.stale(before, view);
  // What they hold was read a moment earlier: it must not be what they have just lost.
  if (before.id === caller.user.id && before.version !== caller.user.version) throw callerChanged();
  checkSuperUser(caller, body.superUser, before.superUser);
  if (body.queued === null) checkCancelling(caller, before);
  if (body.secondFactor) checkSecondFactor(body.secondFactor, caller.definitions.settings);
  checkChangesOfType(before.userType, body);
  const edited = changesOf(before, body, deps.now());
  await checkReferences(deps, caller, body, caller.definitions);
  const { user, endsSessions, applied } = await planned(deps, before, edited, query.when, caller.user.id);
  // An invite goes to one address: with another address it is sent anew, and the old link is dead.
  const isMoved = user.authEmail !== before.authEmail && isInvitable(user);
  const { user: after, mails } = isMoved ? await invite(deps, user) : { user, mails: [] };
  return commit({
    writes: [
      ...users.change(before, after, view),
      ...mails,
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
