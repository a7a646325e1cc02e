// Changes the fields that the request names, against the version that the caller has seen. Access and rights of who is signed in
// change only by the caller's choice: after signing them out, or at their next sign-out (C2).

import { users as contract } from '#contract/users.ts';
import { checkSuperUser, stillHolds } from '#domain/grants/limits.ts';
import { invite, isInvitable } from '#domain/invites/invites.ts';
import * as jobs from '#domain/jobs/jobs.ts';
import { requireInReach } from '#domain/users/in-sight.ts';
import { planned } from '#domain/users/locks.ts';
import { checkReferences } from '#domain/users/references.ts';
import { changesOf, checkChangesOfType, checkSecondFactor, shown, shownTo } from '#domain/users/user.ts';
import * as users from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['change-user'], async ({ deps, request, caller, ifMatch, commit }) => {
  const { body, query, params } = request;
  const before = await requireInReach(deps, caller, params.userId);
  if (before.version !== ifMatch) throw users.stale(before);
  checkSuperUser(caller, body.superUser);
  if (body.secondFactor) checkSecondFactor(body.secondFactor, caller.definitions.settings);
  checkChangesOfType(before.userType, body);
  const edited = changesOf(before, body, deps.now());
  await checkReferences(deps, caller, body, caller.definitions);
  const { user, endsSessions } = await planned(deps, before, edited, query.when, caller.user.id);
  // An invite goes to one address: with another address it is sent anew, and the old link is dead.
  const isMoved = user.authEmail !== before.authEmail && isInvitable(user);
  const { user: after, mails } = isMoved ? await invite(deps, user) : { user, mails: [] };
  return commit({
    writes: [
      ...users.change(before, after),
      ...mails,
      ...(endsSessions ? [jobs.sessionRemoval(deps, after.id, after.epoch)] : []),
      ...stillHolds(caller, after.id),
    ],
    subject: { type: 'user', id: after.id },
    before: shown(before),
    after: shown(after),
    answer: shownTo(caller.permissions, after),
  });
});
