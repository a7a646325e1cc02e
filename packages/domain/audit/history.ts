// What was changed of one user, field by field, newest first: the audit's entries about them, taken apart.

import type { Deps } from '../deps.ts';
import type { AuditEntry } from './audit.ts';
import { type AuditPosition, search } from './search.ts';

/** What counts changes, and is none itself. */
const COUNTERS = ['version', 'updatedAt'];

export interface Change {
  at: number;
  event: string;
  actor: string;
  /** Absent for an event that changed no field. */
  field?: string;
  before?: unknown;
  after?: unknown;
}

export interface HistoryPosition {
  /** Entries before this one follow. */
  after: AuditPosition | undefined;
  /** Of this entry so many changes have been shown. */
  begun?: { id: string; shown: number } | undefined;
}

export interface HistoryFilter {
  subject: string;
  field?: string | undefined;
  /** Epoch ms, both inclusive. */
  from: number;
  to: number;
}

/** One page; where few entries match it may hold fewer than the limit, and still have a next one. */
export async function history(
  deps: Deps,
  { field, ...filter }: HistoryFilter,
  limit: number,
  { after, begun }: HistoryPosition,
): Promise<{ changes: Change[]; next?: HistoryPosition }> {
  const changes: Change[] = [];
  const { entries, next } = await search(deps, filter, limit, after);
  let done = after;
  for (const entry of entries) {
    const shown = entry.id === begun?.id ? begun.shown : 0;
    const more = changesIn(entry, field).slice(shown);
    const room = limit - changes.length;
    changes.push(...more.slice(0, room));
    if (more.length > room) return { changes, next: { after: done, begun: { id: entry.id, shown: shown + room } } };
    done = { at: entry.at, id: entry.id };
  }
  return next ? { changes, next: { after: next } } : { changes };
}

/** Sign-ins change nothing of the user: whoever looks for them reads the audit. */
function changesIn({ at, event, actor, changes = {} }: AuditEntry, wanted: string | undefined): Change[] {
  if (event.startsWith('session.')) return [];
  const fields = Object.keys(changes)
    .filter((field) => !COUNTERS.includes(field))
    .sort();
  if (fields.length === 0) return wanted === undefined ? [{ at, event, actor }] : [];
  return fields
    .filter((field) => wanted === undefined || field === wanted)
    .map((field) => ({ at, event, actor, field, ...changes[field] }));
}
