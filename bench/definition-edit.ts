// An edit of rights by which everybody who has them takes other licenses: what it costs a user, where the writes go, how long it
// takes, and whether its progress shows.

import * as definitions from '#domain/definitions/definitions.ts';
import { advance } from '#domain/jobs/jobs.ts';
import { moveLicenses } from '#domain/licenses/moving-users.ts';
import { beginMoving } from '#domain/licenses/redefining.ts';
import { seatsItem } from '#domain/licenses/seats.ts';
import { rightsItem } from '#domain/records/record.ts';
import { jobKey, recordKey, seatsKey } from '#table/keys.ts';
import { bulkTenant } from './bulk-edits.ts';
import { type Spending, spendingMeter } from './spending.ts';
import { textTable } from './text-table.ts';
import { writesByPartition } from './writes-by-partition.ts';

export const definitionBudget = {
  /** Reads and writes of taking, of two looks whether all have taken, and of freeing, together. */
  unitsAUser: 9,
  /** Of all writes, those of one partition key. */
  shareOfWrites: 1 / 8,
};

export interface MeasuredEdit {
  units: { reads: number; writes: number };
  /** Of all the writes, by partition key; the largest first. */
  shares: [partition: string, share: number][];
  /** What the counter of the license that all of them take is written. */
  counterShare: number;
  seconds: number;
  /** How many users had been moved after each turn. */
  progress: number[];
}

/** Everybody frees voice and takes email. @throws Error when somebody does not */
export async function measureDefinitionEdit(count: number): Promise<MeasuredEdit> {
  const meter = spendingMeter();
  const { tenant, userId } = await bulkTenant(count, meter);
  const { deps } = tenant;
  const before = rightsItem().parse(await deps.table.get(recordKey('rights', 'rgt_own')));
  const channels = { email: { queue: 'que_000000000000', count: 1 } };
  const wanted = { ...before, version: before.version + 1, queues: ['que_000000000000'], channels };
  const known = await definitions.latest(deps);
  const told = { event: 'rights.changed', actor: userId };
  // The queue is none of the table's: naming it is not what is measured.
  const { jobId, writes } = beginMoving(deps, known.licensing, { ...wanted, queues: before.queues }, { before, told });
  await deps.table.transact(writes);
  const progress: number[] = [];
  let spent: Spending = { readUnits: 0, writeUnits: 0 } as Spending;
  const startedAt = performance.now();
  const partitions = await writesByPartition(deps.table, async () => {
    spent = await meter.of(async () => {
      for (let state = 'running'; state === 'running'; ) {
        await advance(deps, jobId, { 'move-licenses': moveLicenses });
        const job = await deps.table.get(jobKey(jobId));
        state = job?.state as string;
        progress.push(job?.done as number);
      }
    });
  });
  const seconds = (performance.now() - startedAt) / 1000;
  const { used } = seatsItem().parse(await deps.table.get(seatsKey('email')));
  if (used !== count) throw new Error(`${used} of ${count} users took email`);
  const all = [...partitions.values()].reduce((sum, each) => sum + each, 0);
  return {
    units: { reads: spent.readUnits / count, writes: spent.writeUnits / count },
    shares: [...partitions].map(([partition, each]) => [partition, each / all]),
    counterShare: (partitions.get(seatsKey('email').pk) ?? 0) / all,
    seconds,
    progress,
  };
}

export async function definitionReport(count: number): Promise<string> {
  const { units, shares, counterShare, seconds, progress } = await measureDefinitionEdit(count);
  const [partition, share] = shares[0] as [string, number];
  const isKept = units.reads + units.writes <= definitionBudget.unitsAUser && share <= definitionBudget.shareOfWrites;
  const percent = (part: number) => `${(part * 100).toFixed(1)} %`;
  return `An edit of rights by which ${count} users take another license\n\n${textTable([
    [
      'units a user: reads + writes (at most 9)',
      'largest share of writes (at most 12.5 %)',
      'share of the counter',
      'seconds',
      'turns',
      '',
    ],
    [
      `${units.reads.toFixed(2)} + ${units.writes.toFixed(2)}`,
      `${percent(share)} (${partition})`,
      percent(counterShare),
      seconds.toFixed(1),
      String(progress.length),
      isKept ? 'ok' : 'OVER',
    ],
  ])}`;
}
