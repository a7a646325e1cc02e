// What is due by the clock: invites that are over, and mails that have waited too long and are woken.

import { expire } from '#domain/invites/expiry.ts';
import { wake } from '#domain/outbox/delivery.ts';
import { react } from '#serve/react.ts';

export const handler = react('expire-tokens', async (deps) => {
  const invites = await expire(deps);
  const mails = await wake(deps);
  if (invites + mails > 0) deps.log({ level: 'info', event: 'swept', invites, mails });
  return { invites, mails };
});
