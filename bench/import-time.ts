// How long a fresh process takes to import a function's bundle and to give its first answer, beside a bare handler that is
// built in the same way, measured in the same run and in turns: only the ratio means something on a shared machine.

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { buildFunctions, bundlePath, functionsOut } from '#build/build.ts';
import { median } from './statistics.ts';

const RUNS = 15;

export interface Start {
  bytes: number;
  importMs: number;
  firstAnswerMs: number;
}

/** @param token of a session, for the function's first answer */
export async function startTimes(
  environment: Record<string, string>,
  token: string,
): Promise<{ bare: Start; typical: Start }> {
  const folder = mkdtempSync(join(tmpdir(), 'roster-bench-'));
  try {
    const entries = [{ id: 'get-item', domain: 'bare' }];
    const [bare] = await buildFunctions({ entries, functionsFolder: import.meta.dirname, outFolder: folder });
    const [typical] = (await buildFunctions()).filter(({ id }) => id === 'get-me');
    const starts = [
      { file: bundlePath(folder, 'get-item'), event: { pathParameters: { id: 'nobody' } }, seen: noTimes() },
      { file: bundlePath(functionsOut, 'get-me'), event: sessionCheck(token), seen: noTimes() },
    ] as const;
    for (let run = 0; run < RUNS; run++) {
      for (const { file, event, seen } of starts) {
        const { importMs, firstAnswerMs } = await startOnce(file, event, environment);
        seen.importMs.push(importMs);
        seen.firstAnswerMs.push(firstAnswerMs);
      }
    }
    const result = (seen: ReturnType<typeof noTimes>, bytes = 0): Start => ({
      bytes,
      importMs: median(seen.importMs),
      firstAnswerMs: median(seen.firstAnswerMs),
    });
    return { bare: result(starts[0].seen, bare?.bytes), typical: result(starts[1].seen, typical?.bytes) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const noTimes = () => ({ importMs: [] as number[], firstAnswerMs: [] as number[] });

async function startOnce(file: string, event: unknown, environment: Record<string, string>) {
  const script = `
    const startedAt = performance.now();
    const { handler } = await import(${JSON.stringify(pathToFileURL(file).href)});
    const importMs = performance.now() - startedAt;
    const context = { awsRequestId: 'bench', getRemainingTimeInMillis: () => 10_000 };
    const { statusCode } = await handler(${JSON.stringify(event)}, context);
    console.log(JSON.stringify({ importMs, firstAnswerMs: performance.now() - startedAt, statusCode }));
    process.exit();`;
  const env = { ...process.env, ...environment, NODE_OPTIONS: '' };
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { env });
  const said = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Omit<Start, 'bytes'> & { statusCode: number };
  if (said.statusCode >= 500) throw new Error(`${file} answered ${said.statusCode}: ${stdout}`);
  return said;
}

function sessionCheck(token: string) {
  return {
    version: '2.0',
    rawPath: '/v1/me',
    headers: { authorization: `Bearer ${token}` },
    requestContext: { requestId: 'bench', http: { method: 'GET', sourceIp: '127.0.0.1', userAgent: 'bench' } },
  };
}
