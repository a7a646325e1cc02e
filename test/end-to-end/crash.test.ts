import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { buildFunctions } from '#build/build.ts';
import { createClient, RosterError } from '#client/client.ts';
import { codeIn, tokenIn } from '#local/demo-inbox.ts';
import { type Mailbox, startMailbox } from '#local/mailbox.ts';
import { freePort } from '#local/ports.ts';
import { firstSuperUser, isTo, mailIn, mailsIn, type RunningTenant, runTenant } from './running-tenant.ts';

/** CRASH_KILLS=20 is the full measure. */
const KILLS = Number(process.env.CRASH_KILLS ?? 8);
const grants = { access: 'acc_agent', rights: 'rgt_own' };
const password = 'a long walk along the river';
let folder: string;
let running: RunningTenant | undefined;
let mailbox: Mailbox | undefined;

beforeAll(() => buildFunctions());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'roster-crash-'));
});
afterEach(async () => {
  await running?.kill();
  await mailbox?.stop();
  mailbox = undefined;
  rmSync(folder, { recursive: true });
});

describe('G8 I7 I10 a tenant that is killed', () => {
  it(`loses no accepted request and no mail over ${KILLS} kills at random moments, and repeats say the same`, async () => {
    running = await runTenant(folder);
    const token = await firstSuperUser(running, password);
    const accepted: string[] = [];
    const refused: unknown[] = [];
    let count = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const client = createClient({ baseUrl: running.api, token, triesMax: 1 });
      const create = async () => {
        const login = `crash-${count++}`;
        const body = { title: login, login, type: 'passive' as const, ...grants, authEmail: `${login}@example.com` };
        try {
          await client.createUser({ body });
          accepted.push(login);
        } catch (error) {
          // Cut off under way: it may have been done or not, but never half. An answer would be another matter.
          if (error instanceof RosterError && error.status > 0) refused.push(error);
        }
      };
      await create();
      const creates = Array.from({ length: 6 }, create);
      await wait(Math.random() * 100);
      await running.kill();
      await Promise.all(creates);
      running = await runTenant(folder);
    }

    const { inbox, api } = running;
    const client = createClient({ baseUrl: api, token });
    const logins: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await client.listUsers({ query: cursor ? { cursor } : {} });
      logins.push(...page.users.map(({ login = '' }) => login).filter((login) => login.startsWith('crash-')));
      cursor = page.next;
    } while (cursor);
    expect(logins).toEqual(expect.arrayContaining(accepted));
    expect(accepted.length).toBeGreaterThanOrEqual(KILLS);
    expect(refused).toEqual([]);

    for (const login of logins) await mailIn(inbox, isTo(`${login}@example.com`));
    const mails = await mailsIn(inbox);
    for (const login of logins) {
      const links = mails.filter(isTo(`${login}@example.com`)).map(tokenIn);
      expect(new Set(links).size).toBe(1);
    }
    const invited = mails.flatMap(({ destination }) => destination.to).filter((to) => to.startsWith('crash-'));
    expect(new Set(invited).size).toBe(logins.length);
  }, 180_000);
});

describe('G8 a mail server that is down', () => {
  it('does not hold up a sign-in, and the code arrives, alive, when it is back', async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const options = { port, folder };
    mailbox = await startMailbox(options);
    running = await runTenant(folder, { ROSTER_MAIL_ENDPOINT: url });
    const tenant = { ...running, inbox: url };
    await firstSuperUser(tenant, password);
    const before = new Set((await mailsIn(url)).map(({ messageId }) => messageId));
    await mailbox.stop();

    const client = createClient({ baseUrl: running.api });
    const startedAt = Date.now();
    const { next } = await client.signIn({ body: { login: 'ada', password } });
    expect(Date.now() - startedAt).toBeLessThan(3000);
    if (next.step !== 'code-sent') throw new Error('A code should have been sent');
    await wait(2000);

    mailbox = await startMailbox(options);
    const mail = await mailIn(url, ({ messageId }) => !before.has(messageId), 60_000);
    const signedIn = await client.verifyCode({ body: { challenge: next.challenge, code: codeIn(mail) } });
    expect(signedIn.next.step).toBe('signed-in');
  }, 120_000);
});
