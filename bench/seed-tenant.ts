// `npm run seed -- --users 100000`: fills the local tenant with people while it does not run. Asked again for more, it adds those
// who are missing. None of them has a password: one that everybody knows would be a way in.

import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { settings as settingsSchema } from '#contract/settings.ts';
import * as definitions from '#domain/definitions/definitions.ts';
import type { Deps } from '#domain/deps.ts';
import { asIndexed } from '#domain/directory/reindex.ts';
import { makeBuiltIn } from '#domain/grants/built-in.ts';
import { provisionLicenses } from '#domain/licenses/provisioning.ts';
import * as numbers from '#domain/numbers/numbers.ts';
import type { User } from '#domain/users/user.ts';
import * as users from '#domain/users/users.ts';
import { createTable } from '#local/create-table.ts';
import { startEngine } from '#local/engine.ts';
import { takeLock } from '#local/lock.ts';
import { StartError } from '#local/ports.ts';
import { localTenant } from '#local/tenant.ts';
import { seedKey } from '#table/keys.ts';
import { openTable } from '#table/open-table.ts';
import type { Table } from '#table/table.ts';
import { put } from '#table/write.ts';
import { makeCrowd, withoutStream } from './crowd.ts';

const USERS_MAX = 400_000;
const { name, region } = localTenant;
const tableName = `roster-${name}`;

const say = (line: string) => process.stdout.write(`${line}\n`);

try {
  await seed(wantedUsers());
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

async function seed(wanted: number): Promise<void> {
  const ending: (() => unknown)[] = [];
  try {
    const endpoint = process.env.DYNAMODB_ENDPOINT || (await ownEngine(ending));
    // What the engine is told; it asks for no real ones.
    process.env.AWS_ACCESS_KEY_ID ??= 'local';
    process.env.AWS_SECRET_ACCESS_KEY ??= 'local';
    const client = new DynamoDBClient({ endpoint, region });
    ending.push(() => client.destroy());
    const isNew = await createTable(client, tableName);
    const table = openTable({ name: tableName, region, endpoint, timeoutMs: 60_000 });
    if (isNew) await table.transact([asIndexed()]);
    await fill(client, table, wanted);
  } finally {
    for (const end of ending.reverse()) await end();
  }
}

async function fill(client: DynamoDBClient, table: Table, wanted: number): Promise<void> {
  const made = ((await table.get(seedKey))?.users as number | undefined) ?? 0;
  if (made >= wanted) {
    say(`${made} users were seeded before, so there is nothing to do; ask for more, or begin with a new ROSTER_DATA`);
    return;
  }
  const now = Date.now();
  const deps = { table, now: () => now, randomBytes, definitions: {}, log: () => {} } as unknown as Deps;
  await makeBuiltIn(deps);
  await provisionLicenses(deps, localTenant.licenses);
  const settings = settingsSchema().parse(localTenant.settings ?? {});
  const rules = await definitions.latest(deps);
  const creation = (user: User) => [...users.creation(user), ...numbers.moves(undefined, user, now, settings)];
  const startedAt = performance.now();
  await withoutStream(client, tableName, async () => {
    const progress = told(made, wanted);
    const counts = await makeCrowd(table, { from: made, to: wanted, now, rules, creation, progress });
    // Counted together with how many there are: a seeding that was cut off makes the same people again, and counts them once.
    await table.transact([put({ ...seedKey, type: 'seed', v: 1, users: wanted }), ...counts]);
  });
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  say(`${wanted - made} users made in ${seconds} s; start the tenant with npm start`);
}

/** @returns says how far it is, about every five seconds */
function told(made: number, wanted: number): (now: number) => void {
  const startedAt = performance.now();
  let saidAt = startedAt;
  return (count) => {
    if (performance.now() - saidAt < 5000) return;
    saidAt = performance.now();
    const left = ((saidAt - startedAt) / (count - made)) * (wanted - count);
    say(`  ${count} of ${wanted} users, ${Math.round(left / 1000)} s to go`);
  };
}

/** The data folder's own, locked as by a tenant that runs. @throws StartError when one does */
async function ownEngine(ending: (() => unknown)[]): Promise<string> {
  const folder = resolve(process.env.ROSTER_DATA || '.roster');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  ending.push(takeLock(folder));
  const engine = await startEngine({ file: join(folder, 'table.sqlite') });
  ending.push(engine.stop);
  say(`Seeding the tenant of ${folder} …`);
  return engine.endpoint;
}

/** @throws StartError that says how it is called */
function wantedUsers(): number {
  const { values } = parseArgs({ options: { users: { type: 'string', default: '1000' } }, strict: false });
  const wanted = Number(values.users);
  if (Number.isInteger(wanted) && wanted > 0 && wanted <= USERS_MAX) return wanted;
  throw new StartError(
    `--users is ${values.users}: it must be a number from 1 to ${USERS_MAX}, like npm run seed -- --users 100000`,
  );
}
