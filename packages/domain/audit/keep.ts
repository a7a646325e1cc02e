// From the outbox into the audit. The one place that writes there, by an insert that can overwrite nothing.

import { insert } from '#table/insert.ts';
import { auditKey } from '#table/keys.ts';
import { remove } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import type { WaitingEntry } from './audit.ts';

/** Repeats change nothing: the entry that came first stands. */
export async function keep(deps: Deps, waiting: WaitingEntry): Promise<void> {
  const { entry, keptUntil } = waiting;
  await insert(deps.table, { ...entry, ...auditKey(entry.at, entry.subject.id, entry.id), ttl: keptUntil });
  await deps.table.write(remove(waiting));
}
