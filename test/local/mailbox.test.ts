import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SESClient, SendEmailCommand } from '@aws-sdk/client-ses';
import { type Mailbox, startMailbox } from '#local/mailbox.ts';

let folder: string;
let mailbox: Mailbox;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'roster-mailbox-'));
  mailbox = await startMailbox({ port: 0, file: join(folder, 'mails.jsonl') });
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
    expect(readFileSync(join(folder, 'mails.jsonl'), 'utf8')).toContain(id);
  });

  it('stops and starts again on the same port with its mails, and each only once', async () => {
    const port = Number(new URL(mailbox.url).port);
    await mailbox.stop();
    await expect(fetch(mailbox.url)).rejects.toThrow();
    mailbox = await startMailbox({ port, setBy: 'the test', file: join(folder, 'mails.jsonl') });
    const { emails } = (await (await fetch(`${mailbox.url}/store`)).json()) as { emails: { subject: string }[] };
    expect(emails.filter(({ subject }) => subject === 'Kept')).toHaveLength(1);
  });
});
