// Load on the bundled functions: a child process serves them (its CPU is what Lambda would bill), this one asks over
// keep-alive connections, the engine runs beside both. A closed loop: each worker asks again when it has its answer.

import { type ChildProcess, spawn } from 'node:child_process';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import type { Question, Reply } from './server.ts';
import { median } from './statistics.ts';

export interface Call {
  method: string;
  path: string;
  token?: string;
  headers?: Record<string, string>;
  body?: unknown;
}

export interface Pace {
  p50Ms: number;
  cpuMs: number;
}

const WARM_MS = 400;
const MEASURED_MS = 1500;
const TURNS = 16;
const CALLS_A_TURN = 10;

export interface Served {
  ask: (call: Call) => Promise<{ status: number; body: string }>;
  /** @param next the call of the n-th request, and what its answer must be */
  pace: (inFlight: number, next: (n: number) => Call, status?: number) => Promise<Pace>;
  /** One in flight, in turns with bare password hashes, since the machine's speed drifts; the least of all turns of each. */
  besideBareHash: (next: (n: number) => Call) => Promise<{ hashMs: number; callMs: number }>;
  stop: () => Promise<void>;
}

/** Starts the serving process. @throws Error when it does not come up */
export async function serveBundles(environment: Record<string, string>): Promise<Served> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'server.ts')], {
    env: { ...process.env, ...environment, PORT: '' },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const url = await addressOf(child);
  const question = async (what: Question): Promise<number> => {
    const reply = new Promise<Reply>((done) => child.once('message', (said) => done(said as Reply)));
    child.send(what);
    return (await reply).cpuMs;
  };
  const agent = new Agent({ keepAlive: true });
  const ask = (call: Call) => asked(url, agent, call);
  let count = 0;

  const pace: Served['pace'] = async (inFlight, next, status = 200) => {
    const latencies: number[] = [];
    let isOver = false;
    const worker = async () => {
      while (!isOver) {
        const call = next(count++);
        const startedAt = performance.now();
        const answer = await ask(call);
        if (answer.status !== status) throw new Error(`${call.method} ${call.path}: ${answer.status} ${answer.body}`);
        latencies.push(performance.now() - startedAt);
      }
    };
    const workers = Promise.all(Array.from({ length: inFlight }, worker));
    await Promise.race([workers, new Promise((done) => setTimeout(done, WARM_MS))]);
    latencies.length = 0;
    const before = await question('cpu');
    await Promise.race([workers, new Promise((done) => setTimeout(done, MEASURED_MS))]);
    const cpuMs = ((await question('cpu')) - before) / latencies.length;
    const p50Ms = median(latencies);
    isOver = true;
    await workers;
    return { p50Ms, cpuMs };
  };

  const besideBareHash: Served['besideBareHash'] = async (next) => {
    const turns: { hashMs: number; callMs: number }[] = [];
    for (let turn = 0; turn < TURNS; turn++) {
      let [hashMs, callMs] = [0, 0];
      for (let n = 0; n < CALLS_A_TURN; n++) {
        // One by one, so that both find the processor's caches as a request finds them.
        hashMs += (await question('hash')) / CALLS_A_TURN;
        const before = await question('cpu');
        const { status, body } = await ask(next(n));
        if (status !== 200) throw new Error(`${status} ${body}`);
        callMs += ((await question('cpu')) - before) / CALLS_A_TURN;
      }
      turns.push({ hashMs, callMs });
    }
    // The first turn warms up.
    const measured = turns.slice(1);
    return {
      hashMs: Math.min(...measured.map(({ hashMs }) => hashMs)),
      callMs: Math.min(...measured.map(({ callMs }) => callMs)),
    };
  };

  const stop = async () => {
    agent.destroy();
    const gone = new Promise((done) => child.once('exit', done));
    child.kill();
    await gone;
  };
  return { ask, pace, besideBareHash, stop };
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((done, failed) => {
    let said = '';
    // Read on to the end: the functions log here, and a full pipe would stop them.
    child.stdout?.on('data', (chunk: Buffer) => {
      if (said.length < 10_000) said += chunk;
      const [, url] = /READY (\S+)/.exec(said) ?? [];
      if (url) done(url);
    });
    child.once('exit', (code) => failed(new Error(`bench/server.ts ended (${code}): ${said}`)));
  });
}

function asked(url: string, agent: Agent, call: Call): Promise<{ status: number; body: string }> {
  return new Promise((done, failed) => {
    const headers = {
      ...(call.token && { authorization: `Bearer ${call.token}` }),
      ...(call.body !== undefined && { 'content-type': 'application/json' }),
      ...call.headers,
    };
    const outgoing = request(`${url}${call.path}`, { method: call.method, agent, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => done({ status: response.statusCode ?? 0, body }));
      response.on('error', failed);
    });
    outgoing.on('error', failed);
    outgoing.end(call.body === undefined ? undefined : JSON.stringify(call.body));
  });
}
