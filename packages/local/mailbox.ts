// The mailbox of this machine: aws-ses-v2-local answers SES's API, sms-store.ts SNS's, and a page of ours shows what came in.
// Every message is kept on disk before the answer goes out, so that a restart, even after a kill -9, still shows it.

import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import sesLocal from 'aws-ses-v2-local';
import sesStore from 'aws-ses-v2-local/dist/store.js';
import { inboxPage } from './inbox-page.ts';
import { keepLine, keptLines } from './kept-lines.ts';
import { closeServer, host, listen, type WantedPort } from './ports.ts';
import { SmsStore, snsPath } from './sms-store.ts';

export type Mail = ReturnType<typeof sesStore.getStoreReadonly>['emails'][number];

export interface Mailbox {
  /** The inbox, and SES's endpoint. */
  url: string;
  snsUrl: string;
  stop(): Promise<void>;
}

export interface MailboxOptions extends WantedPort {
  /** Keeps mails.jsonl and sms.jsonl. */
  folder: string;
}

/** The inbox shows so many mails, and so many SMS, of earlier runs. */
const SHOWN_AGAIN = 500;

/** aws-ses-v2-local keeps its mails in its module, so a process has one mailbox; it may stop and start again. */
let sesListener: Promise<RequestListener> | undefined;

export async function startMailbox({ folder, ...wanted }: MailboxOptions): Promise<Mailbox> {
  const file = join(folder, 'mails.jsonl');
  const sms = new SmsStore(join(folder, 'sms.jsonl'), SHOWN_AGAIN);
  const known = new Set(mails().map(({ messageId }) => messageId));
  for (const mail of keptLines<Mail>(file, SHOWN_AGAIN)) {
    if (!known.has(mail.messageId)) sesStore.saveEmail(mail);
    known.add(mail.messageId);
  }
  const keepNew = () => {
    const firstNew = mails().findLastIndex(({ messageId }) => known.has(messageId)) + 1;
    for (const mail of mails().slice(firstNew)) {
      keepLine(file, mail);
      known.add(mail.messageId);
    }
  };
  sesListener ??= openSes();
  const ses = await sesListener;
  const server = createServer((request, response) => {
    if (inboxPage(request, response, { mails: mails(), sms: sms.all() }) || sms.answer(request, response)) return;
    const end = response.end.bind(response) as (...args: unknown[]) => typeof response;
    response.end = ((...args: unknown[]) => {
      keepNew();
      return end(...args);
    }) as typeof response.end;
    ses(request, response);
  });
  const port = await listen(server, wanted);
  const url = `http://${host}:${port}`;
  return { url, snsUrl: `${url}${snsPath}`, stop: () => closeServer(server, 1000) };
}

function mails(): readonly Mail[] {
  return sesStore.getStoreReadonly().emails;
}

/** Takes the package's own request listener; its server can neither say that a port is busy nor show our page. */
async function openSes(): Promise<RequestListener> {
  // CommonJS seen from ES modules: the default export is one level deeper.
  const server = await sesLocal.default({ host, port: 0 });
  const [listener] = server.listeners('request');
  await closeServer(server);
  return listener as RequestListener;
}
