// Reading the audit, newest first: day by day, shard by shard, filtered on the way. What one request reads is bounded.

import { Problem } from '#contract/problems.ts';
import { auditPartitions, auditShardOf } from '#table/keys.ts';
import type { Deps } from '../deps.ts';
import { type AuditEntry, auditItem } from './audit.ts';

const DAY_MS = 86_400_000;
const RANGE_DAYS_MAX = 366;
/** Days that one request looks into at most. */
const DAYS_A_REQUEST = 31;

export interface AuditFilter {
  actor?: string | undefined;
  subject?: string | undefined;
  event?: string | undefined;
  /** Epoch ms, both inclusive. */
  from: number;
  to: number;
}

/** Where a page ended: entries before this one follow. */
export interface AuditPosition {
  at: number;
  id: string;
}

/** @throws Problem `range_too_long` */
export function rangeOf(from: string | undefined, to: string | undefined, now: number): { from: number; to: number } {
  const until = to === undefined ? now : Date.parse(to);
  const since = from === undefined ? until - 30 * DAY_MS : Date.parse(from);
  if (since > until || until - since > RANGE_DAYS_MAX * DAY_MS) {
    const detail =
      since > until
        ? 'is after `to`; swap them'
        : `is more than ${RANGE_DAYS_MAX} days before \`to\`; ask for less at a time`;
    throw new Problem('range_too_long', {
      detail: `/query/from ${detail}`,
      errors: [{ pointer: '/query/from', detail }],
    });
  }
  return { from: since, to: until };
}

/** One page; where few entries match it may hold fewer than the limit, and still have a next one. */
export async function search(
  deps: Deps,
  filter: AuditFilter,
  limit: number,
  after: AuditPosition | undefined,
): Promise<{ entries: AuditEntry[]; next?: AuditPosition }> {
  const newest = after?.at ?? filter.to;
  const found: AuditEntry[] = [];
  const firstDay = dayOf(filter.from);
  let day = dayOf(newest);
  for (let days = 0; day >= firstDay; days++, day -= DAY_MS) {
    if (days === DAYS_A_REQUEST) return { entries: found, next: { at: day + DAY_MS - 1, id: '' } };
    for (const entry of await entriesOf(deps, day, filter)) {
      if (!matches(entry, filter) || (after && !isBefore(entry, after))) continue;
      if (found.length === limit) return { entries: found, next: positionOf(found.at(-1) as AuditEntry) };
      found.push(entry);
    }
  }
  return { entries: found };
}

/** A day's entries, newest first; of one subject only its shard. */
async function entriesOf(deps: Deps, day: number, filter: AuditFilter): Promise<AuditEntry[]> {
  const date = new Date(day).toISOString().slice(0, 10);
  const all = auditPartitions(date);
  const partitions =
    filter.subject === undefined
      ? all
      : all.filter((partition) => partition === auditShardOf(date, filter.subject as string));
  const read = partitions.map((partition) => Array.fromAsync(deps.table.all({ partition, descending: true })));
  const entries = (await Promise.all(read)).flat().map((item) => auditItem().parse(item));
  return entries.sort((a, b) => (isBefore(a, positionOf(b)) ? 1 : -1));
}

function matches({ actor, subject, event, at }: AuditEntry, filter: AuditFilter): boolean {
  return (
    at >= filter.from &&
    at <= filter.to &&
    (filter.actor === undefined || actor === filter.actor) &&
    (filter.subject === undefined || subject.id === filter.subject) &&
    (filter.event === undefined || event === filter.event)
  );
}

/** Older, or of the same instant and earlier in the order of ids. */
function isBefore(entry: AuditEntry, { at, id }: AuditPosition): boolean {
  return entry.at < at || (entry.at === at && (id === '' || entry.id < id));
}

function positionOf({ at, id }: AuditEntry): AuditPosition {
  return { at, id };
}

function dayOf(at: number): number {
  return Math.floor(at / DAY_MS) * DAY_MS;
}
