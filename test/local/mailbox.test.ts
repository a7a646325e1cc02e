import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SESClient, SendEmailCommand } from '@aws-sdk/client-ses';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { codeInSms, DemoInbox } from '#local/demo-inbox.ts';
import { type Mailbox, startMailbox } from '#local/mailbox.ts';

let folder: string;
let mailbox: Mailbox;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'roster-mailbox-'));
  mailbox = await startMailbox({ port: 0, folder });
});

afterAll(async () => {
  await mailbox.stop();
  rmSync(folder, { recursive: true });
});

async function send(subject: string, text: string, html: string) {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const ses = new SESClient({ endpoint: mailbox.url, region: 'eu-central-1', credentials, maxAttempts: 1 });
  const message = { Subject: { Data: subject }, Body: { Text: { Data: text }, Html: { Data: html } } };
  const destination = { ToAddresses: ['jana@example.com'] };
  const { MessageId } = await ses.send(
    new SendEmailCommand({ Source: 'roster@roster.example', Destination: destination, Message: message }),
  );
  ses.destroy();
  return MessageId as string;
}

async function publish(input: { PhoneNumber?: string; TopicArn?: string; Message: string }) {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const sns = new SNSClient({ endpoint: mailbox.snsUrl, region: 'eu-central-1', credentials, maxAttempts: 1 });
  const { MessageId } = await sns.send(new PublishCommand(input)).finally(() => sns.destroy());
  return MessageId as string;
}

const kept = (file: string) => readFileSync(join(folder, file), 'utf8');

const page = async (path = '/') => (await fetch(mailbox.url + path)).text();

describe('the mailbox of the local tenant', () => {
  it('shows a mail as text with links to click, and nothing of it as markup', async () => {
    await send('<b>Invite</b>', 'Open http://127.0.0.1:1/invite#rinv_a-b\n<script>x()</script>', '<p>Hi</p>');
    const shown = await page();
    expect(shown).toContain('<a href="http://127.0.0.1:1/invite#rinv_a-b"');
    expect(shown).toContain('&lt;b&gt;Invite&lt;/b&gt;');
    expect(shown).not.toContain('<script>');
  });

  it('shows the HTML part only in a frame that can run nothing and reach nothing', async () => {
    const id = await send('Hostile', 'text', '<script>parent.x()</script>');
    expect(await page()).toMatch(new RegExp(`<iframe sandbox="allow-popups[a-z -]*"[^>]* src="/mail/${id}"`));
    const { headers } = await fetch(`${mailbox.url}/mail/${id}`);
    const policy = headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/sandbox allow-popups/);
    expect(policy).not.toMatch(/allow-scripts|allow-same-origin|script-src/);
  });

  it('has a mail on disk when SES’s answer is there', async () => {
    const id = await send('Kept', 'text', '<p>Hi</p>');
    expect(kept('mails.jsonl')).toContain(id);
  });

  it('shows an SMS beside the mails, with number, text and time, and nothing of it as markup', async () => {
    const text = 'Roster: 012345 žluťoučký & <script>x()</script> http://127.0.0.1:1/invite#rinv_c';
    await send('Before', 'text', '<p>Hi</p>');
    await publish({ PhoneNumber: '+420601234567', Message: text });
    const shown = await page();
    expect(shown).toMatch(
      /<h2>SMS<\/h2>\n<p class="facts">To \+420601234567 · \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC<\/p>/,
    );
    expect(shown).toContain('Roster: 012345 žluťoučký &amp; &lt;script&gt;');
    expect(shown).toContain('<a href="http://127.0.0.1:1/invite#rinv_c"');
    expect(shown).not.toContain('<script>');
    expect(shown.indexOf('+420601234567')).toBeLessThan(shown.indexOf('<h2>Before'));
  });

  it('has an SMS on disk when SNS’s answer is there', async () => {
    const id = await publish({ PhoneNumber: '+420601234568', Message: 'Kept' });
    expect(kept('sms.jsonl')).toContain(id);
  });

  it('refuses, as SNS does, what is for no phone number', async () => {
    const before = kept('sms.jsonl');
    const invalid = { name: 'InvalidParameterException' };
    await expect(publish({ PhoneNumber: '601234567', Message: 'No country' })).rejects.toMatchObject(invalid);
    await expect(publish({ PhoneNumber: '+420601234567', Message: '' })).rejects.toMatchObject(invalid);
    await expect(publish({ TopicArn: 'arn:aws:sns:x:1:t', Message: 'Topic' })).rejects.toMatchObject(invalid);
    const unknown = await fetch(`${mailbox.snsUrl}/`, {
      method: 'POST',
      body: new URLSearchParams({ Action: 'Other' }),
    });
    expect(unknown.status).toBe(400);
    expect(kept('sms.jsonl')).toBe(before);
  });

  it('gives the demo the SMS that something causes, with its code', async () => {
    const inbox = new DemoInbox(mailbox.url);
    const number = '+420601234569';
    await publish({ PhoneNumber: number, Message: 'Roster: 111111 is old' });
    const { sms } = await inbox.afterSms(number, () =>
      publish({ PhoneNumber: number, Message: 'Roster: 12345678 is new' }),
    );
    expect(codeInSms(sms)).toBe('12345678');
  });

  it('stops and starts again on the same port with its mails, and each only once', async () => {
    const port = Number(new URL(mailbox.url).port);
    await mailbox.stop();
    await expect(fetch(mailbox.url)).rejects.toThrow();
    mailbox = await startMailbox({ port, setBy: 'the test', folder });
    const { emails } = (await (await fetch(`${mailbox.url}/store`)).json()) as { emails: { subject: string }[] };
    expect(emails.filter(({ subject }) => subject === 'Kept')).toHaveLength(1);
    const { sms } = (await (await fetch(`${mailbox.url}/sms`)).json()) as { sms: { text: string }[] };
    expect(sms.filter(({ text }) => text === 'Kept')).toHaveLength(1);
  });
});
