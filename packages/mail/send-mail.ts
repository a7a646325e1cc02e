// Sending mails through SES. Used by the outbox's consumer alone: a request never waits for SES.

import { SESClient, SESServiceException, SendEmailCommand } from '@aws-sdk/client-ses';
import { type OpenMessage, Unsendable } from '#domain/outbox/delivery.ts';
import { languageFor } from './language.ts';
import { composeMail } from './message.ts';

let client: SESClient | undefined;

/** @throws Unsendable when SES refuses the mail itself; any other error means: later */
export async function sendMail(tenant: { name: string }, mail: OpenMessage): Promise<void> {
  const { tag, language } = await languageFor(mail.language);
  const message = composeMail(language, tag, mail.template, mail.data);
  const from = process.env.MAIL_FROM;
  if (!from) throw new Error('The environment variable MAIL_FROM is missing');
  try {
    await ses().send(
      new SendEmailCommand({
        Source: from,
        Destination: { ToAddresses: [mail.to] },
        Message: { Subject: utf8(message.subject), Body: { Text: utf8(message.text), Html: utf8(message.html) } },
        ConfigurationSetName: process.env.MAIL_CONFIGURATION_SET,
        // Comes back with bounces, and tells whose address it was.
        Tags: [
          { Name: 'user', Value: mail.userId },
          { Name: 'tenant', Value: tenant.name },
        ],
      }),
    );
  } catch (error) {
    if (error instanceof SESServiceException && error.name === 'InvalidParameterValue') {
      throw new Unsendable(`SES refuses it: ${error.message}`);
    }
    throw error;
  }
}

function ses(): SESClient {
  client ??= new SESClient({
    ...(process.env.SES_ENDPOINT && { endpoint: process.env.SES_ENDPOINT }),
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 2000, requestTimeout: 8000, throwOnRequestTimeout: true },
  });
  return client;
}

function utf8(text: string) {
  return { Charset: 'UTF-8', Data: text };
}
