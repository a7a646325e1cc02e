// Devices, queues, trunks and caller IDs as calls are decided by: all of a kind read at once, and kept for five seconds at most, like
// definitions (K11). A busy process decides without reading them; which of them a user has is known only after the user is read, and
// would be one more trip.

import { type RecordKind, recordPartition, recordPrefix } from '#table/keys.ts';
import type { Deps } from '../deps.ts';
import { type KnownRecords, recordSchemas } from '../records/record.ts';
import * as records from '../records/records.ts';

export type KindOfCalls = Extract<RecordKind, 'device' | 'queue' | 'trunk' | 'caller-ids'>;

export type Known<Kind extends KindOfCalls> = ReadonlyMap<string, KnownRecords[Kind]>;

/** One for each process; forgotten where the process has just changed one itself. */
export type KnownOfCalls = { [Kind in KindOfCalls]?: { readAt: number; value: Known<Kind> } };

const FRESH_MS = 5000;
/** There are 500 of a kind at most; whatever stands there, a process keeps no more. */
const KEPT_MAX = 500;

/** Those at hand, or else read by this very request: beside the users that it is about, so without a trip more. */
export async function current<Kind extends KindOfCalls>(deps: Deps, kind: Kind): Promise<Known<Kind>> {
  const kept = ofCalls(deps)[kind];
  const now = deps.now();
  if (kept && now - kept.readAt < FRESH_MS) return kept.value as Known<Kind>;
  const value = await readAll(deps, kind);
  // Counted from before the read: what is five seconds old by then is read anew.
  ofCalls(deps)[kind] = { readAt: now, value } as KnownOfCalls[Kind];
  return value;
}

/** The same with these among them, where another process has made one since, or where not all are kept. */
export async function knowing<Kind extends KindOfCalls>(
  deps: Deps,
  kind: Kind,
  known: Known<Kind>,
  ids: readonly string[],
): Promise<Known<Kind>> {
  const missing = ids.filter((id) => !known.has(id));
  if (missing.length === 0) return known;
  const found = await records.byIds(
    deps,
    missing.map((id) => ({ kind, id })),
  );
  const added = found.filter((record) => record !== undefined).map((record) => [record.id, record] as const);
  return new Map([...known, ...added]);
}

/** One of them. @throws Problem `record_not_found` */
export async function require<Kind extends KindOfCalls>(
  deps: Deps,
  kind: Kind,
  known: Known<Kind>,
  id: string,
): Promise<KnownRecords[Kind]> {
  return known.get(id) ?? records.require(deps, kind, id);
}

function ofCalls({ definitions }: Deps): KnownOfCalls {
  definitions.ofCalls ??= {};
  return definitions.ofCalls;
}

/** A moment old at most, like the five seconds that they are kept: at half the units. */
async function readAll<Kind extends KindOfCalls>(deps: Deps, kind: Kind): Promise<Known<Kind>> {
  const found = new Map<string, KnownRecords[Kind]>();
  for await (const item of deps.table.all({ partition: recordPartition(kind), beginsWith: recordPrefix(kind) })) {
    const record = recordSchemas[kind]().parse(item) as KnownRecords[Kind];
    found.set(record.id, record);
    if (found.size === KEPT_MAX) break;
  }
  return found;
}
