// What was used and owned of a license on each day: by the snapshots, and by the ledger for days that have none yet.

import type { License } from '#contract/license-catalogue.ts';
import { Problem } from '#contract/problems.ts';
import { seatsKey } from '#table/keys.ts';
import type { Deps } from '../deps.ts';
import { useOf } from '../ledger/use.ts';
import { days } from '../schedules/days.ts';
import { requireKnown } from './known.ts';
import type { Licensing } from './licensing.ts';
import { ownedOver } from './owned.ts';
import { snapshotsOf } from './snapshots.ts';

const DAY_MS = 86_400_000;
const DAYS_MAX = 400;
const DAYS_USUAL = 30;

export interface HistoryDay {
  day: string;
  used: number;
  peak: number;
  owned: number;
  provisional?: true;
}

/** Days (yyyy-mm-dd) that were asked for, without those to come. @throws Problem `range_too_long` */
export function daysOf(from: string | undefined, to: string | undefined, now: number): string[] {
  const last = to === undefined ? now : Date.parse(to);
  const first = from === undefined ? last - (DAYS_USUAL - 1) * DAY_MS : Date.parse(from);
  const count = Math.floor(last / DAY_MS) - Math.floor(first / DAY_MS) + 1;
  if (to !== undefined && count < 1) throw refused('is after `to`; swap them', { from, to });
  if (count > DAYS_MAX) {
    throw refused(`begins ${count} days, and ${DAYS_MAX} is the most; ask for less at a time`, count);
  }
  if (first > now) throw refused('is still to come; ask for days until today', from ?? to, from ? 'from' : 'to');
  return days(first - DAY_MS, Math.min(last, now));
}

function refused(detail: string, because: unknown, end: 'from' | 'to' = 'from'): Problem {
  const pointer = `/query/${end}`;
  return new Problem('range_too_long', {
    detail: `${pointer} ${detail}`,
    errors: [{ pointer, detail }],
    because,
    remedy: `Ask for ${DAYS_MAX} days at most, from the earlier to the later one, and until today`,
  });
}

/** Also one that is in no catalogue any more, by its id. @throws Problem `license_not_found` */
export async function requireLicense(
  deps: Deps,
  { catalogue }: Licensing,
  id: string,
  pointer: string,
): Promise<Pick<License, 'id' | 'name'>> {
  const isKnown = catalogue.licenses.some((license) => license.id === id);
  if (!isKnown && (await deps.table.get(seatsKey(id)))) return { id, name: id };
  return requireKnown(catalogue.licenses, id, pointer);
}

/** Of those days; none from before there was the license. */
export async function historyOf(deps: Deps, license: string, asked: readonly string[]): Promise<HistoryDay[]> {
  const first = asked[0];
  if (first === undefined) return [];
  const snapshots = await snapshotsOf(deps, license, dayBefore(first), asked.at(-1) as string);
  const known = new Map<string, HistoryDay>(snapshots);
  const missing = asked.filter((day) => !known.has(day));
  if (missing.length > 0)
    for (const each of await provisional(deps, license, missing, known)) known.set(each.day, each);
  return asked.flatMap((day) => known.get(day) ?? []);
}

const dayBefore = (day: string) => new Date(Date.parse(day) - DAY_MS).toISOString().slice(0, 10);

/** From the snapshot of the day before them on, where there is one: then it is read just what has changed since. */
async function provisional(
  deps: Deps,
  license: string,
  missing: readonly string[],
  known: ReadonlyMap<string, HistoryDay>,
): Promise<HistoryDay[]> {
  const ownedBefore = await ownedOver(deps, license);
  const isThere = missing.filter((day) => ownedBefore(Date.parse(day) + DAY_MS) !== undefined);
  const first = isThere[0];
  if (first === undefined) return [];
  // Nobody held a seat before there was the license.
  const used = known.get(dayBefore(first))?.used ?? (ownedBefore(Date.parse(first)) === undefined ? 0 : undefined);
  return (await useOf(deps, license, isThere, used)).map((use) => ({
    ...use,
    owned: ownedBefore(Date.parse(use.day) + DAY_MS) as number,
    provisional: true,
  }));
}
