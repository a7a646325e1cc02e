// The demo's view of the inbox: it reads mails as their receivers would, from the mail server's /store.

import { setTimeout as wait } from 'node:timers/promises';
import type { Mail } from './mailbox.ts';

/** Mails go out by the stream, within a second or two. */
const WAIT_MS = 20_000;

export class DemoInbox {
  readonly #url: string;
  #seen = new Set<string>();

  constructor(url: string) {
    this.#url = url;
  }

  /** The newest mail to this address, from whatever day. @throws Error when the inbox is out of reach */
  async newestFor(address: string, contains: RegExp): Promise<Mail | undefined> {
    return (await this.#mails()).findLast((mail) => isFor(mail, address) && contains.test(mail.body.text ?? ''));
  }

  /** Does something and waits for the mail that it causes. @throws Error when none comes */
  async after<T>(address: string, act: () => Promise<T>): Promise<{ result: T; mail: Mail }> {
    this.#seen = new Set((await this.#mails()).map(({ messageId }) => messageId));
    const result = await act();
    for (const until = Date.now() + WAIT_MS; Date.now() < until; await wait(100)) {
      const mail = (await this.#mails()).find((each) => isFor(each, address) && !this.#seen.has(each.messageId));
      if (mail) return { result, mail };
    }
    throw new Error(`No mail for ${address} came to ${this.#url} within ${WAIT_MS / 1000} s`);
  }

  async #mails(): Promise<Mail[]> {
    try {
      const answer = await fetch(`${this.#url}/store`, { signal: AbortSignal.timeout(5000) });
      return ((await answer.json()) as { emails: Mail[] }).emails;
    } catch (error) {
      throw new Error(`The inbox at ${this.#url} does not answer; is ROSTER_MAIL_URL right?`, { cause: error });
    }
  }
}

/** The secret at the end of the mail's link. */
export function tokenIn(mail: Mail): string {
  const [, token] = /#(r\w+_[\w-]+)/.exec(mail.body.text ?? '') ?? [];
  if (!token) throw new Error(`The mail "${mail.subject}" has no link with a token`);
  return token;
}

export function codeIn(mail: Mail): string {
  const [code] = /^\d{6}$/m.exec(mail.body.text ?? '') ?? [];
  if (!code) throw new Error(`The mail "${mail.subject}" has no code`);
  return code;
}

function isFor(mail: Mail, address: string): boolean {
  return mail.destination.to.includes(address);
}
