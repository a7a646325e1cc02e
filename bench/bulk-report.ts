// What the bench says of bulk edits.

import { type BulkEditName, bulkBudget, bulkEdits, measureBulkEdit, paceBulkEdit } from './bulk-edits.ts';
import { textTable } from './text-table.ts';

/** @param count of users in each bulk edit */
export async function bulkReport(count: number): Promise<string> {
  const names = Object.keys(bulkEdits) as BulkEditName[];
  const rows: string[][] = [];
  for (const name of names) {
    const { units, total, shares } = await measureBulkEdit(name, count);
    const { usersASecond, cpuMsAUser, heapMegabytes } = await paceBulkEdit(name, count);
    const cpuMs = cpuMsAUser.plan + cpuMsAUser.commit + cpuMsAUser.audit;
    const [partition = '', share = 0] = shares[0] ?? [];
    const over = [
      ...(total > bulkBudget.unitsAUser ? ['units'] : []),
      ...(share > bulkBudget.shareOfWrites ? ['partition'] : []),
      ...(1000 / cpuMs < bulkBudget.usersACpuSecond ? ['pace'] : []),
    ];
    rows.push([
      name,
      `${units.plan.toFixed(2)} + ${units.commit.toFixed(2)} + ${units.audit.toFixed(2)} = ${total.toFixed(2)}`,
      `${(share * 100).toFixed(1)} % (${partition.replace(/(#[a-z]+_).*/, '$1…')})`,
      `${cpuMsAUser.plan.toFixed(2)} + ${cpuMsAUser.commit.toFixed(2)} + ${cpuMsAUser.audit.toFixed(2)}`,
      (1000 / cpuMs).toFixed(0),
      usersASecond.toFixed(0),
      heapMegabytes.toFixed(0),
      over.length > 0 ? `OVER: ${over.join(', ')}` : 'ok',
    ]);
  }
  const { unitsAUser, shareOfWrites, usersACpuSecond } = bulkBudget;
  const heading = [
    'field',
    `units a user: plan + commit + audit (at most ${unitsAUser})`,
    `largest share of writes (at most ${shareOfWrites * 100} %)`,
    'CPU ms a user',
    `users a CPU second (at least ${usersACpuSecond})`,
    'users a second beside the engine',
    'heap MB',
    '',
  ];
  return `Bulk edits of ${count} users\n\n${textTable([heading, ...rows])}`;
}
