import { randomBytes } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { createTable } from '#local/create-table.ts';
import { openTable } from '#table/open-table.ts';
import { type PageOptions, type Position, page } from '#table/page.ts';
import type { Table } from '#table/table.ts';
import { type Item, put, remove } from '#table/write.ts';

const name = `test-${randomBytes(6).toString('hex')}`;
let table: Table;
let queries = 0;
beforeAll(async () => {
  const endpoint = process.env.DYNAMODB_ENDPOINT as string;
  await createTable(new DynamoDBClient({ endpoint, region: 'eu-central-1' }), name);
  const meter = ({ command }: { command: string }) => {
    if (command === 'Query') queries++;
  };
  table = openTable({ name, region: 'eu-central-1', endpoint, meter });
});
beforeEach(() => {
  queries = 0;
});

let count = 0;
const newPartitions = (many: number) => Array.from({ length: many }, () => `LIST#${count++}`);
const bytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Spreads these over the partitions, each with its own number. */
async function spread(partitions: readonly string[], sorts: readonly string[]): Promise<Item[]> {
  const items = sorts.map((sk, n) => ({ pk: partitions[n % partitions.length] as string, sk, n }));
  for (let from = 0; from < items.length; from += 100) {
    await table.transact(items.slice(from, from + 100).map((item) => put(item)));
  }
  return items;
}

/** All pages; `between` runs after each. */
async function pages(
  options: Omit<PageOptions<Item>, 'from'>,
  between: (nth: number) => Promise<unknown> = async () => {},
): Promise<Item[][]> {
  const found: Item[][] = [];
  let from: Position | undefined;
  do {
    const answer = await page(table, { ...options, from });
    expect(answer.rows.length).toBeLessThanOrEqual(options.limit);
    found.push(answer.rows);
    // As a cursor carries it.
    from = answer.next && JSON.parse(JSON.stringify(answer.next));
    await between(found.length);
  } while (from);
  return found;
}

describe('pages merged from several partitions', () => {
  const sort = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 }).filter((text) => !/\p{Cc}/u.test(text));

  it('hold what is wanted in order, each item once, whatever the sizes, the direction and the gaps', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(sort, { maxLength: 60 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 25 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 7 }),
        fc.option(fc.integer({ min: 8, max: 30 }), { nil: undefined }),
        async (sorts, many, limit, descending, every, readMax) => {
          const partitions = newPartitions(many);
          const items = await spread(partitions, sorts);
          const row = (item: Item) => ((item.n as number) % every === 0 ? item : undefined);
          const found = (await pages({ partitions, limit, descending, row, readMax })).flat();
          const wanted = items.filter((item) => row(item)).sort((a, b) => bytes(a.sk, b.sk) * (descending ? -1 : 1));
          expect(found.map(({ n }) => n)).toEqual(wanted.map(({ n }) => n));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('hold items of the same place in the order once each, also when a page ends among them', async () => {
    const partitions = newPartitions(3);
    const items = partitions.flatMap((pk) => ['a', 'b', 'c'].map((sk) => ({ pk, sk })));
    await table.transact(items.map((item) => put(item)));
    for (const limit of [1, 2, 4, 5]) {
      const found = (await pages({ partitions, limit, row: (item) => item })).flat();
      expect(found.map(({ sk }) => sk).join('')).toBe('aaabbbccc');
      expect(new Set(found.map(({ pk, sk }) => `${pk} ${sk}`)).size).toBe(9);
    }
  });

  it('hold each item of an index once, also when hundreds have the same place in its order', async () => {
    const partitions = newPartitions(2);
    const items = Array.from({ length: 150 }, (_, n) => ({
      pk: `MANY#${count}#${n}`,
      sk: 'X',
      lpk: partitions[n % 2],
      lsk: n % 10 === 0 ? 'other' : 'same',
    }));
    for (let from = 0; from < items.length; from += 75) {
      await table.transact(items.slice(from, from + 75).map((item) => put(item)));
    }
    for (const descending of [false, true]) {
      const found = (await pages({ index: 'users', partitions, limit: 7, descending, row: (item) => item })).flat();
      expect(found.map(({ pk }) => pk).sort()).toEqual(items.map(({ pk }) => pk).sort());
    }
  });

  it('skip and repeat nobody who stays, whatever is written and removed between them', async () => {
    const partitions = newPartitions(3);
    const sorts = Array.from({ length: 300 }, (_, n) => `${String((n * 7919) % 1000).padStart(4, '0')} stays`);
    const items = await spread(partitions, [...new Set(sorts)]);
    const passing = (nth: number, n: number) => ({
      pk: partitions[n % 3] as string,
      sk: `${String((nth * 131 + n * 37) % 1000).padStart(4, '0')} passes ${n}`,
    });
    const found = await pages(
      { partitions, limit: 20, row: (item) => (item.sk.includes('stays') ? item : undefined) },
      (nth) =>
        table.transact(
          Array.from({ length: 12 }, (_, n) => [
            put(passing(nth, n)),
            ...(nth > 1 ? [remove(passing(nth - 1, n))] : []),
          ]).flat(),
        ),
    );
    expect(found.flat().map(({ sk }) => sk)).toEqual(items.map(({ sk }) => sk).sort());
  });

  it('end without a next one when just so many are left', async () => {
    const partitions = newPartitions(1);
    await spread(partitions, ['a', 'b', 'c']);
    const answer = await page(table, { partitions, limit: 3, from: undefined, row: (item) => item });
    expect(answer.rows).toHaveLength(3);
    expect(answer.next).toBeUndefined();
  });
});

