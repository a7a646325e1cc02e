// Bounces and complaints that SES reports, as EventBridge events.

import * as z from 'zod';
import { recordTrouble } from '#domain/outbox/feedback.ts';
import { react } from '#serve/react.ts';

const address = z.object({ emailAddress: z.string() });

const feedback = z.object({
  detail: z.object({
    eventType: z.string(),
    mail: z.object({ tags: z.record(z.string(), z.array(z.string())).optional() }),
    bounce: z.object({ bounceType: z.string(), bouncedRecipients: z.array(address) }).optional(),
    complaint: z.object({ complainedRecipients: z.array(address) }).optional(),
  }),
});

export const handler = react('record-mail-feedback', async (deps, event: unknown) => {
  const { mail, bounce, complaint } = feedback.parse(event).detail;
  const userId = mail.tags?.user?.[0];
  if (!userId) return;
  // A transient bounce (a full mailbox) passes by itself; SES tries on.
  const bounced = bounce?.bounceType === 'Permanent' ? bounce.bouncedRecipients : [];
  for (const { emailAddress } of bounced) await recordTrouble(deps, userId, emailAddress, 'bounced');
  for (const { emailAddress } of complaint?.complainedRecipients ?? []) {
    await recordTrouble(deps, userId, emailAddress, 'complained');
  }
});
