// Changes the fields that the request names, against the version that the caller has seen.

import { users as contract } from '#contract/users.ts';
import { invite, isInvitable } from '#domain/invites/invites.ts';
import { checkGrant } from '#domain/users/grants.ts';
import { changesOf, checkFieldsOfType, shown } from '#domain/users/user.ts';
import * as users from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['change-user'], async ({ deps, request, caller, ifMatch, commit }) => {
  const before = await users.require(deps, request.params.userId);
  if (before.version !== ifMatch) throw users.stale(before);
  checkGrant(caller.user, { superUser: request.body.superUser === undefined ? undefined : true });
  const edited = changesOf(before, request.body, deps.now());
  checkFieldsOfType(edited.userType, edited);
  // An invite goes to one address: with another address it is sent anew, and the old link is dead.
  const isMoved = edited.authEmail !== before.authEmail && isInvitable(edited);
  const { user: after, mails } = isMoved ? await invite(deps, edited) : { user: edited, mails: [] };
  return commit({
    writes: [...users.change(before, after), ...mails],
    subject: { type: 'user', id: after.id },
    before: shown(before),
    after: shown(after),
    answer: shown(after),
  });
});
