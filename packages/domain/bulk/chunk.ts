// Entries of a plan as they are kept: packed into chunks, of which each is committed in one transaction. Which users share one
// follows from what they cost there.

import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as z from 'zod';
import { once } from '#contract/once.ts';
import { Problem } from '#contract/problems.ts';
import { bulkKeys } from '#table/keys.ts';
import { put, type Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { type Entry, entry, isPlanned, itemsOf, refusedEntry } from './entry.ts';
import { type Counts, noCounts, type Plan, ttlOf } from './plan.ts';

/** Of the 100 members that a transaction may have. The others: result, outbox, roll of SuperUsers, check of who asked. */
const ITEMS_MAX = 94;
/** Each of them is one that another change can meet: then the others are tried again. */
const CHANGES_MAX = 48;
const ENTRIES_MAX = 200;
/** An item of the table has 400 kB at most; these are of the chunk before it is deflated. */
const BYTES_MAX = 300_000;

const chunkItem = once(() =>
  z.object({ type: z.literal('bulk-chunk'), v: z.literal(1), entries: z.instanceof(Uint8Array) }),
);
const entries = once(() => z.array(entry()));

/** Deflated: ten users take a kilobyte then, and a kilobyte is what is paid for. */
export function chunkWrite(plan: Plan, n: number, chunk: readonly Entry[]): Write {
  const packed = deflateRawSync(JSON.stringify(chunk));
  return put({ ...bulkKeys.chunk(plan.id, n), type: 'bulk-chunk', v: 1, entries: packed, ttl: ttlOf(plan) });
}

/** Undefined: the plan has no such chunk. */
export async function readChunk(deps: Deps, planId: string, n: number): Promise<Entry[] | undefined> {
  const item = await deps.table.get(bulkKeys.chunk(planId, n));
  if (!item) return undefined;
  return entries().parse(JSON.parse(inflateRawSync(chunkItem().parse(item).entries).toString()));
}

export function countsOf(chunk: readonly Entry[]): Counts {
  const counts = { ...noCounts, users: chunk.length };
  for (const { result, signsOut } of chunk) {
    counts[result === 'planned' ? 'changes' : result]++;
    if (signsOut) counts.signOuts++;
  }
  return counts;
}

/** Packs entries in their order. */
export class Packer {
  readonly chunks: Entry[][] = [];
  /** Of all entries so far. */
  bytes = 0;
  #open: Entry[] = [];
  #changes = 0;
  #items = 0;
  #bytes = 0;
  #records = new Set<string>();

  add(given: Entry): void {
    const entry = fitting(given);
    const bytes = Buffer.byteLength(JSON.stringify(entry));
    const records = new Set([...this.#records, ...recordsOf(entry)]);
    const items = this.#items + (isPlanned(entry) ? itemsOf(entry.write) : 0);
    const changes = this.#changes + (isPlanned(entry) ? 1 : 0);
    const isFull =
      items + records.size > ITEMS_MAX ||
      changes > CHANGES_MAX ||
      this.#open.length === ENTRIES_MAX ||
      this.#bytes + bytes > BYTES_MAX;
    if (isFull && this.#open.length > 0) {
      this.close();
      this.add(entry);
      return;
    }
    this.#open.push(entry);
    this.bytes += bytes;
    [this.#items, this.#changes, this.#bytes, this.#records] = [items, changes, this.#bytes + bytes, records];
  }

  close(): void {
    if (this.#open.length > 0) this.chunks.push(this.#open);
    this.#open = [];
    [this.#items, this.#changes, this.#bytes, this.#records] = [0, 0, 0, new Set()];
  }
}

function recordsOf(entry: Entry): string[] {
  if (!isPlanned(entry)) return [];
  const { uses, seats = [] } = entry.write;
  return [...uses.map(({ id }) => id), ...seats.map(([license]) => license)];
}

/** A user by themselves must fit into a transaction. */
function fitting(entry: Entry): Entry {
  if (!isPlanned(entry)) return entry;
  const items = itemsOf(entry.write) + recordsOf(entry).length;
  if (items <= ITEMS_MAX) return entry;
  const detail = `This replaces ${entry.write.uses.length} groups, skills, tags and roles at once; do it in two steps`;
  return refusedEntry(entry.id, entry.title, new Problem('invalid_input', { detail, because: items }));
}
