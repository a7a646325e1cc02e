import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildFunctions } from '#build/build.ts';
import { isRunning } from '#local/lock.ts';

const root = join(import.meta.dirname, '../..');
const started: ChildProcess[] = [];
let folder: string;

beforeAll(async () => {
  await buildFunctions();
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'roster-start-'));
});

afterEach(async () => {
  await Promise.all(started.splice(0).map((child) => ended(child, 'SIGKILL')));
  rmSync(folder, { recursive: true });
});

/** `npm start` without npm: gives what it said when it was ready, or when it ended before that. */
async function start(environment: Record<string, string> = {}) {
  const { DYNAMODB_ENDPOINT: _, ...inherited } = process.env;
  const child = spawn(process.execPath, ['packages/local/start.ts'], {
    cwd: root,
    env: { ...inherited, ROSTER_PORT: '0', ROSTER_MAIL_PORT: '0', ROSTER_DATA: folder, ...environment },
  });
  started.push(child);
  let said = '';
  await new Promise<void>((done) => {
    const hear = (chunk: Buffer) => {
      said += chunk;
      if (said.includes('Ctrl-C ends the tenant')) done();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('close', () => done());
  });
  const address = (name: string) => new RegExp(`${name} +(http://127.0.0.1:\\d+)`).exec(said)?.[1] ?? '';
  return { child, said, api: address('API'), inbox: address('Inbox') };
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = new Promise((done) => child.once('exit', done));
    child.kill(signal);
    await gone;
  }
  return child.exitCode;
}

const engineNote = () => JSON.parse(readFileSync(join(folder, 'table.sqlite.process'), 'utf8'));

async function invites(inbox: string): Promise<string[]> {
  for (const deadline = Date.now() + 5000; Date.now() < deadline; ) {
    const { emails } = (await (await fetch(`${inbox}/store`)).json()) as { emails: { body: { text: string } }[] };
    if (emails.length > 0) return emails.map(({ body }) => body.text);
    await new Promise((done) => setTimeout(done, 20));
  }
  return [];
}

describe('npm start', () => {
  it('brings up API, docs and inbox, where the first SuperUser’s invite leads to the real port', async () => {
    const { api, inbox } = await start();
    expect(await (await fetch(`${api}/v1/health`)).json()).toEqual({ status: 'ok' });
    const docs = await fetch(`${api}/docs`);
    expect(docs.headers.get('content-security-policy')).toContain("script-src 'self';");
    expect((await fetch(`${api}/docs/swagger-ui-bundle.js`)).status).toBe(200);
    expect((await fetch(`${api}/v1/nothing`)).headers.get('content-type')).toContain('application/problem+json');
    const [invite] = await invites(inbox);
    expect(invite).toContain(`${api}/`);
  });

  it('ends on SIGTERM with 0 and leaves no process; the next start has the same data', async () => {
    const first = await start();
    const [invite] = await invites(first.inbox);
    const engine = engineNote();
    expect(await ended(first.child, 'SIGTERM')).toBe(0);
    expect(isRunning(engine)).toBe(false);
    const second = await start();
    expect(await invites(second.inbox)).toEqual([invite]);
  });

  it('starts again right after a kill -9, whose engine is gone by then', async () => {
    const first = await start();
    await invites(first.inbox);
    const engine = engineNote();
    await ended(first.child, 'SIGKILL');
    const second = await start();
    expect(second.said).toContain('Roster is ready');
    expect(isRunning(engine)).toBe(false);
    expect(await invites(second.inbox)).toHaveLength(1);
  });

  it('refuses a second tenant on the same data, naming the process', async () => {
    const { child } = await start();
    const second = await start();
    expect(second.said).toContain(`A tenant already runs on ${folder} (process ${child.pid})`);
    expect(await ended(second.child, 'SIGTERM')).toBe(1);
  });

  it.each(['ROSTER_PORT', 'ROSTER_MAIL_PORT'])('names %s when the port that it asks for is busy', async (variable) => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => other.once('listening', done));
    const { port } = other.address() as AddressInfo;
    const { child, said } = await start({ [variable]: String(port) });
    other.close();
    expect(said).toContain(`Port ${port} (${variable}) is busy`);
    expect(said).not.toContain('    at ');
    expect(await ended(child, 'SIGTERM')).toBe(1);
  });
});
