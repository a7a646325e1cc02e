// SNS of this machine, as far as the tenant uses it: takes SMS, shows them as data, sends nothing.
// Every SMS is kept on disk before the answer goes out, as mails are.

import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { keepLine, keptLines } from './kept-lines.ts';

export interface Sms {
  id: string;
  to: string;
  text: string;
  /** Epoch seconds, like a mail's. */
  at: number;
}

/** Below the mailbox's address; SNS_ENDPOINT leads here. */
export const snsPath = '/sns';

export class SmsStore {
  readonly #file: string;
  readonly #shown: Sms[];

  constructor(file: string, shownAgain: number) {
    this.#file = file;
    this.#shown = keptLines<Sms>(file, shownAgain);
  }

  /** Oldest first. */
  all(): readonly Sms[] {
    return this.#shown;
  }

  /** Answers POST /sns/ (SNS's Query protocol) and GET /sms (all as JSON). @returns false when asked for anything else */
  answer(request: IncomingMessage, response: ServerResponse): boolean {
    const [path] = (request.url ?? '').split('?');
    if (request.method === 'GET' && path === '/sms') {
      response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
      response.end(JSON.stringify({ sms: this.#shown }));
      return true;
    }
    if (request.method !== 'POST' || (path !== snsPath && path !== `${snsPath}/`)) return false;
    const answer = (status: number, xml: string) => {
      response.writeHead(status, { 'content-type': 'text/xml' });
      response.end(xml);
    };
    // A sender that is gone, or a disk that is full: without an answer, SNS's client tries again.
    text(request)
      .then((body) => answer(...this.#publish(new URLSearchParams(body))))
      .catch(() => response.destroy());
    return true;
  }

  #publish(form: URLSearchParams): [status: number, xml: string] {
    const [to, message] = [form.get('PhoneNumber') ?? '', form.get('Message') ?? ''];
    if (form.get('Action') !== 'Publish') return refusal('InvalidAction', 'Only Publish is known here');
    if (!/^\+[1-9]\d{6,14}$/.test(to)) return refusal('InvalidParameter', 'Invalid parameter: PhoneNumber');
    if (!message) return refusal('InvalidParameter', 'Invalid parameter: Empty message');
    const sms = { id: randomUUID(), to, text: message, at: Math.floor(Date.now() / 1000) };
    keepLine(this.#file, sms);
    this.#shown.push(sms);
    const result = `<PublishResult><MessageId>${sms.id}</MessageId></PublishResult>`;
    const metadata = `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata>`;
    return [200, `<PublishResponse xmlns="${namespace}">${result}${metadata}</PublishResponse>`];
  }
}

const namespace = 'http://sns.amazonaws.com/doc/2010-03-31/';

/** `code` and `message` are our own words: nothing of the request comes back. */
function refusal(code: string, message: string): [status: number, xml: string] {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
  return [400, `<ErrorResponse xmlns="${namespace}">${error}<RequestId>${randomUUID()}</RequestId></ErrorResponse>`];
}
