// What is due by the clock: invites that are over, and mails that have waited too long and are woken.

import { expire } from '#domain/invites/expiry.ts';
import { wake } from '#domain/outbox/delivery.ts';
import { react } from '#serve/react.ts';

export const handler = react('expire-tokens', async (deps) => {
  const invites = await expire(deps);
  const { woken, oldestSeconds } = await wake(deps);
  // Said at each run, also when it is 0: an alarm watches it.
  deps.log({ level: 'info', event: 'swept', invites, mails: woken, metric: 'OldestMailSeconds', value: oldestSeconds });
  return { invites, mails: woken };
});
