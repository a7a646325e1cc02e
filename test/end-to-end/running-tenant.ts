// A whole tenant as a process of its own, that a test may kill, and how people would use it.

import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { type Client, createClient } from '#client/client.ts';
import { codeIn, tokenIn } from '#local/demo-inbox.ts';
import type { Mail } from '#local/mailbox.ts';

export interface RunningTenant {
  api: string;
  inbox: string;
  /** kill -9: no chance to tidy up. */
  kill: () => Promise<void>;
}

export async function runTenant(dataFolder: string, environment: Record<string, string> = {}): Promise<RunningTenant> {
  const { DYNAMODB_ENDPOINT: _engineOfTests, ...inherited } = process.env;
  const env = { ...inherited, ROSTER_PORT: '0', ROSTER_MAIL_PORT: '0', ROSTER_DATA: dataFolder, ...environment };
  const child = spawn(process.execPath, ['packages/local/start.ts'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = await untilReady(child);
  const address = (name: string) => new RegExp(`${name} +(http://127.0.0.1:\\d+)`).exec(said)?.[1] ?? '';
  return {
    api: address('API'),
    inbox: address('Inbox'),
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((done) => child.once('exit', done));
      child.kill('SIGKILL');
      await gone;
    },
  };
}

async function untilReady(child: ChildProcess): Promise<string> {
  let said = '';
  await new Promise<void>((ready, failed) => {
    const hear = (chunk: Buffer) => {
      said += chunk;
      if (said.includes('Ctrl-C ends the tenant')) ready();
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('close', () => failed(new Error(`The tenant ended before it was ready: ${said}`)));
  });
  return said;
}

export async function mailsIn(inbox: string): Promise<Mail[]> {
  return ((await (await fetch(`${inbox}/store`)).json()) as { emails: Mail[] }).emails;
}

/** Waits until the inbox holds what the test looks for. */
export async function mailIn(inbox: string, isIt: (mail: Mail) => boolean, withinMs = 20_000): Promise<Mail> {
  for (const until = Date.now() + withinMs; Date.now() < until; await wait(50)) {
    const found = (await mailsIn(inbox)).findLast(isIt);
    if (found) return found;
  }
  throw new Error(`The mail did not come within ${withinMs} ms`);
}

export const isTo = (address: string) => (mail: Mail) => mail.destination.to.includes(address);

/** The first SuperUser from the invite to the session. */
export async function firstSuperUser({ api, inbox }: RunningTenant, password: string): Promise<string> {
  const client: Client = createClient({ baseUrl: api });
  const address = 'ada@roster.example';
  const invite = tokenIn(await mailIn(inbox, isTo(address)));
  const { login } = await client.acceptInvite({ body: { token: invite, password } });
  const { next } = await client.signIn({ body: { login, password } });
  if (next.step !== 'code-sent') throw new Error('The first SuperUser signs in with a code');
  const code = codeIn(await mailIn(inbox, (mail) => isTo(address)(mail) && /code/.test(mail.subject)));
  const verified = await client.verifyCode({ body: { challenge: next.challenge, code } });
  if (verified.next.step !== 'signed-in') throw new Error(`${verified.next.step} comes after the code`);
  return verified.next.token;
}
