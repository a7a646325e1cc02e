// Deletes a user, once it is confirmed what that closes and that it is meant (S0-55, C1, C14).

import { leaving as contract } from '#contract/leaving.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { confirmed } from '#domain/leaving/confirming.ts';
import { deletion } from '#domain/leaving/deleting.ts';
import { audited } from '#domain/users/person.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['delete-user'], async ({ deps, request, caller, commit }) => {
  const { userId } = request.params;
  const asked = { action: 'delete', userId, preview: request.query.preview } as const;
  return confirmed(deps, caller, asked, async (standing) => {
    const { settings } = caller.definitions;
    const {
      person,
      writes,
      receipt,
      restorableUntil: until,
    } = await deletion(deps, standing, caller.user.id, settings);
    const restorableUntil = until === undefined ? {} : { restorableUntil: new Date(until).toISOString() };
    return commit({
      writes: [...writes, ...stillHolds(caller, userId)],
      subject: { type: 'user', id: userId },
      before: audited(person),
      after: { receipt, ...restorableUntil },
      answer: { receipt, ...restorableUntil },
    });
  });
});
