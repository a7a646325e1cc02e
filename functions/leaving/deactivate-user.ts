// Deactivates a user, once what stands against it is confirmed or lifted (S0-54, C1).

import { leaving as contract } from '#contract/leaving.ts';
import { Problem } from '#contract/problems.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { confirmed } from '#domain/leaving/confirming.ts';
import { deactivation } from '#domain/leaving/deactivating.ts';
import { shown, shownTo } from '#domain/users/shown.ts';
import type { User } from '#domain/users/user.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['deactivate-user'], async ({ deps, request, caller, commit }) => {
  const { userId } = request.params;
  const asked = { action: 'deactivate', userId, preview: request.body.preview, check: checkNotGone } as const;
  return confirmed(deps, caller, asked, async (standing) => {
    const { user: before } = standing;
    const { after, writes, receipt } = await deactivation(deps, standing);
    return commit({
      writes: [...writes, ...stillHolds(caller, before.id)],
      subject: { type: 'user', id: before.id },
      before: shown(before),
      after: { ...shown(after), receipt },
      answer: { ...shownTo(caller.permissions, after), receipt },
    });
  });
});

function checkNotGone({ title, state }: User): void {
  if (state !== 'deactivated') return;
  throw new Problem('already_deactivated', {
    detail: `${title} has been deactivated before; nothing is left to do`,
    rule: 'S0-54',
    because: state,
  });
}
