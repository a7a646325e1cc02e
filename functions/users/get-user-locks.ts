// What keeps a user from signing in for now, and what was counted that might.

import { userSignIn as contract } from '#contract/user-sign-in.ts';
import { blockedUntil, limitItem } from '#domain/limits/limits.ts';
import { locksOf } from '#domain/limits/locks.ts';
import { accountOf } from '#domain/sign-in/account.ts';
import { requireInSight } from '#domain/users/in-sight.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['get-user-locks'], async ({ deps, request, caller }) => {
  const { id } = await requireInSight(deps, caller, request.params.userId);
  const account = await accountOf(deps, id);
  const now = deps.now();
  const locks = locksOf(id).flatMap(({ what, limit }) => {
    const item = account.limit(limit.key);
    if (!item) return [];
    const { count, expiresAt } = limitItem().parse(item);
    if (expiresAt <= now) return [];
    const until = blockedUntil(limit, item, now);
    // Where nothing is blocked: until when the failures are counted.
    return [{ what, count, blocked: until !== undefined, until: new Date(until ?? expiresAt).toISOString() }];
  });
  return { locks };
});
