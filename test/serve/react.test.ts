import { setTimeout as wait } from 'node:timers/promises';
import type { DynamoDBRecord } from 'aws-lambda';
import type { Deps, LogEvent } from '#domain/deps.ts';
import { type ItemChange, onStream } from '#serve/react.ts';

let sequence = 0;
const record = (pk: string, before?: string, after?: string): DynamoDBRecord => ({
  dynamodb: {
    SequenceNumber: String(++sequence),
    Keys: { pk: { S: pk }, sk: { S: 'X' } },
    ...(before && { OldImage: { pk: { S: pk }, title: { S: before } } }),
    ...(after && { NewImage: { pk: { S: pk }, title: { S: after } } }),
  },
});

async function run(records: DynamoDBRecord[], handle: (change: ItemChange) => Promise<void>) {
  const logged: LogEvent[] = [];
  const deps = { log: (event: LogEvent) => logged.push(event) } as unknown as Deps;
  const answer = await onStream('run-jobs', (_deps, change) => handle(change)).using(deps)({ Records: records });
  return { failed: answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier), logged };
}

describe('a consumer of the stream', () => {
  it('handles the records of one item in their order, and those of others beside them', async () => {
    const done: string[] = [];
    let atOnce = 0;
    let most = 0;
    const records = Array.from({ length: 24 }, (_, n) => record(`item-${n % 6}`, undefined, String(n)));
    await run(records, async ({ pk, after }) => {
      most = Math.max(most, ++atOnce);
      // The earlier, the slower: without an order the later ones would overtake.
      await wait(12 - Number(after?.title) / 2);
      atOnce--;
      done.push(`${pk} ${after?.title}`);
    });
    for (let item = 0; item < 6; item++) {
      const ofItem = done.filter((each) => each.startsWith(`item-${item} `)).map((each) => Number(each.split(' ')[1]));
      expect(ofItem).toEqual([item, item + 6, item + 12, item + 18]);
    }
    expect(most).toBeGreaterThan(1);
  });

  it('is told both images of a change', async () => {
    const changes: ItemChange[] = [];
    await run([record('a', undefined, '1'), record('a', '1', '2'), record('a', '2')], async (change) => {
      changes.push(change);
    });
    expect(changes.map(({ before, after }) => [before?.title, after?.title])).toEqual([
      [undefined, '1'],
      ['1', '2'],
      ['2', undefined],
    ]);
  });

  it('reports where an item failed and leaves what follows of it for the repeat; its neighbors go on', async () => {
    const [one, two, three, other] = [
      record('a', undefined, '1'),
      record('a', '1', '2'),
      record('a', '2', '3'),
      record('b', '1', '2'),
    ];
    const seen: string[] = [];
    const { failed, logged } = await run([one, two, three, other] as DynamoDBRecord[], async ({ pk, after }) => {
      seen.push(`${pk} ${after?.title}`);
      if (pk === 'a' && after?.title === '2') throw new Error('poison');
    });
    expect(seen.sort()).toEqual(['a 1', 'a 2', 'b 2']);
    expect(failed).toEqual([two?.dynamodb?.SequenceNumber]);
    expect(logged).toMatchObject([{ level: 'error', event: 'record_failed' }]);
  });
});
