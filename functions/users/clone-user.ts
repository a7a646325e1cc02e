// Creates a user like another one, in every relation that the other is in, but for the parts that are left out (S0-6). What the
// request says itself stands instead.

import { users as contract } from '#contract/users.ts';
import { taken } from '#domain/clones/clones.ts';
import { requireSource } from '#domain/clones/source.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { withGenerated } from '#domain/numbers/generated.ts';
import { creating, type NewUser } from '#domain/users/creating.ts';
import { audited, shownPersonTo } from '#domain/users/person.ts';
import { recommendations } from '#domain/users/recommendations.ts';
import { serve } from '#serve/serve.ts';
import { tellingHolders } from '#serve/telling-holders.ts';

const operation = tellingHolders(contract['clone-user']);

export const handler = serve(operation, async ({ deps, request, caller, commit }) => {
  const { without, ...body } = request.body;
  const source = await requireSource(deps, caller, request.params.userId);
  const { fields, given } = taken(deps, source, body, without);
  const said = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
  const wanted = { ...fields, ...said, type: source.user.userType } as NewUser;
  return withGenerated(deps, caller.definitions.settings, wanted, async (numbered) => {
    const { user, details, token, writes } = await creating(deps, caller, numbered, given);
    return commit({
      writes: [...writes, ...stillHolds(caller)],
      subject: { type: 'user', id: user.id },
      after: { ...audited({ user, details }), clonedFrom: source.user.id },
      answer: {
        ...shownPersonTo(caller.permissions, { user, details }),
        ...recommendations(undefined, user),
        ...(token && { apiToken: token }),
      },
    });
  });
});
