// The process that the bench measures: the bundles of the last build behind the local gateway, and nothing beside them.
// It is told its table by environment, as a Lambda is. A parent with an IPC channel may ask what it has spent.

import { createServer } from 'node:http';
import { functionsOut } from '#build/build.ts';
import { operationList } from '#contract/operations.ts';
import { hashPassword, verifyPassword } from '#domain/passwords/hash.ts';
import { Functions } from '#local/functions.ts';
import { gateway } from '#local/gateway.ts';
import { host, listen } from '#local/ports.ts';

export type Question = 'cpu' | 'hash';

/** CPU of this process in milliseconds: so far, or of one bare password hash. */
export interface Reply {
  cpuMs: number;
}

const TIMEOUT_SECONDS = 10;

const functions = new Functions(functionsOut);
const server = createServer(
  gateway({
    operations: operationList,
    unmatchedId: 'answer-unmatched',
    publicUrl: process.env.PUBLIC_URL ?? '',
    invoke: (id, event) => functions.invoke(id, event, TIMEOUT_SECONDS),
  }),
);
const port = await listen(server, { port: Number(process.env.PORT || 0), setBy: 'PORT' });
console.log(`READY http://${host}:${port}`);

process.on('message', async (question: Question) => {
  process.send?.({ cpuMs: question === 'cpu' ? cpuMs() : await bareHashCpuMs() } satisfies Reply);
});
process.on('disconnect', () => process.exit());
process.on('SIGTERM', () => process.exit());

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

let phc: Promise<string> | undefined;

async function bareHashCpuMs(): Promise<number> {
  phc ??= hashPassword('one to warm up');
  const stored = await phc;
  const before = cpuMs();
  await verifyPassword('another one', stored);
  return cpuMs() - before;
}
