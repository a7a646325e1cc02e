// Sending SMS through SNS. Used by the outbox's consumer alone: a request never waits for SNS.

import { PublishCommand, SNSClient, SNSServiceException } from '@aws-sdk/client-sns';
import { type OpenMessage, Unsendable } from '#domain/outbox/delivery.ts';
import { languageFor } from './language.ts';
import { composeSms } from './message.ts';

let client: SNSClient | undefined;

/** E.164, the only way in which SNS takes a number. */
const NUMBER = /^\+[1-9]\d{6,14}$/;

/** What SNS refuses for good: what is not a number to it, and who answered STOP. */
const FOR_GOOD = ['InvalidParameterException', 'InvalidParameterValueException', 'OptedOutException'];

/** @throws Unsendable when the number is none or SNS refuses it; any other error means: later */
export async function sendSms(sms: OpenMessage): Promise<void> {
  if (!NUMBER.test(sms.to)) throw new Unsendable('It is for no mobile number');
  const { language } = await languageFor(sms.language);
  const text = composeSms(language, sms.template, sms.data);
  try {
    await sns().send(
      new PublishCommand({
        PhoneNumber: sms.to,
        Message: text,
        // Codes: the more reliable routes, for who stands at the sign-in.
        MessageAttributes: { 'AWS.SNS.SMS.SMSType': { DataType: 'String', StringValue: 'Transactional' } },
      }),
    );
  } catch (error) {
    if (error instanceof SNSServiceException && FOR_GOOD.includes(error.name)) {
      throw new Unsendable(`SNS refuses it: ${error.message}`);
    }
    throw error;
  }
}

function sns(): SNSClient {
  client ??= new SNSClient({
    ...(process.env.SNS_ENDPOINT && { endpoint: process.env.SNS_ENDPOINT }),
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 2000, requestTimeout: 8000, throwOnRequestTimeout: true },
  });
  return client;
}
