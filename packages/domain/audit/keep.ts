// From the outbox into the audit. The one place that writes there, by inserts that can overwrite nothing: repeats change nothing,
// the entry that came first stands.

import { insert, insertAll } from '#table/insert.ts';
import { auditKey } from '#table/keys.ts';
import { type Item, remove } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import type { AuditEntry, WaitingEntry } from './audit.ts';
import type { WaitingEntries } from './entries.ts';

export async function keep(deps: Deps, waiting: WaitingEntry): Promise<void> {
  await insert(deps.table, stored(waiting.entry, waiting.keptUntil));
  await deps.table.write(remove(waiting));
}

/** @param entries what the waiting item stands for */
export async function keepAll(deps: Deps, waiting: WaitingEntries, entries: readonly AuditEntry[]): Promise<void> {
  await insertAll(
    deps.table,
    entries.map((entry) => stored(entry, waiting.keptUntil)),
  );
  await deps.table.write(remove(waiting));
}

/** @param keptUntil epoch s */
function stored(entry: AuditEntry, keptUntil: number): Item {
  return { ...entry, ...auditKey(entry.at, entry.subject.id, entry.id), ttl: keptUntil };
}
