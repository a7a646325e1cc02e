// Invariant I2, checked on a whole tenant from the outside: what counters say, what users hold and what the ledger tells are one.

import type { Item } from '#table/write.ts';
import { allItems } from '#test/setup/items.ts';
import type { TestTenant } from '#test/setup/tenant.ts';

interface Counted {
  license: string;
  owned: number;
  used: number;
  free: number;
}

interface Interval extends Item {
  license: string;
  user: string;
  from: number;
  to?: number;
}

/**
 * Where I2 does not hold, in words; none: it holds.
 * @param mayOversell where the operator has forced it
 */
export async function seatViolations(tenant: TestTenant, { mayOversell = false } = {}): Promise<string[]> {
  const items = await allItems(tenant);
  const found: string[] = [];
  const held = new Map<string, number>();
  for (const user of items.filter(({ type }) => type === 'user')) {
    const licenses = Object.keys((user.seats as { held?: object } | undefined)?.held ?? {});
    if (user.state === 'deactivated' && licenses.length > 0)
      found.push(`${user.pk} is deactivated and holds ${licenses}`);
    for (const license of licenses) held.set(license, (held.get(license) ?? 0) + 1);
  }
  const counters = items.filter(({ type }) => type === 'seats') as unknown as Counted[];
  for (const { license, owned, used, free } of counters) {
    const count = held.get(license) ?? 0;
    if (used !== count) found.push(`${count} users hold ${license}, and ${used} are counted`);
    if (free !== owned - used) found.push(`${free} of ${license} are free, with ${used} of ${owned} used`);
    if (used > owned && !mayOversell) found.push(`${used} of ${owned} seats of ${license} are used`);
  }
  for (const license of held.keys()) {
    if (!counters.some((each) => each.license === license)) found.push(`${license} is held, and has no seats`);
  }
  return found;
}

/** Where the ledger tells another story than the users; the stream must have been delivered. */
export async function ledgerViolations(tenant: TestTenant): Promise<string[]> {
  const items = await allItems(tenant);
  const users = items.filter(({ type }) => type === 'user');
  const truth = users.flatMap(({ pk, seats }) =>
    Object.entries((seats as { held?: Record<string, number> } | undefined)?.held ?? {}).map(
      ([license, from]) => `${license} ${String(pk).slice('USER#'.length)} ${from}`,
    ),
  );
  const intervals = await intervalsOf(tenant);
  const open = intervals
    .filter(({ to }) => to === undefined)
    .map(({ license, user, from }) => `${license} ${user} ${from}`);
  return [
    ...truth.filter((each) => !open.includes(each)).map((each) => `the ledger lacks ${each}`),
    ...open.filter((each) => !truth.includes(each)).map((each) => `the ledger has ${each}, which nobody holds`),
    ...intervals
      .filter(({ from, to }) => to !== undefined && to < from)
      .map((each) => `ends early: ${JSON.stringify(each)}`),
    ...overlapping(intervals),
  ];
}

function overlapping(intervals: readonly Interval[]): string[] {
  const ofEach = Object.values(Object.groupBy(intervals, ({ license, user }) => `${license} ${user}`));
  return ofEach.flatMap((some = []) => {
    const sorted = some.toSorted((a, b) => a.from - b.from || endOf(a) - endOf(b));
    return sorted.flatMap((each, n) => {
      const next = sorted[n + 1];
      return next && endOf(each) > next.from ? [`overlaps: ${JSON.stringify(each)} and ${JSON.stringify(next)}`] : [];
    });
  });
}

const endOf = ({ to }: Interval) => to ?? Number.POSITIVE_INFINITY;

/** The whole ledger, in no order. */
export async function intervalsOf(tenant: TestTenant): Promise<Interval[]> {
  return (await allItems(tenant)).filter(({ type }) => type === 'interval') as unknown as Interval[];
}

/** Who held a seat at an instant, by the whole ledger: license → users, sorted. */
export function heldIn(intervals: readonly Interval[], at: number): Record<string, string[]> {
  const held: Record<string, string[]> = {};
  for (const each of intervals) {
    if (each.from <= at && at < endOf(each)) held[each.license] = [...(held[each.license] ?? []), each.user];
  }
  for (const users of Object.values(held)) users.sort();
  return held;
}
