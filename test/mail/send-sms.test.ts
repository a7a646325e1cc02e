// What SNS answers, and what the outbox makes of it. Through a real HTTP server, in SNS's Query protocol.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Unsendable } from '#domain/outbox/delivery.ts';
import { sendSms } from '#mail/send-sms.ts';

let answer: { status: number; code?: string };
let asked: URLSearchParams[];

const sns = createServer(async (request, response) => {
  asked.push(new URLSearchParams(await text(request)));
  response.writeHead(answer.status, { 'content-type': 'text/xml' });
  response.end(
    answer.code
      ? `<ErrorResponse><Error><Type>Sender</Type><Code>${answer.code}</Code><Message>No</Message></Error></ErrorResponse>`
      : '<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>',
  );
});

beforeAll(async () => {
  sns.listen(0, '127.0.0.1');
  await once(sns, 'listening');
  process.env.SNS_ENDPOINT = `http://127.0.0.1:${(sns.address() as AddressInfo).port}`;
});
beforeEach(() => {
  asked = [];
});
afterAll(() => {
  sns.closeAllConnections();
  sns.close();
});

const send = () =>
  sendSms({
    channel: 'sms',
    to: '+420601234567',
    userId: 'usr_1',
    language: 'en',
    template: 'contact-code',
    data: { title: 'Jana', code: '012345', minutes: 10 },
  });

describe('an SMS to SNS', () => {
  it('names the number alone, no topic, and asks for the routes of one-time codes', async () => {
    answer = { status: 200 };
    await send();
    expect(asked.map((form) => Object.fromEntries(form))).toEqual([
      {
        Action: 'Publish',
        Version: '2010-03-31',
        PhoneNumber: '+420601234567',
        Message: expect.stringContaining('012345'),
        'MessageAttributes.entry.1.Name': 'AWS.SNS.SMS.SMSType',
        'MessageAttributes.entry.1.Value.DataType': 'String',
        'MessageAttributes.entry.1.Value.StringValue': 'Transactional',
      },
    ]);
  });

  it.each(['InvalidParameter', 'ParameterValueInvalid', 'OptedOut'])('is unsendable when SNS says %s', async (code) => {
    answer = { status: 400, code };
    await expect(send()).rejects.toThrow(Unsendable);
  });

  it.each([
    [429, 'Throttled'],
    [403, 'AuthorizationError'],
    [500, 'InternalError'],
    [400, 'SomethingNew'],
  ])('is tried again later when SNS says %i %s', async (status, code) => {
    answer = { status, code };
    const error = await send().catch((error: unknown) => error);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(Unsendable);
  });
});
