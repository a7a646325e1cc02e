// Seats under processes that are killed in the midst of their work. As in the suite it is modest; the full measure is
// SEAT_ROUNDS=50 SEAT_OPERATIONS=2000 npx jest test/end-to-end/seats-kill: a hundred thousand operations.

import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { usualCatalogue } from '#contract/license-catalogue.ts';
import * as definitions from '#domain/definitions/definitions.ts';
import { advance } from '#domain/jobs/jobs.ts';
import { kinds } from '#domain/jobs/kinds.ts';
import { readInterval } from '#domain/ledger/interval.ts';
import { keepLedger } from '#domain/ledger/ledger.ts';
import { neededBy } from '#domain/licenses/consumption.ts';
import { allSeats } from '#domain/licenses/seats.ts';
import { readUser } from '#domain/users/user.ts';
import { jobIdIn, ledgerKeys, shelves, userKeys } from '#table/keys.ts';
import { makeSealKeys } from '#table/seal.ts';
import type { Item } from '#table/write.ts';
import { watchSeats } from '#test/setup/seat-watch.ts';
import { streamOf, type TestStream } from '#test/setup/stream.ts';
import { aTenant, type TestTenant } from '#test/setup/tenant.ts';
import type { Traffic } from './seat-traffic.ts';

const ROUNDS = Number(process.env.SEAT_ROUNDS ?? 1);
const OPERATIONS = Number(process.env.SEAT_OPERATIONS ?? 250);
/** Of each license. */
const OWNED = 25;
const PROCESSES = 2;
const AT_ONCE = 8;
/** Long enough that most of the time is work, and not the start of processes. */
const ALIVE_MS = OPERATIONS < 1000 ? 3000 : 12_000;
const licenses = usualCatalogue.licenses.map(({ id }) => id);

interface Sample {
  at: number;
  used: Record<string, number>;
}

describe('G7 G8 I2 seats under kill -9', () => {
  it(`of ${ROUNDS} × ${OPERATIONS} operations: no drift, and the ledger says at every sampled instant what was counted`, async () => {
    for (let round = 0; round < ROUNDS; round++) await oneRound(round);
  }, 10_800_000);
});

async function oneRound(round: number): Promise<void> {
  const owned = Object.fromEntries(licenses.map((id) => [id, { seats: OWNED }]));
  const tenant = await aTenant({}, { licenses: { owned } });
  const traffic = await prepared(tenant);
  const samples: Sample[] = [];
  const stream = await streamOf(tenant);
  const deliver = () => delivered(tenant, stream, traffic.ahead);
  let [done, kills] = [0, 0];
  while (done < OPERATIONS) {
    const counts = await Promise.all(Array.from({ length: PROCESSES }, () => killed(traffic)));
    done += counts.reduce((sum, each) => sum + each, 0);
    kills += PROCESSES;
    // What the engine has taken by then is done.
    await wait(100);
    await deliver();
    samples.push(await sampled(tenant, traffic));
    traffic.known = await everybody(tenant);
  }
  process.stdout.write(
    `  round ${round + 1} of ${ROUNDS}: ${done} operations, ${kills} kills, ${samples.length} samples\n`,
  );
  await checked(tenant, samples);
}

async function prepared(tenant: TestTenant): Promise<Traffic> {
  const { token } = await tenant.aSuperUser();
  const rights = ['rgt_own', 'rgt_everything'];
  for (const channel of ['voice', 'email', 'chat']) {
    const queue = await tenant.call('create-queue', { token, body: { name: `Queue of ${channel}`, channel } });
    const made = await tenant.call('create-rights', { token, body: { name: channel, queues: [queue.body.id] } });
    rights.push(made.body.id);
  }
  for (let n = 0; n < 8; n++) await tenant.aUser({ access: 'acc_agent', rights: rights[n % rights.length] as string });
  const sealKeys = makeSealKeys(tenant.deps.now());
  const ahead = tenant.deps.now() - Date.now();
  const known = await everybody(tenant);
  // Built-in rights stay as they are.
  return { table: tenant.deps.table.name, token, ahead, sealKeys, rights, licenses, seats: OWNED, known };
}

async function everybody(tenant: TestTenant): Promise<string[]> {
  const ids: string[] = [];
  for (const partition of shelves.flatMap(userKeys.listPartitions)) {
    for await (const item of tenant.deps.table.all({ index: 'users', partition })) {
      const user = readUser((await tenant.read({ pk: item.pk, sk: item.sk })) as Item);
      if (!user.superUser) ids.push(user.id);
    }
  }
  return ids;
}

/** A process at work until it is killed, at no moment of its choosing. @returns how many operations it told of */
function killed(traffic: Traffic): Promise<number> {
  const child: ChildProcess = fork('test/end-to-end/seat-traffic.ts', [JSON.stringify(traffic)], {
    ...{ execPath: process.execPath, execArgv: [], env: process.env, silent: true },
  });
  let done = 0;
  let errors = '';
  child.stderr?.on('data', (chunk) => {
    errors += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on('message', (told: { done: number }) => {
      if (told.done === 0) setTimeout(() => child.kill('SIGKILL'), (0.2 + Math.random()) * ALIVE_MS);
      done = told.done;
    });
    child.on('exit', (code) => (code === null ? resolve(done) : reject(new Error(`It ended by itself: ${errors}`))));
  });
}

/** The ledger and the jobs, as run-jobs does them; the index of users is nothing to this. */
async function delivered({ deps }: TestTenant, stream: TestStream, ahead: number): Promise<void> {
  const running = { ...deps, now: () => Date.now() + ahead };
  for (let batch = await stream.changes(); batch.length > 0; batch = await stream.changes()) {
    // Those of one item in their order, others beside.
    const items = Object.values(Object.groupBy(batch, ({ pk }) => pk));
    const worker = async () => {
      for (let changes = items.shift(); changes; changes = items.shift()) {
        for (const change of changes) {
          const jobId = jobIdIn(change.pk);
          if (jobId !== undefined) await advance(running, jobId, kinds);
          else if (change.sk === '#USER') await keepLedger(running, change);
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }
}

async function sampled(tenant: TestTenant, { ahead }: Traffic): Promise<Sample> {
  const at = Date.now() + ahead;
  const known = await definitions.latest(tenant.deps);
  const seats = await allSeats(tenant.deps, known.licensing.catalogue);
  await wait(2);
  return { at, used: Object.fromEntries(seats.map(({ license, used }) => [license, used])) };
}

async function checked(tenant: TestTenant, samples: readonly Sample[]): Promise<void> {
  const { violations } = await watchSeats(tenant);
  expect(violations).toEqual([]);
  const known = await definitions.latest(tenant.deps);
  expect(known.licensing.underway).toBeUndefined();
  for (const id of await everybody(tenant)) {
    const user = readUser((await tenant.read(userKeys.user(id))) as Item);
    expect(Object.keys(user.seats?.held ?? {}).sort()).toEqual([...neededBy(user, known)].sort());
  }
  for (const license of licenses) {
    const intervals = (await tenant.allOf(ledgerKeys.partitions(license))).map(readInterval);
    for (const { at, used } of samples) {
      const held = intervals.filter(({ from, to }) => from <= at && (to === undefined || to > at));
      expect([license, at, held.length]).toEqual([license, at, used[license]]);
    }
  }
}
