// Sets the signature below one's own emails, against the version that one has seen.

import { me } from '#contract/me.ts';
import { signing } from '#domain/signatures/signatures.ts';
import { audited, type Person, personOf, shownToSelf, withCurrent } from '#domain/users/person.ts';
import * as users from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(me['set-my-signature'], async ({ deps, request, caller, ifMatch, commit }) => {
  const { user } = caller;
  const view = (person: Person) => shownToSelf(caller.permissions, person);
  return withCurrent(deps, user.id, view, async () => {
    if (user.version !== ifMatch) throw users.stale(user);
    const before = await personOf(deps, user);
    const { after, writes } = signing(before, request.body.signature, deps.now());
    return commit({
      writes,
      subject: { type: 'user', id: user.id },
      before: audited(before),
      after: audited(after),
      answer: view(after),
    });
  });
});
