// Changes the fields that the request names, against the version that the caller has seen. Access, rights and extension of who is
// signed in change only by the caller's choice: after signing them out, or at their next sign-out (C2).

import { users as contract } from '#contract/users.ts';
import { withGenerated } from '#domain/numbers/generated.ts';
import { changing } from '#domain/users/changing.ts';
import { requireInReach } from '#domain/users/in-sight.ts';
import { audited, type Person, shownPersonTo, withCurrent } from '#domain/users/person.ts';
import { recommendations } from '#domain/users/recommendations.ts';
import * as users from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';
import { tellingHolders } from '#serve/telling-holders.ts';

const operation = tellingHolders(contract['change-user']);

export const handler = serve(operation, async ({ deps, request, caller, ifMatch, origin, commit }) => {
  const { body, query, params } = request;
  const asRead = await requireInReach(deps, caller, params.userId);
  const view = (person: Person) => shownPersonTo(caller.permissions, person);
  return withCurrent(deps, asRead.id, view, async () => {
    if (asRead.version !== ifMatch) throw users.stale(asRead);
    const how = { ...query, address: origin.address };
    return withGenerated(deps, caller.definitions.settings, body, async (numbered) => {
      const { before, after, writes } = await changing(deps, caller, asRead, numbered, how);
      return commit({
        writes,
        subject: { type: 'user', id: asRead.id },
        before: audited(before),
        after: audited(after),
        answer: { ...view(after), ...recommendations(asRead, after.user) },
      });
    });
  });
});
