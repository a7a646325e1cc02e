// A user logs on to queues, or off, by dialling their numeric ID and PIN (S3-5). The PIN is all that it takes: whom the platform's token
// has in sight does not matter. For the caller at the commit see functions/work/put-activity.ts.

import { presenceOperations as contract } from '#contract/presence.ts';
import { logOnAs } from '#domain/presence/by-telephone.ts';
import { proven } from '#domain/presence/dialled.ts';
import { retryMoved } from '#domain/work/items.ts';
import { loggingOn } from '#domain/work/log-on.ts';
import { shownLogOn } from '#domain/work/shown.ts';
import { summaryOf } from '#domain/work/work.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['log-on-by-telephone'], async ({ deps, request, caller, origin, commit }) => {
  const { do: dialled, ...given } = request.body;
  const { user, guards, refused } = await proven(deps, given, origin.network);
  return retryMoved(async () => {
    const before = await summaryOf(deps, user.id);
    try {
      const wanted = await logOnAs(deps, user, before, dialled, caller.definitions);
      const { after, writes } = loggingOn(user, before, wanted, deps.now());
      const { queues, readiness } = shownLogOn(user, after);
      return await commit({
        writes: [...writes, ...guards()],
        subject: { type: 'user', id: user.id },
        before: shownLogOn(user, before),
        after: { ...shownLogOn(user, after), by: 'telephone' },
        answer: { user: { id: user.id, title: user.title }, queues, readiness },
      });
    } catch (error) {
      throw await refused(error);
    }
  });
});
