// The mail server of this machine: aws-ses-v2-local answers SES's API, and a page of ours shows what came in.
// Every mail is kept on disk before SES's answer goes out, so that a restart, even after a kill -9, still shows it.

import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import sesLocal from 'aws-ses-v2-local';
import sesStore from 'aws-ses-v2-local/dist/store.js';
import { inboxPage } from './inbox-page.ts';
import { closeServer, host, listen, type WantedPort } from './ports.ts';

export type Mail = ReturnType<typeof sesStore.getStoreReadonly>['emails'][number];

export interface Mailbox {
  url: string;
  stop(): Promise<void>;
}

export interface MailboxOptions extends WantedPort {
  /** One mail a line. */
  file: string;
}

/** The inbox shows so many of the mails of earlier runs. */
const SHOWN_AGAIN = 500;

/** aws-ses-v2-local keeps its mails in its module, so a process has one mailbox; it may stop and start again. */
let sesListener: Promise<RequestListener> | undefined;

export async function startMailbox({ file, ...wanted }: MailboxOptions): Promise<Mailbox> {
  const known = new Set(mails().map(({ messageId }) => messageId));
  for (const mail of keptMails(file)) {
    if (!known.has(mail.messageId)) sesStore.saveEmail(mail);
    known.add(mail.messageId);
  }
  const keepNew = () => {
    const firstNew = mails().findLastIndex(({ messageId }) => known.has(messageId)) + 1;
    for (const mail of mails().slice(firstNew)) {
      appendFileSync(file, `${JSON.stringify(mail)}\n`, { mode: 0o600 });
      known.add(mail.messageId);
    }
  };
  sesListener ??= openSes();
  const ses = await sesListener;
  const server = createServer((request, response) => {
    if (inboxPage(request, response, mails)) return;
    const end = response.end.bind(response) as (...args: unknown[]) => typeof response;
    response.end = ((...args: unknown[]) => {
      keepNew();
      return end(...args);
    }) as typeof response.end;
    ses(request, response);
  });
  const port = await listen(server, wanted);
  return { url: `http://${host}:${port}`, stop: () => closeServer(server, 1000) };
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

function keptMails(file: string): Mail[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8').split('\n').filter(Boolean).slice(-SHOWN_AGAIN).flatMap(parsed);
}

/** A last line cut short by a kill is no mail: SES never said that it took it. */
function parsed(line: string): Mail[] {
  try {
    return [JSON.parse(line) as Mail];
  } catch {
    return [];
  }
}
