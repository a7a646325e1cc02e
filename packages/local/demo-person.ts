// What a person of the demo does with an inbox at hand: signs in with the code from the mail, chooses a new password by mail.

import { type Client, createClient, RosterError } from '#client/client.ts';
import { codeIn, type DemoInbox, tokenIn, withCode, withLink } from './demo-inbox.ts';
import type { Story } from './demo-story.ts';
import type { Mail } from './mailbox.ts';

export interface DemoTools {
  baseUrl: string;
  /** The API without a session. */
  anybody: Client;
  inbox: DemoInbox;
  story: Story;
}

interface Begun {
  challenge: string;
  sentTo: string;
  mail: Mail;
}

export class DemoPerson {
  readonly name: string;
  readonly login: string;
  readonly email: string;
  readonly #tools: DemoTools;

  constructor(tools: DemoTools, { name, login, email }: { name: string; login: string; email: string }) {
    this.#tools = tools;
    this.name = name;
    this.login = login;
    this.email = email;
  }

  /**
   * @param options `wrongFirst`: types a wrong code before the right one; `otherwiseReset`: chooses the password by mail if it is not this one
   * @returns the API with this person's session
   */
  async signIn(password: string, options: { wrongFirst?: true; otherwiseReset?: true } = {}): Promise<Client> {
    const { story, anybody } = this.#tools;
    if (options.otherwiseReset && !(await this.#knows(password))) {
      story.note(`${this.name} has chosen another password since, which this demo does not know`);
      await this.chooseNewPassword(password);
    }
    const { challenge, sentTo, mail } = await story.step(
      `${this.name} signs in as ${this.login} with the password "${password}"`,
      () => this.#begin(password),
    );
    const code = codeIn(mail);
    story.note(`Not signed in yet: a code went to ${sentTo}; the mail "${mail.subject}" says ${code}`);
    const verify = (code: string) => anybody.verifyCode({ body: { challenge, code } });
    if (options.wrongFirst) {
      await story.refused(`${this.name} mistypes the code`, 'wrong_code', () => verify(anotherCode(code)));
    }
    const { next } = await story.step(`${this.name} types the code and is signed in`, () => verify(code));
    if (next.step !== 'signed-in') throw new Error(`The code should finish the sign-in, but ${next.step} comes next`);
    story.note(`The session ends at ${next.expiresAt} at the latest`);
    return createClient({ baseUrl: this.#tools.baseUrl, token: next.token });
  }

  async chooseNewPassword(password: string): Promise<void> {
    const { anybody, inbox, story } = this.#tools;
    const { mail } = await story.step(`${this.name} asks for a link to choose a new password`, () =>
      inbox.after(this.email, withLink, () => anybody.requestPasswordReset({ body: { login: this.login } })),
    );
    await story.step(`${this.name} follows the link of "${mail.subject}" and chooses "${password}"`, () =>
      anybody.completePasswordReset({ body: { token: tokenIn(mail), password } }),
    );
  }

  #begun: Begun | undefined;

  /** The right password has begun a sign-in, which the next one goes on with: each sends a code, and an hour has ten. */
  async #knows(password: string): Promise<boolean> {
    try {
      this.#begun = await this.#begin(password);
      return true;
    } catch (error) {
      if (error instanceof RosterError && error.code === 'invalid_credentials') return false;
      throw error;
    }
  }

  async #begin(password: string): Promise<Begun> {
    const begun = this.#begun;
    this.#begun = undefined;
    if (begun) return begun;
    const { result, mail } = await this.#tools.inbox.after(this.email, withCode, async () => {
      const { next } = await this.#tools.anybody.signIn({ body: { login: this.login, password } });
      if (next.step !== 'code-sent') throw new Error('No code was asked for, though the second factor should be on');
      return next;
    });
    return { challenge: result.challenge, sentTo: result.sentTo, mail };
  }
}

function anotherCode(code: string): string {
  return String((Number(code) + 1) % 1_000_000).padStart(6, '0');
}
