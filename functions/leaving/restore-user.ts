// Brings a deactivated user back, with the changes that it takes (S0-56).

import { leaving as contract } from '#contract/leaving.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { restoration } from '#domain/leaving/restoring.ts';
import { withGenerated } from '#domain/numbers/generated.ts';
import { requireInReach } from '#domain/users/in-sight.ts';
import { audited, personOf, shownPersonTo } from '#domain/users/person.ts';
import { recommendations } from '#domain/users/recommendations.ts';
import * as users from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';
import { tellingHolders } from '#serve/telling-holders.ts';

const operation = tellingHolders(contract['restore-user']);

export const handler = serve(operation, async ({ deps, request, caller, commit }) =>
  users.retryStale(async () => {
    const before = await personOf(deps, await requireInReach(deps, caller, request.params.userId));
    const { changes = {} } = request.body;
    return withGenerated(deps, caller.definitions.settings, changes, async (numbered) => {
      const { person, tokensWorking, writes } = await restoration(deps, caller, before, numbered);
      return commit({
        writes: [...writes, ...stillHolds(caller, person.user.id)],
        subject: { type: 'user', id: person.user.id },
        before: audited(before),
        after: { ...audited(person), tokensWorking },
        answer: {
          ...shownPersonTo(caller.permissions, person),
          ...recommendations(before.user, person.user),
          tokensWorking,
        },
      });
    });
  }),
);
