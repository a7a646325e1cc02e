// The readable inbox: mails and SMS, newest first, text and links at hand, a mail's HTML in a frame that can run nothing.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Mail } from './mailbox.ts';
import { escapeHtml, sendPage } from './page.ts';
import type { Sms } from './sms-store.ts';

export interface Received {
  mails: readonly Mail[];
  sms: readonly Sms[];
}

const SHOWN = 100;

/** Answers GET / (the inbox) and GET /mail/<id> (one mail's HTML). @returns false when asked for anything else. */
export function inboxPage(request: IncomingMessage, response: ServerResponse, received: Received): boolean {
  if (request.method !== 'GET') return false;
  const [path = '/'] = (request.url ?? '/').split('?');
  if (path === '/') {
    // The frame shows what /mail/ answers, which has an even stricter policy of its own.
    sendPage(response, inbox(received), "style-src 'unsafe-inline'; frame-src 'self'");
    return true;
  }
  const mail = path.startsWith('/mail/') && received.mails.find(({ messageId }) => `/mail/${messageId}` === path);
  if (!mail) return false;
  sendPage(
    response,
    mail.body.html ?? '',
    "style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox",
  );
  return true;
}

function inbox({ mails, sms }: Received): string {
  const articles = [
    ...mails.map((mail) => ({ at: mail.at, html: () => mailArticle(mail) })),
    ...sms.map((each) => ({ at: each.at, html: () => smsArticle(each) })),
  ];
  // Of the same second, the one that came later stays above.
  const newest = articles
    .toSorted((a, b) => a.at - b.at)
    .toReversed()
    .slice(0, SHOWN);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${articles.length} messages – Roster inbox</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem; color: #1d2433; background: #f5f6f8 }
  article { background: #fff; border: 1px solid #d8dce3; border-radius: 8px; padding: 1rem 1.25rem; margin: 1rem 0 }
  h2 { font-size: 1.1rem; margin: 0 }
  p.facts { color: #566075; margin: .2rem 0 1rem }
  pre { font: inherit; white-space: pre-wrap; overflow-wrap: anywhere; margin: 0 }
  iframe { width: 100%; height: 24rem; border: 1px solid #d8dce3; border-radius: 4px; background: #fff }
  summary { cursor: pointer; margin-top: 1rem }
</style>
<h1>Inbox</h1>
<p>Every mail and SMS that this tenant sends ends here; nothing leaves this machine. Reload for newer ones; as data: <a href="/store">mails</a>, <a href="/sms">SMS</a></p>
${newest.length === 0 ? '<p>No message yet.</p>' : newest.map(({ html }) => html()).join('\n')}
${articles.length > SHOWN ? `<p>${articles.length - SHOWN} older messages are not shown.</p>` : ''}
`;
}

function smsArticle(sms: Sms): string {
  return `<article>
<h2>SMS</h2>
<p class="facts">To ${escapeHtml(sms.to)} · ${time(sms.at)} UTC</p>
<pre>${linked(sms.text)}</pre>
</article>`;
}

function mailArticle(mail: Mail): string {
  const to = [...mail.destination.to, ...mail.destination.cc, ...mail.destination.bcc].join(', ');
  return `<article>
<h2>${escapeHtml(mail.subject)}</h2>
<p class="facts">To ${escapeHtml(to)} · ${time(mail.at)} UTC · from ${escapeHtml(mail.from)}</p>
<pre>${linked(mail.body.text ?? '(no text part)')}</pre>
${mail.body.html ? `<details><summary>HTML part</summary><iframe sandbox="allow-popups allow-popups-to-escape-sandbox" loading="lazy" title="HTML part" src="/mail/${encodeURIComponent(mail.messageId)}"></iframe></details>` : ''}
</article>`;
}

function time(epochSeconds: number): string {
  return new Date(epochSeconds * 1000).toISOString().replace('T', ' ').slice(0, 19);
}

/** Escaped text whose web addresses can be clicked. */
function linked(text: string): string {
  return text
    .split(/(https?:\/\/[^\s<>"]+)/)
    .map((part, index) => {
      const escaped = escapeHtml(part);
      return index % 2 === 1 ? `<a href="${escaped}" rel="noreferrer" target="_blank">${escaped}</a>` : escaped;
    })
    .join('');
}
