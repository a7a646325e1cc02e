// Snapshots: the day's totals, once a day that has ended. Of each license what was used at the day's end, the most that was used at a
// time, and what was owned, by the ledger; so a day that was missed is the same when it is caught up. Nothing of any user.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import { licenseKeys, snapshotKey } from '#table/keys.ts';
import { absent, put, type Write } from '#table/write.ts';
import * as definitions from '../definitions/definitions.ts';
import type { Deps } from '../deps.ts';
import { useOf } from '../ledger/use.ts';
import { days } from '../schedules/days.ts';
import { ownedOver } from './owned.ts';

const DAY_MS = 86_400_000;

export const snapshotItem = once(() =>
  z.object({
    type: z.literal('snapshot'),
    v: z.literal(1),
    day: z.string(),
    /** Later than the day when it was missed and caught up. */
    takenAt: z.number(),
    /** "<type> <state>" → users, when it was taken. */
    users: z.record(z.string(), z.number()),
  }),
);

export type Snapshot = z.output<ReturnType<typeof snapshotItem>>;

export const licenseDayItem = once(() =>
  z.object({
    type: z.literal('license-day'),
    v: z.literal(1),
    day: z.string(),
    used: z.number(),
    peak: z.number(),
    owned: z.number(),
  }),
);

export type LicenseDay = z.output<ReturnType<typeof licenseDayItem>>;

/** Days that are due: up to that of the scheduled time, and only what has ended; by hand that may be one of long ago. */
export function daysDue(now: number, lastDoneAt: number | undefined, scheduledAt: number): string[] {
  // At the time of the last run its own day had not ended.
  return days(lastDoneAt === undefined ? undefined : lastDoneAt - DAY_MS, Math.min(scheduledAt, now - DAY_MS));
}

/**
 * Takes the snapshots of those days (yyyy-mm-dd, UTC) that have none.
 * @param held goes into each write: the lease that it stands on
 * @param users as they were counted now
 * @returns which days were taken now
 */
export async function take(
  deps: Deps,
  due: readonly string[],
  held: () => Write,
  users: Record<string, number>,
): Promise<string[]> {
  const missing: string[] = [];
  for (const day of due) if (!(await deps.table.get(snapshotKey(day)))) missing.push(day);
  if (missing.length === 0) return [];
  const ofLicenses = await licenseDays(deps, missing);
  const taken: string[] = [];
  for (const day of missing) {
    const snapshot: Snapshot = { type: 'snapshot', v: 1, day, takenAt: deps.now(), users };
    if (await keep(deps, snapshot, ofLicenses.get(day) ?? [], held())) taken.push(day);
  }
  return taken;
}

/** Those there are of a license, by day, from the first of these days to the last. */
export async function snapshotsOf(
  deps: Deps,
  license: string,
  first: string,
  last: string,
): Promise<Map<string, Pick<LicenseDay, 'day' | 'used' | 'peak' | 'owned'>>> {
  const found = new Map<string, Pick<LicenseDay, 'day' | 'used' | 'peak' | 'owned'>>();
  const upTo = licenseKeys.day(license, last).sk;
  // A range begins behind a place: that of the day before.
  let from: Record<string, unknown> | undefined = {
    ...licenseKeys.day(license, new Date(Date.parse(first) - DAY_MS).toISOString().slice(0, 10)),
  };
  while (from) {
    const page = await deps.table.query({ partition: licenseKeys.partition(license), from, upTo });
    for (const item of page.items) {
      const { day, used, peak, owned } = licenseDayItem().parse(item);
      found.set(day, { day, used, peak, owned });
    }
    from = page.next;
  }
  return found;
}

type OfLicense = LicenseDay & { license: string };

/** Each license is gone through once for all the days. */
async function licenseDays(deps: Deps, missing: readonly string[]): Promise<Map<string, OfLicense[]>> {
  const { licensing } = await definitions.latest(deps);
  const found = new Map<string, OfLicense[]>();
  for (const { id: license } of licensing.catalogue.licenses) {
    const ownedBefore = await ownedOver(deps, license);
    for (const { day, used, peak } of await useOf(deps, license, missing)) {
      const owned = ownedBefore(Date.parse(day) + DAY_MS);
      // There was no such license.
      if (owned === undefined) continue;
      const ofLicense: OfLicense = { type: 'license-day', v: 1, license, day, used, peak, owned };
      found.set(day, [...(found.get(day) ?? []), ofLicense]);
    }
  }
  return found;
}

/** A day's items in one transaction. @returns false when the day has them */
async function keep(deps: Deps, snapshot: Snapshot, ofLicenses: readonly OfLicense[], held: Write): Promise<boolean> {
  const first = { if: absent, otherwise: () => new Taken() };
  try {
    await deps.table.transact([
      held,
      put({ ...snapshot, ...snapshotKey(snapshot.day) }, first),
      ...ofLicenses.map((each) => put({ ...each, ...licenseKeys.day(each.license, each.day) })),
    ]);
    return true;
  } catch (error) {
    if (!(error instanceof Taken)) throw error;
    return false;
  }
}

class Taken extends Error {
  override readonly name = 'Taken';
}
