// What SES reports of mails that were sent: addresses that bounce or complain are marked, so that administrators see them.

import { entry } from '../audit/audit.ts';
import type { Deps } from '../deps.ts';
import { changed } from '../users/edits.ts';
import * as users from '../users/users.ts';

/** Marks the user's address, if it is still the one that was written to. Repeats change nothing. */
export async function recordTrouble(
  deps: Deps,
  userId: string,
  address: string,
  trouble: 'bounced' | 'complained',
): Promise<void> {
  await users.retryStale(async () => {
    const user = await users.byId(deps, userId);
    if (!user || user.authEmailTrouble === trouble || user.authEmail?.toLowerCase() !== address.toLowerCase()) return;
    const after = changed(user, deps.now(), { authEmailTrouble: trouble });
    await deps.table.transact([
      ...users.change(user, after),
      entry(deps, {
        event: 'user.email-trouble',
        actor: 'system',
        subject: { type: 'user', id: user.id },
        after: { authEmailTrouble: trouble },
      }),
    ]);
  });
}
