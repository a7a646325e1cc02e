// The table's stream of a test's tenant: hands what has changed to run-jobs when the test says so, record by record as the engine
// keeps them.

import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDBRecord } from 'aws-lambda';
import { reactions } from '#contract/reactions.ts';
import { ShardReader, shardsOf } from '#local/stream-shard.ts';
import { concerns } from '#local/streams.ts';
import type { TestTenant } from '#test/setup/tenant.ts';

const reaction = reactions.find(({ id }) => id === 'run-jobs') as Extract<
  (typeof reactions)[number],
  { id: 'run-jobs' }
>;

export type TestStream = Awaited<ReturnType<typeof streamOf>>;

/** Begins with the oldest record. */
export async function streamOf({ deps, endpoint, react }: TestTenant) {
  const region = 'eu-central-1';
  const described = await new DynamoDBClient({ endpoint, region }).send(
    new DescribeTableCommand({ TableName: deps.table.name }),
  );
  const streamArn = described.Table?.LatestStreamArn as string;
  const client = new DynamoDBStreamsClient({ endpoint, region });
  const readers = (await shardsOf(client, streamArn)).map(({ shardId }) => new ShardReader(client, streamArn, shardId));

  /** Records that concern run-jobs, of all that was not read before. */
  const records = async (): Promise<DynamoDBRecord[]> => {
    const found: DynamoDBRecord[] = [];
    for (const reader of readers) {
      for (let page = await reader.next(undefined); page && page.length > 0; page = await reader.next(undefined)) {
        found.push(...page.filter((record) => concerns(reaction.on, record)));
      }
    }
    return found;
  };

  const handle = async (Records: DynamoDBRecord[]) => {
    const answer = (await react('run-jobs', { Records })) as { batchItemFailures: unknown[] };
    if (answer.batchItemFailures.length > 0) throw new Error(`run-jobs failed: ${JSON.stringify(answer)}`);
  };

  /** Until nothing is left, also of what the reaction itself has changed. @returns how many records there were */
  const deliver = async (): Promise<number> => {
    let count = 0;
    for (let batch = await records(); batch.length > 0; batch = await records()) {
      await handle(batch);
      count += batch.length;
    }
    return count;
  };

  return { records, handle, deliver };
}
