// The tenant's DynamoDB on this machine: dynoxide, one binary from npm, with its data in one file or in memory.
// It must die with the process that started it, however that ends, or it would hold the data of the next start.

import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Holder, isRunning, processSince } from './lock.ts';
import { freePort, host, StartError } from './ports.ts';

export interface Engine {
  endpoint: string;
  /** Of the engine itself; it changes when it had to be started again. */
  readonly pid: number;
  stop(): Promise<void>;
}

export interface EngineOptions {
  /** Where the data is kept; in memory when absent. */
  file?: string;
  say?: (line: string) => void;
}

/**
 * A shell between us and the engine: it holds the reading end of our pipe, and when that closes, even by our kill -9,
 * it ends the engine. It prints the engine's process id first.
 */
const GUARD = `exec 3<&0; "$0" "$@" </dev/null 3<&- & engine=$!; echo "pid $engine"
{ while read -r _; do :; done; kill $engine; } <&3 2>/dev/null & watch=$!
wait $engine; code=$?; kill $watch 2>/dev/null; exit $code`;

/** Starts the engine on a free port and waits until it listens; should it die, it is started again on the same port. */
export async function startEngine({ file, say = console.error }: EngineOptions = {}): Promise<Engine> {
  const binary = engineBinary();
  if (file) await endLeftover(file);
  const port = await freePort();
  let stopping = false;
  let running = await launch(binary, port, file);
  const watch = (process: Running) => {
    process.child.once('exit', async () => {
      process.child.stdin?.destroy();
      if (stopping) return;
      say(`The engine ended unexpectedly; starting it again on port ${port}`);
      await wait(200);
      if (stopping) return;
      try {
        running = await launch(binary, port, file);
        watch(running);
      } catch (error) {
        say(`The engine does not come back: ${(error as Error).message}`);
      }
    });
  };
  watch(running);
  return {
    endpoint: `http://${host}:${port}`,
    get pid() {
      return running.pid;
    },
    async stop() {
      stopping = true;
      await end(running);
      if (file) rmSync(noteOf(file), { force: true });
    },
  };
}

interface Running {
  child: ChildProcess;
  pid: number;
}

async function launch(binary: string, port: number, file: string | undefined): Promise<Running> {
  const args = ['--host', host, '--port', String(port), ...(file ? ['--db-path', file] : [])];
  // A session of its own: Ctrl-C in the terminal must reach us alone, requests under way still need the engine.
  const child = spawn('/bin/sh', ['-c', GUARD, binary, ...args], { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  child.stdin.on('error', () => {});
  let said = '';
  const pid = await new Promise<number>((ready, failed) => {
    const heard = (chunk: Buffer) => {
      said += chunk;
      if (said.includes('listening on')) ready(Number(/^pid (\d+)$/m.exec(said)?.[1]));
    };
    child.stdout.on('data', heard);
    child.stderr.on('data', heard);
    child.once('error', failed);
    child.once('exit', (code) => failed(new StartError(`The engine did not start (exit ${code}): ${said.trim()}`)));
    setTimeout(() => failed(new StartError(`The engine did not start within 10 s: ${said.trim()}`)), 10_000).unref();
  });
  if (file) writeFileSync(noteOf(file), JSON.stringify({ pid, since: processSince(pid) } satisfies Holder));
  return { child, pid };
}

async function end({ child, pid }: Running): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => child.once('exit', done));
  child.stdin?.end();
  const insist = setTimeout(() => process.kill(pid, 'SIGKILL'), 5000);
  await gone;
  clearTimeout(insist);
}

/** Where the binary is. @throws StartError that says what to do where dynoxide publishes none. */
function engineBinary(): string {
  const platform = `${process.platform}-${process.arch}`;
  try {
    const manifest = createRequire(import.meta.url).resolve(`@dynoxide/${platform}/package.json`);
    return join(dirname(manifest), 'dynoxide');
  } catch {
    throw new StartError(
      `There is no dynoxide binary for ${platform}. Start another DynamoDB engine (for example DynamoDB Local) and set DYNAMODB_ENDPOINT to its address, like http://127.0.0.1:8000`,
    );
  }
}

const noteOf = (file: string) => `${file}.process`;

/** The guard needs a moment after a kill -9; whatever still runs then is ours by its note, and is ended. */
async function endLeftover(file: string): Promise<void> {
  const left = readNote(noteOf(file));
  for (let waited = 0; left && isRunning(left) && waited < 5000; waited += 50) {
    if (waited === 2000) process.kill(left.pid, 'SIGTERM');
    if (waited === 4000) process.kill(left.pid, 'SIGKILL');
    await wait(50);
  }
}

function readNote(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}
