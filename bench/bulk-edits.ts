// Bulk edits: what each of their parts costs a user, where the writes go, and how many users a second one processor does.

import { DynamoDBClient, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import * as definitions from '#domain/definitions/definitions.ts';
import { seated } from '#domain/licenses/seats.ts';
import type { User } from '#domain/users/user.ts';
import * as users from '#domain/users/users.ts';
import { jobKey, outboxPartitions, recordKey, seatsKey } from '#table/keys.ts';
import { type Item, update } from '#table/write.ts';
import { aTenant, type TestTenant } from '#test/setup/tenant.ts';
import { userCalled } from './seed.ts';
import { type Spending, spendingMeter } from './spending.ts';
import { writesByPartition } from './writes-by-partition.ts';

/** A plain field; the one that moves an index row and counts and may end sessions; and one by which everybody takes a seat. */
export const bulkEdits = {
  language: { language: 'cs' },
  access: { access: 'acc_supervisor' },
  recording: { recording: 'after-bridged' },
} as const;

export const bulkBudget = {
  /** Reads and writes of planning, committing and delivering the audit together. */
  unitsAUser: 6,
  /** Of all writes, those of one partition key. */
  shareOfWrites: 1 / 8,
  usersACpuSecond: 500,
};

export type BulkEditName = keyof typeof bulkEdits;

const parts = ['plan', 'commit', 'audit'] as const;
export type Part = (typeof parts)[number];

export interface MeasuredBulk {
  name: BulkEditName;
  /** Units a user. */
  units: Record<Part, number>;
  total: number;
  /** Of all the writes, by partition key; the largest first. */
  shares: [partition: string, share: number][];
  /** What the shares were reckoned from, beside what the engine reports. */
  writeUnits: { reckoned: number; reported: number };
}

/** Units and shares, exact. */
export async function measureBulkEdit(name: BulkEditName, count: number): Promise<MeasuredBulk> {
  const meter = spendingMeter();
  const bulk = await bulkTenant(count, meter);
  const units: Partial<Record<Part, number>> = {};
  let reported = 0;
  const spend = async (part: Part, work: () => Promise<unknown>) => {
    const { readUnits, writeUnits }: Spending = await meter.of(work);
    units[part] = (readUnits + writeUnits) / count;
    reported += writeUnits;
  };
  const partitions = await writesByPartition(bulk.tenant.deps.table, async () => {
    await runBulkEdit(bulk, bulkEdits[name], spend);
  });
  const reckoned = [...partitions.values()].reduce((sum, each) => sum + each, 0);
  return {
    name,
    units: units as Record<Part, number>,
    total: Object.values(units).reduce((sum, each) => sum + each, 0),
    shares: [...partitions].map(([partition, each]) => [partition, each / reckoned]),
    writeUnits: { reckoned, reported },
  };
}

export interface PacedBulk {
  name: BulkEditName;
  /** Of wall-clock time, with the engine beside. */
  usersASecond: number;
  /** Of this process, which is what Lambda would bill: planning, committing and delivering the audit. */
  cpuMsAUser: Record<Part, number>;
  heapMegabytes: number;
}

/** Times of this machine. */
export async function paceBulkEdit(name: BulkEditName, count: number): Promise<PacedBulk> {
  const bulk = await bulkTenant(count);
  const cpuMsAUser: Partial<Record<Part, number>> = {};
  let heap = 0;
  const watch = setInterval(() => {
    heap = Math.max(heap, process.memoryUsage().heapUsed);
  }, 20);
  const startedAt = performance.now();
  await runBulkEdit(bulk, bulkEdits[name], async (part, work) => {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    cpuMsAUser[part] = (user + system) / 1000 / count;
  });
  const seconds = (performance.now() - startedAt) / 1000;
  clearInterval(watch);
  return {
    name,
    usersASecond: count / seconds,
    cpuMsAUser: cpuMsAUser as Record<Part, number>,
    heapMegabytes: heap / 1e6,
  };
}

export interface BulkTenant {
  tenant: TestTenant;
  /** The SuperUser's, who asks. */
  token: string;
  userId: string;
  ids: readonly string[];
}

/** A tenant with so many agents, as people have them, and a signed-in SuperUser. */
export async function bulkTenant(count: number, meter?: ReturnType<typeof spendingMeter>): Promise<BulkTenant> {
  const tenant = await aTenant({}, meter ? { meter: meter.meter } : {});
  const { token, user } = await tenant.aSuperUser({ title: 'Zoe Admin' });
  await tenant.keepAudit();
  const { table } = tenant.deps;
  // dynoxide's writes grow slow with the length of its stream, which nobody reads here.
  const client = new DynamoDBClient({ endpoint: tenant.endpoint, region: 'eu-central-1' });
  const StreamSpecification = { StreamEnabled: false };
  await client.send(new UpdateTableCommand({ TableName: table.name, StreamSpecification }));
  client.destroy();
  const rules = await definitions.latest(tenant.deps);
  const now = tenant.deps.now();
  const agents = Array.from({ length: count }, (_, n) => seated(agentNumber(n, now), rules, now));
  const items = agents.map((agent) => (users.creation(agent)[0] as { item: Item }).item);
  while (items.length > 0) {
    const requests = items.splice(0, 25).map((Item) => ({ PutRequest: { Item } }));
    await table.documents.send(new BatchWriteCommand({ RequestItems: { [table.name]: requests } }));
  }
  for (const [kind, id] of [
    ['access', 'acc_agent'],
    ['rights', 'rgt_own'],
    ['role', 'rol_auditor'],
  ] as const) {
    await table.write(update(recordKey(kind, id), { set: { usedBy: count } }));
  }
  await table.write(update(seatsKey('voice'), { increase: { used: count, free: -count, moves: count } }));
  return { tenant, token, userId: user.id, ids: agents.map(({ id }) => id) };
}

function agentNumber(n: number, now: number): User {
  const grants = { access: 'acc_agent', rights: 'rgt_own', roles: ['rol_auditor'] };
  const values = { secondFactor: 'email-otp' as const, language: 'en', createdAt: now, updatedAt: now };
  return userCalled(`jana.novakova${String(n).padStart(6, '0')}`, {
    title: `Jana Nováková ${n}`,
    ...grants,
    ...values,
  });
}

/** As an administrator and the stream would have it, part by part. @throws Error when somebody is not changed */
async function runBulkEdit(
  { tenant, token, ids }: BulkTenant,
  changes: object,
  around: (part: Part, work: () => Promise<unknown>) => Promise<void>,
): Promise<void> {
  let planId = '';
  await around('plan', async () => {
    const { status, body } = await tenant.call('plan-bulk-edit', { token, body: { users: { ids }, changes } });
    if (status !== 202) throw new Error(`plan-bulk-edit: ${status} ${JSON.stringify(body)}`);
    planId = body.id;
    await runJob(tenant, body.jobId);
  });
  const params = { planId };
  await around('commit', async () => {
    const { status, body } = await tenant.call('commit-bulk-edit', { token, params });
    if (status !== 202) throw new Error(`commit-bulk-edit: ${status} ${JSON.stringify(body)}`);
    await runJob(tenant, body.jobId);
  });
  await around('audit', () => deliverAudit(tenant));
  const { body } = await tenant.call('get-bulk-edit', { token, params });
  if (body.counts.changes !== ids.length) throw new Error(`Not everybody was changed: ${JSON.stringify(body)}`);
}

async function runJob(tenant: TestTenant, jobId: string): Promise<void> {
  const { pk, sk } = jobKey(jobId);
  const record = { dynamodb: { Keys: { pk: { S: pk }, sk: { S: sk } }, SequenceNumber: '1' } };
  while ((await tenant.read({ pk, sk }))?.state !== 'done') await tenant.react('run-jobs', { Records: [record] });
}

/** In portions as the stream has them. */
async function deliverAudit(tenant: TestTenant): Promise<void> {
  const waiting = await tenant.allOf(outboxPartitions);
  while (waiting.length > 0) {
    const Records = waiting
      .splice(0, 25)
      .map(({ pk, sk }) => ({ dynamodb: { Keys: { pk: { S: pk }, sk: { S: sk } } } }));
    await tenant.react('deliver-outbox', { Records });
  }
}
