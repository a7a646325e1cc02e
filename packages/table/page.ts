// One page out of several partitions that are sorted alike, merged into one order. Spreading a list over partitions keeps a bulk
// edit from beating on one; merging makes it one list again. Where a page ended is known for each partition, so that the next
// page is exact whatever is written meanwhile.

import { type IndexName, tableSchema } from './schema.ts';
import type { Table } from './table.ts';
import type { Item } from './write.ts';

export interface PageOptions<Row> {
  index?: IndexName | undefined;
  partitions: readonly string[];
  beginsWith?: string | undefined;
  descending?: boolean | undefined;
  limit: number;
  /** `next` of the page before. */
  from: Position | undefined;
  /** What becomes of an item; undefined where it is not wanted. */
  row: (item: Item) => Row | undefined;
  /** Items that are read at most, when few of them are wanted: then a page is short, and still has a next one. */
  readMax?: number | undefined;
  /** Items that are read of each partition at first; when they do not do, all that may still be read is, in one trip. */
  first?: number | undefined;
}

/** Partition → key of the last item of it that a page has taken. */
export type Position = Record<string, Record<string, unknown>>;

export interface Page<Row> {
  rows: Row[];
  /** Items that were read for it. */
  read: number;
  next?: Position;
}

const READ_MAX = 1000;
/** Items of one partition in one trip. */
const PORTION_MAX = 500;
/** Such a part of a page may stand for a whole one: then no page costs more than the others. */
export const ENOUGH = 0.9;

interface Line {
  partition: string;
  waiting: Item[];
  /** Where its next read goes on. */
  next: Record<string, unknown> | undefined;
  isRead: boolean;
  isAtEnd: boolean;
}

export async function page<Row>(table: Table, options: PageOptions<Row>): Promise<Page<Row>> {
  const { limit, from, readMax = READ_MAX } = options;
  const sortKey = keyNames(options.index).sort;
  const lines = options.partitions.map((partition): Line => {
    return { partition, waiting: [], next: from?.[partition], isRead: false, isAtEnd: false };
  });
  const rows: Row[] = [];
  const position: Position = { ...from };
  let read = 0;
  let taken = 0;
  for (;;) {
    const dry = lines.filter((line) => line.waiting.length === 0 && !line.isAtEnd);
    if (dry.length > 0) {
      // A few missing ones are not worth another trip.
      if (rows.length >= limit * ENOUGH) return { rows, read, next: position };
      // A share of what may still be read: what one line has in hand is of no use while another is dry.
      const open = lines.filter((line) => !line.isAtEnd).length;
      const portionMax = Math.min(PORTION_MAX, Math.floor((readMax - read) / open));
      if (portionMax < 1) return { rows, read, next: position };
      const portion = ({ isRead }: Line) => {
        if (options.first !== undefined) return isRead ? portionMax : options.first;
        return isRead ? more(limit, rows.length, taken, lines.length) : share(limit, lines.length);
      };
      const fills = dry.map((line) => fill(table, line, options, Math.min(portion(line), portionMax)));
      read += (await Promise.all(fills)).reduce((sum, count) => sum + count, 0);
      continue;
    }
    const line = first(lines, sortKey, options.descending ?? false);
    const item = line?.waiting.shift();
    if (!line || !item) return { rows, read };
    position[line.partition] = keyOf(item, options.index);
    taken++;
    const row = options.row(item);
    if (row !== undefined) rows.push(row);
    if (rows.length === limit) return lines.some(hasMore) ? { rows, read, next: position } : { rows, read };
  }
}

/**
 * What to read of each line at first: its part of the page, and so much more that one page of twenty gets too little of a line,
 * since the parts are never quite even. One more than the page tells whether there is a next one.
 */
function share(limit: number, lines: number): number {
  const even = limit / lines;
  const deviation = Math.sqrt(even * (1 - 1 / lines));
  return Math.min(limit + 1, Math.ceil(even + 2 * deviation) + (lines === 1 ? 1 : 0));
}

/** What to read of a line that ran dry: by how many were wanted of those taken so far. */
function more(limit: number, found: number, taken: number, lines: number): number {
  const missing = limit - found;
  const isWanted = (found + 1) / (taken + 1);
  return Math.max(missing + 1, Math.ceil(missing / isWanted / lines) + 1);
}

async function fill<Row>(table: Table, line: Line, options: PageOptions<Row>, limit: number): Promise<number> {
  const { index, beginsWith, descending } = options;
  const { items, next } = await table.query({
    ...(index && { index }),
    ...(beginsWith !== undefined && { beginsWith }),
    ...(descending && { descending }),
    partition: line.partition,
    limit,
    from: line.next,
  });
  line.waiting = items;
  line.next = next;
  line.isRead = true;
  line.isAtEnd = next === undefined;
  return items.length;
}

const hasMore = (line: Line) => line.waiting.length > 0 || !line.isAtEnd;

/** The line whose next item comes first. */
function first(lines: readonly Line[], sortKey: string, descending: boolean): Line | undefined {
  const sortOf = (line: Line) => line.waiting[0]?.[sortKey] as string;
  const full = lines.filter(({ waiting }) => waiting.length > 0);
  return full.reduce<Line | undefined>((best, line) => {
    if (!best) return line;
    const order = compare(sortOf(line), sortOf(best)) * (descending ? -1 : 1);
    // Of those of the same place in turns, or many of them would use up one line before the others.
    return order < 0 || (order === 0 && line.waiting.length > best.waiting.length) ? line : best;
  }, undefined);
}

/** DynamoDB sorts by the bytes of UTF-8. */
function compare(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** The index's own key and the table's: what a query starts after. */
function keyOf(item: Item, index: IndexName | undefined): Record<string, unknown> {
  const { partition, sort } = keyNames(index);
  return { pk: item.pk, sk: item.sk, [partition]: item[partition], [sort]: item[sort] };
}

function keyNames(name: IndexName | undefined): { partition: string; sort: string } {
  const { partitionKey, sortKey } = tableSchema.indexes.find((each) => each.name === name) ?? tableSchema;
  return { partition: partitionKey, sort: sortKey };
}
