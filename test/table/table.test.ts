import { randomBytes } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Problem } from '#contract/problems.ts';
import { createTable } from '#local/create-table.ts';
import { openTable } from '#table/open-table.ts';
import type { Table } from '#table/table.ts';
import { absent, put, update } from '#table/write.ts';
import { type Fault, faultyEngine } from '#test/setup/faulty-engine.ts';

const name = `test-${randomBytes(6).toString('hex')}`;
let faults: Fault[] = [];
let target: string;
let seen: string[] = [];
let proxy: Awaited<ReturnType<typeof faultyEngine>>;
let table: Table;

beforeAll(async () => {
  const endpoint = process.env.DYNAMODB_ENDPOINT as string;
  await createTable(new DynamoDBClient({ endpoint, region: 'eu-central-1' }), name);
  proxy = await faultyEngine(endpoint, (asked) => {
    seen.push(asked);
    return asked === target ? faults.shift() : undefined;
  });
  table = openTable({ name, region: 'eu-central-1', endpoint: proxy.endpoint });
});
afterAll(() => proxy.stop());
beforeEach(() => {
  faults = [];
  seen = [];
});

let count = 0;
const aKey = () => ({ pk: `THING#${count++}`, sk: 'THING' });
const taken = () => new Problem('login_taken');

describe('I8 a lost reply never turns a success into a refusal', () => {
  it('of a transaction: the repeat under the same token succeeds and writes once', async () => {
    const [a, b] = [aKey(), aKey()];
    [target, faults] = ['TransactWriteItems', ['lose-reply']];
    await table.transact([put(a, { if: absent, otherwise: taken }), update(b, { increase: { count: 1 } })]);
    expect(seen).toEqual(['TransactWriteItems', 'TransactWriteItems']);
    expect(await table.get(b)).toMatchObject({ count: 1 });
  });

  it('of one write that meets a transaction: it is repeated until it is let in', async () => {
    const a = aKey();
    [target, faults] = ['UpdateItem', ['conflict', 'conflict']];
    await table.write(update(a, { increase: { count: 1 } }, { if: absent, otherwise: taken }));
    expect(seen).toEqual(['UpdateItem', 'UpdateItem', 'UpdateItem']);
    expect(await table.get(a)).toMatchObject({ count: 1 });
  });

  it('of one conditional put: it recognizes its own item', async () => {
    const key = aKey();
    [target, faults] = ['PutItem', ['lose-reply']];
    await table.write(put(key, { if: absent, otherwise: taken }));
    await expect(table.write(put(key, { if: absent, otherwise: taken }))).rejects.toMatchObject({
      code: 'login_taken',
    });
  });

  it('of one conditional increase: it counts once', async () => {
    const key = aKey();
    await table.write(put({ ...key, count: 1 }));
    [target, faults] = ['UpdateItem', ['lose-reply']];
    const increase = update(key, { increase: { count: 1 } }, { if: ['<', 'count', 10], otherwise: taken });
    expect(await table.write(increase)).toMatchObject({ count: 2 });
    expect(await table.get(key)).toMatchObject({ count: 2 });
  });
});

describe('transactions that met others', () => {
  it('are repeated while every reason is transient', async () => {
    const key = aKey();
    [target, faults] = ['TransactWriteItems', ['conflict', 'conflict', 'throttle']];
    await table.transact([put(key, { if: absent, otherwise: taken })]);
    expect(await table.get(key)).toBeDefined();
  });

  it('give up as try_again when it stays busy, and say when to come back', async () => {
    [target, faults] = ['TransactWriteItems', Array(20).fill('conflict')];
    const attempt = table.transact([put(aKey())]);
    await expect(attempt).rejects.toMatchObject({ code: 'try_again', facts: { retryAfterSeconds: 1 } });
  });

  it('start no repeat that the caller has no time for', async () => {
    [target, faults] = ['TransactWriteItems', Array(20).fill('conflict')];
    const attempt = table.until(Date.now() + 310).transact([put(aKey())]);
    await expect(attempt).rejects.toMatchObject({ code: 'try_again' });
    expect(seen.length).toBeLessThan(4);
  });

  it('are not repeated when a condition failed: that is an answer', async () => {
    const key = aKey();
    await table.write(put(key));
    seen = [];
    await expect(table.transact([put(aKey()), put(key, { if: absent, otherwise: taken })])).rejects.toMatchObject({
      code: 'login_taken',
    });
    expect(seen).toEqual(['TransactWriteItems']);
  });
});

describe('a store that is out of reach', () => {
  it('becomes try_again within five seconds', async () => {
    const nowhere = openTable({ name, region: 'eu-central-1', endpoint: 'http://127.0.0.1:9' });
    const startedAt = Date.now();
    await expect(nowhere.get(aKey())).rejects.toMatchObject({ code: 'try_again' });
    expect(Date.now() - startedAt).toBeLessThan(5000);
  });
});

describe('reads', () => {
  it('in a batch come back in the order asked, with gaps where nothing is', async () => {
    const keys = [aKey(), aKey(), aKey()];
    await table.write(put({ ...(keys[2] as { pk: string; sk: string }), n: 2 }));
    await table.write(put({ ...(keys[0] as { pk: string; sk: string }), n: 0 }));
    expect((await table.batchGet(keys)).map((item) => item?.n)).toEqual([0, undefined, 2]);
  });
});
