// Writing very many items at once, as no operation would: without their conditions, and with counts summed up to be moved at the end.

import type { Table } from '#table/table.ts';
import { put, type Write } from '#table/write.ts';

/** As many as a transaction takes: the local engine flushes once for each, which is what it spends its time on. */
const BATCH = 100;
const AT_ONCE = 3;

type Update = Write & { kind: 'update' };

export class WriteMany {
  readonly #table: Table;
  readonly #counting = new Map<string, { write: Update; sums: Record<string, number> }>();

  constructor(table: Table) {
    this.#table = table;
  }

  async add(writes: readonly Write[]): Promise<void> {
    const items = writes.flatMap((write) => (write.kind === 'put' ? [write.item] : []));
    // The last of each place: a transaction must not name an item twice.
    const puts = [...new Map(items.map((item) => [`${item.pk}\n${item.sk}`, put(item)])).values()];
    for (const write of writes) if (write.kind !== 'put') this.#count(write);
    const worker = async () => {
      for (let batch = puts.splice(0, BATCH); batch.length > 0; batch = puts.splice(0, BATCH)) {
        await this.#table.transact(batch);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }

  /** What was summed up, as writes: one for each item that counts something. */
  counts(): Write[] {
    const counts = [...this.#counting.values()];
    this.#counting.clear();
    return counts.map(({ write, sums }) => ({ ...write, changes: { ...write.changes, increase: sums } }));
  }

  #count(write: Write): void {
    if (write.kind !== 'update') throw new Error(`A ${write.kind} cannot be written in bulk`);
    const place = JSON.stringify(write.key);
    const sums = this.#counting.get(place)?.sums ?? {};
    for (const [path, by] of Object.entries(write.changes.increase ?? {})) sums[path] = (sums[path] ?? 0) + by;
    this.#counting.set(place, { write, sums });
  }
}
