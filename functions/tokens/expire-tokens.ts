// What is due by the clock: invites that are over, API tokens that end or will end, changes that waited for a sign-out, and what has
// waited too long in the outbox and is woken.

import { expire } from '#domain/invites/expiry.ts';
import { wake } from '#domain/outbox/delivery.ts';
import { sweep } from '#domain/tokens/expiry.ts';
import { applyDue } from '#domain/users/queued.ts';
import { react } from '#serve/react.ts';

export const handler = react('expire-tokens', async (deps) => {
  const invites = await expire(deps);
  const { expired: tokens, told } = await sweep(deps);
  const queued = await applyDue(deps);
  const { woken, oldestSeconds } = await wake(deps);
  // Said at each run, also when it is 0: an alarm watches it.
  deps.log({
    level: 'info',
    event: 'swept',
    invites,
    tokens,
    told,
    queued,
    woken,
    metric: 'OldestMailSeconds',
    value: oldestSeconds,
  });
  return { invites, tokens, told, queued, woken };
});
