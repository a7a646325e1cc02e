// Changes what is the user's own to change, against the version that they have seen.

import { me } from '#contract/me.ts';
import { detailsWrite } from '#domain/users/details.ts';
import { changed, keptOf } from '#domain/users/edits.ts';
import { checkChangesOfType } from '#domain/users/field-rules.ts';
import { audited, type Person, personOf, shownToSelf, withCurrent } from '#domain/users/person.ts';
import * as users from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(me['change-me'], async ({ deps, request, caller, ifMatch, commit }) => {
  const { user } = caller;
  const { language, timeZone, systemTimeZone } = request.body;
  const view = (person: Person) => shownToSelf(caller.permissions, person);
  return withCurrent(deps, user.id, view, async () => {
    if (user.version !== ifMatch) throw users.stale(user);
    checkChangesOfType(user.userType, request.body);
    const before = await personOf(deps, user);
    const zones = Object.entries({ timeZone, systemTimeZone }).filter(([, zone]) => zone !== undefined);
    const details = {
      ...before.details,
      ...Object.fromEntries(zones.map(([field, zone]) => [field, zone ?? undefined])),
    };
    const after = { user: changed(user, deps.now(), keptOf({ language })), details };
    return commit({
      writes: [...users.change(user, after.user), ...(zones.length > 0 ? [detailsWrite(user.id, details)] : [])],
      subject: { type: 'user', id: user.id },
      before: audited(before),
      after: audited(after),
      answer: view(after),
    });
  });
});
