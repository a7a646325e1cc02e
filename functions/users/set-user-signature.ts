// Sets the signature below a user's emails, against the version that the caller has seen.

import { users as contract } from '#contract/users.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { signing } from '#domain/signatures/signatures.ts';
import { requireInReach } from '#domain/users/in-sight.ts';
import { audited, type Person, personOf, shownPersonTo, withCurrent } from '#domain/users/person.ts';
import * as users from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['set-user-signature'], async ({ deps, request, caller, ifMatch, commit }) => {
  const { userId } = request.params;
  const view = (person: Person) => shownPersonTo(caller.permissions, person);
  const user = await requireInReach(deps, caller, userId);
  return withCurrent(deps, userId, view, async () => {
    if (user.version !== ifMatch) throw users.stale(user);
    const before = await personOf(deps, user);
    const { after, writes } = signing(before, request.body.signature, deps.now());
    return commit({
      writes: [...writes, ...stillHolds(caller, userId)],
      subject: { type: 'user', id: userId },
      before: audited(before),
      after: audited(after),
      answer: view(after),
    });
  });
});
