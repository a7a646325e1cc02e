// Processes that run the same schedule at once, one of them stopped past its lease: the function, the lease and the engine are real.

import { type ChildProcess, fork } from 'node:child_process';
import { leaseKey, schedulePartition } from '#table/keys.ts';
import { aTenant, type TestTenant } from '#test/setup/tenant.ts';

const DAY_MS = 86_400_000;
/** As long as a lease holds without a beat. */
const LEASE_MS = 30_000;
const id = 'snapshot-licenses';
const begunAt = Date.now();

interface Said {
  said: string;
  result?: unknown;
}

let tenant: TestTenant;
const processes: ChildProcess[] = [];

beforeEach(async () => {
  tenant = await aTenant();
});
afterEach(() => {
  for (const child of processes.splice(0)) child.kill('SIGKILL');
});

const daysAgo = (days: number) => new Date(begunAt - days * DAY_MS).toISOString();
const snapshots = () => tenant.allOf(['SNAPSHOT']);

/** A process that runs the schedule for that time, so much later, and what it says. */
function startRun(scheduledAt: string, { laterMs = 0, how = 'straight' } = {}) {
  const env = {
    ...process.env,
    TABLE_NAME: tenant.deps.table.name,
    TENANT_NAME: 'acme',
    PUBLIC_URL: 'https://acme.example',
  };
  const child = fork('test/end-to-end/snapshot-run.ts', [scheduledAt, String(laterMs), how], { env, silent: true });
  processes.push(child);
  const heard: Said[] = [];
  let failure = '';
  child.stderr?.on('data', (chunk) => {
    failure += chunk;
  });
  child.on('message', (line) => heard.push(line as Said));
  const until = (said: string) =>
    new Promise<Said>((found, failed) => {
      const look = () => {
        const line = heard.find((each) => each.said === said);
        if (line) found(line);
      };
      child.on('message', look);
      child.once('close', () => failed(new Error(`The run ended without saying ${said}: ${failure}`)));
      look();
    });
  return { child, heard, until, result: async () => (await until('ended')).result };
}

it('a run that is stopped past its lease, and continued, adds nothing to what the next one did: one snapshot a day', async () => {
  await startRun(daysAgo(4)).result();
  expect(await snapshots()).toHaveLength(1);

  const stopped = startRun(daysAgo(0), { how: 'pausing' });
  await stopped.until('paused');
  expect(await startRun(daysAgo(0)).result()).toEqual({ skipped: 'running' });
  stopped.child.kill('SIGSTOP');
  expect(await snapshots()).toHaveLength(2);
  expect(await tenant.read(leaseKey(id))).toHaveProperty('holder');

  await tenant.aUser();
  const results = await Promise.all([1, 2, 3].map(() => startRun(daysAgo(0), { laterMs: LEASE_MS }).result()));
  const [done] = results.filter((result) => !(result as { skipped?: string }).skipped);
  expect(done).toBeDefined();
  for (const result of results) expect([done, { skipped: 'running' }]).toContainEqual(result);
  const stood = await snapshots();
  const marked = await tenant.allOf([schedulePartition(id)]);
  // The days that have ended.
  expect(stood.map(({ day }) => day)).toEqual([4, 3, 2, 1].map((days) => daysAgo(days).slice(0, 10)));

  stopped.child.kill('SIGCONT');
  stopped.child.send(LEASE_MS);
  expect(await stopped.result()).toEqual({ skipped: 'lease-lost' });
  expect(stopped.heard).toContainEqual(expect.objectContaining({ said: 'lease_lost', level: 'warn' }));
  expect(await snapshots()).toEqual(stood);
  expect(await tenant.allOf([schedulePartition(id)])).toEqual(marked);
  expect(await startRun(daysAgo(0), { laterMs: LEASE_MS }).result()).toEqual(done);
}, 60_000);
