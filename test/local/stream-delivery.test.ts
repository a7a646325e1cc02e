import type { DynamoDBRecord } from 'aws-lambda';
import { type Delivery, deliver } from '#local/stream-delivery.ts';

const record = (sequence: string): DynamoDBRecord => ({ dynamodb: { SequenceNumber: sequence } });
const batch = ['1', '2', '3', '4'].map(record);
const sequences = (records: readonly DynamoDBRecord[]) =>
  records.map(({ dynamodb }) => dynamodb?.SequenceNumber).join();

/** Runs a delivery against a function; tells which batches it got and what was buried. */
async function run(handler: (sequences: string, nth: number) => unknown, retryForMs = 60) {
  const got: string[] = [];
  const buried: string[] = [];
  const to: Delivery = {
    invoke: async ({ Records }) => handler(got[got.push(sequences(Records)) - 1] as string, got.length),
    bury: ({ dynamodb }, reason) => buried.push(`${dynamodb?.SequenceNumber} ${reason.split('\n')[0]}`),
    retryForMs,
    pauseMs: { first: 1, greatest: 4 },
    signal: new AbortController().signal,
  };
  await deliver(batch, to);
  return { got, buried };
}

const fail = (...failed: string[]) => ({ batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) });

describe('delivering a batch of the stream', () => {
  it('delivers once what is accepted', async () => {
    expect(await run(() => fail())).toEqual({ got: ['1,2,3,4'], buried: [] });
  });

  it('tries again from the lowest record that failed', async () => {
    const { got } = await run((_, nth) => (nth === 1 ? fail('4', '3') : fail()));
    expect(got).toEqual(['1,2,3,4', '3,4']);
  });

  it('takes a failure that names no record of the batch for all of them', async () => {
    const { got } = await run((_, nth) => (nth === 1 ? fail('77') : fail()));
    expect(got.slice(1).sort()).toEqual(['1,2', '3,4']);
  });

  it('halves a batch whose error names no record, until the poison record stands alone and is buried', async () => {
    const { got, buried } = await run((records) => {
      if (records.split(',').includes('2')) throw new Error('poison');
      return fail();
    });
    expect(got.filter((each) => !each.includes('2')).sort()).toEqual(['1', '3,4']);
    expect(buried).toEqual(['2 Error: poison']);
  });

  it('gives up a record that stays failed, after its time, and goes on with the next', async () => {
    const { got, buried } = await run((records) => (records.includes('2') ? fail('2') : fail()));
    expect(buried).toEqual(['2 the function reported it as failed']);
    expect(got.at(-1)).toBe('3,4');
  });

  it('stops between attempts when told to, and then does not count as done', async () => {
    const stopping = new AbortController();
    const to: Delivery = {
      invoke: async () => fail('1'),
      bury: () => {},
      failed: () => stopping.abort(),
      retryForMs: 60_000,
      pauseMs: { first: 60_000, greatest: 60_000 },
      signal: stopping.signal,
    };
    await expect(deliver(batch, to)).rejects.toThrow();
  });
});
