// Follows the table's stream and holds invariant I2 against every record: no more seats used than owned, none counted that nobody
// holds, nobody holding one that is not counted.

import type { DynamoDBRecord } from 'aws-lambda';
import type { Item } from '#table/write.ts';
import { imageOf, readersOf } from '#test/setup/stream.ts';
import type { TestTenant } from '#test/setup/tenant.ts';

interface Seats {
  owned: number;
  used: number;
  free: number;
}

export interface Watched {
  /** How many records were looked at. */
  records: number;
  /** Each time it did not hold, in words. */
  violations: string[];
  /** As the last record of each has it. */
  seats: Record<string, Seats>;
  /** Users who hold one, by license. */
  holders: Record<string, number>;
}

/** From the oldest record on. @param mayOversell where the operator has forced it */
export async function watchSeats(tenant: TestTenant, { mayOversell = false } = {}): Promise<Watched> {
  const readers = await readersOf(tenant);
  const watched: Watched = { records: 0, violations: [], seats: {}, holders: {} };
  for (const reader of readers) {
    for (let page = await reader.next(undefined); page && page.length > 0; page = await reader.next(undefined)) {
      for (const record of page) look(watched, record, mayOversell);
    }
  }
  for (const [license, { used }] of Object.entries(watched.seats)) {
    const held = watched.holders[license] ?? 0;
    if (held !== used) watched.violations.push(`in the end ${held} hold ${license} and ${used} are counted`);
  }
  return watched;
}

function look(watched: Watched, { dynamodb }: DynamoDBRecord, mayOversell: boolean): void {
  const { seats, holders, violations } = watched;
  watched.records++;
  const [before, after] = [imageOf(dynamodb?.OldImage), imageOf(dynamodb?.NewImage)];
  const at = `record ${watched.records}`;
  if (after?.type === 'seats') {
    const now = after as unknown as Seats & { license: string };
    seats[now.license] = now;
    if (now.free !== now.owned - now.used)
      violations.push(`${at}: ${now.license} has ${now.free} free of ${now.owned}, ${now.used} used`);
    if (now.used < 0) violations.push(`${at}: ${now.used} used of ${now.license}`);
    if (now.free < 0 && !mayOversell) violations.push(`${at}: ${now.license} is oversold: ${now.used} of ${now.owned}`);
  }
  if (before?.type !== 'user' && after?.type !== 'user') return;
  for (const license of heldIn(before)) holders[license] = (holders[license] ?? 0) - 1;
  for (const license of heldIn(after)) {
    holders[license] = (holders[license] ?? 0) + 1;
    const owned = seats[license]?.owned ?? 0;
    if ((holders[license] as number) > owned && !mayOversell) {
      violations.push(`${at}: ${holders[license]} users hold ${license}, ${owned} are owned`);
    }
  }
  if (after?.state === 'deactivated' && heldIn(after).length > 0)
    violations.push(`${at}: a deactivated user holds seats`);
}

function heldIn(item: Item | undefined): string[] {
  return Object.keys((item?.seats as { held?: Record<string, number> } | undefined)?.held ?? {});
}
