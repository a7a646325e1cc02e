// A new user.

import { users as contract } from '#contract/users.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { withGenerated } from '#domain/numbers/generated.ts';
import { creating } from '#domain/users/creating.ts';
import { audited, shownPersonTo } from '#domain/users/person.ts';
import { recommendations } from '#domain/users/recommendations.ts';
import { serve } from '#serve/serve.ts';
import { tellingHolders } from '#serve/telling-holders.ts';

const operation = tellingHolders(contract['create-user']);

export const handler = serve(operation, async ({ deps, request, caller, commit }) =>
  withGenerated(deps, caller.definitions.settings, request.body, async (body) => {
    const { user, details, token, writes } = await creating(deps, caller, body);
    return commit({
      writes: [...writes, ...stillHolds(caller)],
      subject: { type: 'user', id: user.id },
      after: audited({ user, details }),
      answer: {
        ...shownPersonTo(caller.permissions, { user, details }),
        ...recommendations(undefined, user),
        ...(token && { apiToken: token }),
      },
    });
  }),
);
