// A whole tenant that is killed again and again while a bulk edit goes on. As in the suite it is modest; the full measure is
// BULK_USERS=5000 BULK_KILLS=20 npx jest test/end-to-end/bulk-kill.

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { buildFunctions } from '#build/build.ts';
import { type Client, createClient } from '#client/client.ts';
import { person } from '../../bench/people.ts';
import { firstSuperUser, type RunningTenant, runTenant } from './running-tenant.ts';

const USERS = Number(process.env.BULK_USERS ?? 300);
const KILLS = Number(process.env.BULK_KILLS ?? 3);
/** Between a start and the next kill: a turn of a job takes about as long, so that some are cut and some are not. */
const ALIVE_MS = 2500;
const password = 'a long walk along the river';
let folder: string;
let running: RunningTenant;
let token: string;

beforeAll(() => buildFunctions());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'roster-bulk-'));
});
afterEach(async () => {
  await running?.kill();
  rmSync(folder, { recursive: true });
});

const client = (): Client => createClient({ baseUrl: running.api, token });

/** As `npm run seed` does it, before the tenant starts. */
async function seeded(users: number): Promise<void> {
  const { DYNAMODB_ENDPOINT: _engineOfTests, ...inherited } = process.env;
  const env = { ...inherited, ROSTER_DATA: folder };
  const given = ['bench/seed-tenant.ts', '--users', String(users)];
  await promisify(execFile)(process.execPath, given, { env });
}

async function killed(times: number): Promise<void> {
  for (let n = 0; n < times; n++) {
    await wait(Math.random() * ALIVE_MS);
    await running.kill();
    running = await runTenant(folder);
  }
}

async function until<T>(ask: () => Promise<T>, isIt: (answer: T) => boolean, withinMs = 900_000): Promise<T> {
  for (const end = Date.now() + withinMs; ; await wait(200)) {
    const answer = await ask();
    if (isIt(answer)) return answer;
    if (Date.now() > end) throw new Error(`Still ${JSON.stringify(answer)}`);
  }
}

/** So many at a time. */
async function each<T, R>(items: readonly T[], work: (item: T) => Promise<R>, atOnce = 12): Promise<R[]> {
  const results: R[] = [];
  const waiting = [...items.entries()];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}

/** Entries of each user's change, read a few pages at a time. */
async function entriesByUser(): Promise<Map<string, number>> {
  const entries = new Map<string, number>();
  let cursor: string | undefined;
  do {
    const query = { event: 'user.changed', limit: 100, ...(cursor && { cursor }) };
    const page = await client().listAudit({ query });
    for (const { subject } of page.entries) entries.set(subject.id, (entries.get(subject.id) ?? 0) + 1);
    cursor = page.next;
  } while (cursor);
  return entries;
}

describe('S1-34 a bulk edit under kill -9', () => {
  it(`of ${USERS} users, over ${KILLS} kills at random moments: complete, each user once, audit and counts exact`, async () => {
    await seeded(USERS);
    running = await runTenant(folder);
    token = await firstSuperUser(running, password);
    const ids = Array.from({ length: USERS }, (_, n) => person(n, 0))
      .filter(({ access, state }) => access === 'acc_agent' && state === 'active')
      .map(({ id }) => id);
    const changes = { access: 'acc_supervisor', language: 'cs', description: 'Moved by night' };
    const { id: planId } = await client().planBulkEdit({
      body: { users: { filter: { access: 'acc_agent' } }, changes },
    });
    const plan = () => client().getBulkEdit({ params: { planId } });
    const before = Math.floor(KILLS / 3);
    await killed(before);
    const ready = await until(plan, ({ state }) => state === 'ready');
    expect(ready.counts).toMatchObject({ users: ids.length, changes: ids.length, unchanged: 0, refused: 0 });

    await client().commitBulkEdit({ params: { planId } });
    await killed(KILLS - before);
    const done = await until(plan, ({ state }) => state === 'done');
    expect(done).toMatchObject({ done: ids.length, counts: { users: ids.length, changes: ids.length, refused: 0 } });

    const users = await each(ids, (userId) => client().getUser({ params: { userId } }));
    const wrong = users.filter(
      ({ version, access, language }) => version !== 2 || access !== 'acc_supervisor' || language !== 'cs',
    );
    expect(wrong).toEqual([]);
    const { accesses } = await client().listAccesses({});
    const usedBy = (id: string) => accesses.find((each) => each.id === id)?.usedBy;
    const supervisors = Math.ceil(USERS / 50);
    // Whoever is deactivated keeps what they had.
    expect(usedBy('acc_agent')).toBe(USERS - supervisors - ids.length);
    expect(usedBy('acc_supervisor')).toBe(supervisors + ids.length);

    await until(
      async () => (await entriesByUser()).size,
      (size) => size >= ids.length,
    );
    const entries = await entriesByUser();
    expect([...entries.keys()].sort()).toEqual([...ids].sort());
    expect([...entries.values()].filter((count) => count !== 1)).toEqual([]);
  }, 3_600_000);
});
