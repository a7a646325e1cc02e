// Delivers what changes have caused: sends the mails and SMS, and keeps the entries in the audit.

import { deliver } from '#domain/outbox/delivery.ts';
import { sendMail } from '#mail/send-mail.ts';
import { sendSms } from '#mail/send-sms.ts';
import { onStream } from '#serve/react.ts';

export const handler = onStream('deliver-outbox', (deps, place) =>
  deliver(deps, place, (message) => (message.channel === 'sms' ? sendSms(message) : sendMail(deps.tenant, message))),
);