describe('what a page reads', () => {
  const rare = (item: Item) => ((item.n as number) % 200 === 199 ? item : undefined);

  it('is bounded when few are wanted: then it is short, and has a next one', async () => {
    const partitions = newPartitions(3);
    await spread(
      partitions,
      Array.from({ length: 1200 }, (_, n) => String(n).padStart(5, '0')),
    );
    const options = { partitions, limit: 50, row: rare };
    const short = await page(table, { ...options, from: undefined, readMax: 300 });
    expect(short.read).toBeLessThanOrEqual(300);
    expect(short.read).toBeGreaterThan(250);
    expect(short.rows).toHaveLength(1);
    expect(short.next).toBeDefined();
    expect((await pages({ ...options, readMax: 300 })).flat()).toHaveLength(6);
  });

  it('takes few trips, also for one of many', async () => {
    const partitions = newPartitions(3);
    await spread(
      partitions,
      Array.from({ length: 900 }, (_, n) => String(n).padStart(5, '0')),
    );
    const { rows } = await page(table, { partitions, limit: 1, from: undefined, row: rare });
    expect(rows).toHaveLength(1);
    expect(queries).toBeLessThanOrEqual(3 * 8);
  });

  it('begins with as many as it is told to, and is then all that it may be, in two trips', async () => {
    const partitions = newPartitions(1);
    await spread(
      partitions,
      Array.from({ length: 300 }, (_, n) => String(n).padStart(5, '0')),
    );
    const options = { partitions, limit: 5, from: undefined, row: rare, readMax: 80 };
    expect(await page(table, { ...options, first: 80 })).toMatchObject({ rows: [], read: 80 });
    expect(queries).toBe(1);
    expect(await page(table, { ...options, first: 10 })).toMatchObject({ rows: [], read: 80 });
    expect(queries).toBe(3);
  });

  it('is one trip for all partitions; where one of them had too little, the page is a little short', async () => {
    const partitions = newPartitions(3);
    // Spread by chance, as ids are.
    const items = Array.from({ length: 1500 }, (_, n) => ({
      pk: partitions[randomBytes(1).readUInt8() % 3] as string,
      sk: String(n).padStart(5, '0'),
    }));
    for (let from = 0; from < items.length; from += 100) {
      await table.transact(items.slice(from, from + 100).map((item) => put(item)));
    }
    const trips: number[] = [];
    let before = queries;
    const found = await pages({ partitions, limit: 100, row: (item) => item }, async () => {
      trips.push((queries - before) / 3);
      before = queries;
    });
    expect(found.flat()).toHaveLength(1500);
    expect(Math.max(...trips)).toBe(1);
    expect(found.slice(0, -1).every((rows) => rows.length >= 90)).toBe(true);
    expect(found.filter((rows) => rows.length === 100).length).toBeGreaterThan(8);
  });
});
