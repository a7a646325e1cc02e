// Delivers what changes have caused: sends the mails, and keeps the entries in the audit.

import { deliver } from '#domain/outbox/delivery.ts';
import { sendMail } from '#mail/send.ts';
import { onStream } from '#serve/react.ts';

export const handler = onStream('deliver-outbox', (deps, place) =>
  deliver(deps, place, (mail) => sendMail(deps.tenant, mail)),
);
