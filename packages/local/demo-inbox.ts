// The demo's view of the inbox: it reads mails and SMS as their receivers would, from the mailbox's /store and /sms.

import { setTimeout as wait } from 'node:timers/promises';
import type { Mail } from './mailbox.ts';
import type { Sms } from './sms-store.ts';

/** Messages go out by the stream, within a second or two. */
const WAIT_MS = 20_000;

export class DemoInbox {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** The newest mail to this address, from whatever day. @throws Error when the inbox is out of reach */
  async newestFor(address: string, contains: RegExp): Promise<Mail | undefined> {
    return (await this.#mails()).findLast((mail) => isFor(mail, address) && contains.test(mail.body.text ?? ''));
  }

  /** Does something and waits for the mail with such contents that it causes. @throws Error when none comes */
  async after<T>(address: string, contains: RegExp, act: () => Promise<T>): Promise<{ result: T; mail: Mail }> {
    const seen = new Set((await this.#mails()).map(({ messageId }) => messageId));
    const result = await act();
    const isIt = (mail: Mail) =>
      isFor(mail, address) && !seen.has(mail.messageId) && contains.test(mail.body.text ?? '');
    return { result, mail: await this.#waitFor(address, async () => (await this.#mails()).find(isIt)) };
  }

  /** Does something and waits for the SMS that it causes. @throws Error when none comes */
  async afterSms<T>(number: string, act: () => Promise<T>): Promise<{ result: T; sms: Sms }> {
    const seen = new Set((await this.#sms()).map(({ id }) => id));
    const result = await act();
    const isIt = ({ id, to }: Sms) => to === number && !seen.has(id);
    return { result, sms: await this.#waitFor(number, async () => (await this.#sms()).find(isIt)) };
  }

  async #waitFor<Message>(to: string, look: () => Promise<Message | undefined>): Promise<Message> {
    for (const until = Date.now() + WAIT_MS; Date.now() < until; await wait(100)) {
      const message = await look();
      if (message) return message;
    }
    throw new Error(`No message for ${to} came to ${this.#url} within ${WAIT_MS / 1000} s`);
  }

  #mails = async (): Promise<Mail[]> => (await this.#read<{ emails: Mail[] }>('/store')).emails;

  #sms = async (): Promise<Sms[]> => (await this.#read<{ sms: Sms[] }>('/sms')).sms;

  async #read<Answer>(path: string): Promise<Answer> {
    try {
      const answer = await fetch(`${this.#url}${path}`, { signal: AbortSignal.timeout(5000) });
      return (await answer.json()) as Answer;
    } catch (error) {
      throw new Error(`The inbox at ${this.#url} does not answer; is ROSTER_MAIL_URL right?`, { cause: error });
    }
  }
}

export const withLink = /#r\w+_[\w-]+/;
export const withCode = /^\d{6}$/m;

/** The secret at the end of the mail's link. */
export function tokenIn(mail: Mail): string {
  const [, token] = /#(r\w+_[\w-]+)/.exec(mail.body.text ?? '') ?? [];
  if (!token) throw new Error(`The mail "${mail.subject}" has no link with a token`);
  return token;
}

export function codeIn(mail: Mail): string {
  const [code] = withCode.exec(mail.body.text ?? '') ?? [];
  if (!code) throw new Error(`The mail "${mail.subject}" has no code`);
  return code;
}

/** Of six digits, or of eight for a new password. */
export function codeInSms(sms: Sms): string {
  const [code] = /\b\d{6}(\d{2})?\b/.exec(sms.text) ?? [];
  if (!code) throw new Error(`The SMS "${sms.text}" has no code`);
  return code;
}

function isFor(mail: Mail, address: string): boolean {
  return mail.destination.to.includes(address);
}
