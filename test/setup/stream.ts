// The table's stream of a test's tenant: hands what has changed to run-jobs when the test says so, record by record as the engine
// keeps them.

import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { AttributeValue, DynamoDBRecord } from 'aws-lambda';
import { reactions } from '#contract/reactions.ts';
import { ShardReader, shardsOf } from '#local/stream-shard.ts';
import { concerns } from '#local/streams.ts';
import type { ItemChange } from '#serve/react.ts';
import type { Item } from '#table/write.ts';
import type { TestTenant } from '#test/setup/tenant.ts';

const reaction = reactions.find(({ id }) => id === 'run-jobs') as Extract<
  (typeof reactions)[number],
  { id: 'run-jobs' }
>;

export type TestStream = Awaited<ReturnType<typeof streamOf>>;

/** One for each shard, from the oldest record on. */
export async function readersOf({ deps, endpoint }: Pick<TestTenant, 'deps' | 'endpoint'>): Promise<ShardReader[]> {
  const region = 'eu-central-1';
  const described = await new DynamoDBClient({ endpoint, region }).send(
    new DescribeTableCommand({ TableName: deps.table.name }),
  );
  const streamArn = described.Table?.LatestStreamArn as string;
  const client = new DynamoDBStreamsClient({ endpoint, region });
  return (await shardsOf(client, streamArn)).map(({ shardId }) => new ShardReader(client, streamArn, shardId));
}

/** Begins with the oldest record. */
export async function streamOf(tenant: TestTenant) {
  const readers = await readersOf(tenant);

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

  /** The same as reactions see them, for who does without the reaction. */
  const changes = async (): Promise<ItemChange[]> =>
    (await records()).map(({ dynamodb }) => ({
      pk: dynamodb?.Keys?.pk?.S ?? '',
      sk: dynamodb?.Keys?.sk?.S ?? '',
      before: imageOf(dynamodb?.OldImage),
      after: imageOf(dynamodb?.NewImage),
      at: Number(dynamodb?.ApproximateCreationDateTime ?? 0) * 1000,
    }));

  const handle = async (Records: DynamoDBRecord[]) => {
    const answer = (await tenant.react('run-jobs', { Records })) as { batchItemFailures: unknown[] };
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

  return { records, changes, handle, deliver };
}

export function imageOf(image: Record<string, AttributeValue> | undefined): Item | undefined {
  return image && (unmarshall(image as Parameters<typeof unmarshall>[0]) as Item);
}
