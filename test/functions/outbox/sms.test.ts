// SMS from the outbox to the local SNS, by the real function and the real client.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Message, message } from '#domain/outbox/outbox.ts';
import { type Mail, type Mailbox, startMailbox } from '#local/mailbox.ts';
import type { Sms } from '#local/sms-store.ts';
import { outboxPartitions } from '#table/keys.ts';
import { aTenant, type TestTenant } from '#test/setup/tenant.ts';

const folder = mkdtempSync(join(tmpdir(), 'roster-sms-'));
const number = '+420601234567';
let mailbox: Mailbox;
let tenant: TestTenant;

beforeAll(async () => {
  mailbox = await startMailbox({ port: 0, folder });
  // Read at the first message: the clients of this process keep them.
  process.env.SES_ENDPOINT = mailbox.url;
  process.env.SNS_ENDPOINT = mailbox.snsUrl;
  process.env.MAIL_FROM = 'roster@acme.example';
});
beforeEach(async () => {
  tenant = await aTenant();
});
afterAll(async () => {
  await mailbox.stop();
  rmSync(folder, { recursive: true });
});

async function aMessage(changes: Partial<Message> = {}) {
  const waiting = await message(tenant.deps, {
    userId: 'usr_000000000000000000000000',
    channel: 'sms',
    to: number,
    language: 'en',
    template: 'password-reset-code',
    data: { title: 'Jana <b>', login: 'jana', code: '01234567', minutes: 10 },
    deadAt: tenant.deps.now() + 600_000,
    ...changes,
  });
  await tenant.deps.table.transact([waiting]);
  const [item] = (await tenant.allOf(outboxPartitions)).filter(({ type }) => type === 'message');
  return { pk: item?.pk as string, sk: item?.sk as string };
}

const deliver = ({ pk, sk }: { pk: string; sk: string }) =>
  tenant.react('deliver-outbox', {
    Records: [{ dynamodb: { Keys: { pk: { S: pk }, sk: { S: sk } }, SequenceNumber: '1' } }],
  });
const isFine = { batchItemFailures: [] };
const isRepeated = { batchItemFailures: [{ itemIdentifier: '1' }] };

const sent = async () => ((await (await fetch(`${mailbox.url}/sms`)).json()) as { sms: Sms[] }).sms;
const mails = async () => ((await (await fetch(`${mailbox.url}/store`)).json()) as { emails: Mail[] }).emails;

describe('G8 I10 an SMS in the outbox', () => {
  it('S3-4 is sent to its number as one short text, not as a mail, and forgotten', async () => {
    const place = await aMessage();
    expect(await deliver(place)).toEqual(isFine);
    expect(await sent()).toMatchObject([{ to: number, text: expect.stringMatching(/^Roster: 01234567 is your code/) }]);
    expect(await mails()).toEqual([]);
    expect(await tenant.read(place)).toBeUndefined();
    expect(await deliver(place)).toEqual(isFine);
    expect(await sent()).toHaveLength(1);
  });

  it('is written in its user’s language', async () => {
    await deliver(await aMessage({ language: 'cs-CZ' }));
    expect((await sent()).at(-1)?.text).toMatch(/01234567 je kód pro nové heslo, platí 10 minut/);
  });

  it('leaves mails to SES: the same template goes by either way', async () => {
    const before = (await sent()).length;
    expect(await deliver(await aMessage({ channel: 'email', to: 'jana@example.com' }))).toEqual(isFine);
    expect((await mails()).at(-1)).toMatchObject({ destination: { to: ['jana@example.com'] } });
    expect((await mails()).at(-1)?.body.text).toContain('\n01234567\n');
    expect(await sent()).toHaveLength(before);
  });

  it('waits while SNS is down, and goes out with the same code afterwards', async () => {
    const place = await aMessage();
    const before = (await sent()).length;
    const port = Number(new URL(mailbox.url).port);
    await mailbox.stop();
    expect(await deliver(place)).toEqual(isRepeated);
    expect(await tenant.read(place)).toMatchObject({ type: 'message' });
    mailbox = await startMailbox({ port, setBy: 'the test', folder });
    expect(await deliver(place)).toEqual(isFine);
    expect((await sent()).slice(before)).toMatchObject([{ text: expect.stringContaining('01234567') }]);
  });

  it.each([['601234567'], ['+0420601234567'], ['arn:aws:sns:eu-central-1:123456789012:alarms'], ['jana@example.com']])(
    'is given up when it is for %s, kept to be seen without its secret, and raises the alarm',
    async (to) => {
      const before = await sent();
      const place = await aMessage({ to });
      expect(await deliver(place)).toEqual(isFine);
      const kept = await tenant.read(place);
      expect(kept).toMatchObject({ type: 'undelivered', reason: 'It is for no mobile number' });
      expect(kept).not.toHaveProperty('data');
      expect(tenant.logged.at(-1)).toMatchObject({ metric: 'MailUndelivered', channel: 'sms' });
      expect(await sent()).toEqual(before);
    },
  );

  it('of a template that a newer version has written waits for that version', async () => {
    expect(await deliver(await aMessage({ template: 'from-the-future' }))).toEqual(isRepeated);
  });

  it('G12 says its code to nobody else: not to the log, whatever becomes of it', async () => {
    await deliver(await aMessage());
    await deliver(await aMessage({ to: 'nobody' }));
    await deliver(await aMessage({ template: 'from-the-future' }));
    expect(tenant.logged.length).toBeGreaterThan(1);
    for (const { error, ...event } of tenant.logged) {
      expect(`${JSON.stringify(event)} ${(error as Error | undefined)?.stack}`).not.toContain('01234567');
    }
  });
});
