// Reads one shard of the table's stream and gives the records in the form in which Lambda gets them.

import {
  type AttributeValue,
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type _Record as StreamRecord,
  TrimmedDataAccessException,
} from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDBRecord, AttributeValue as LambdaValue } from 'aws-lambda';

/** As infra/streams.ts sets it for the stack. */
const BATCH = 25;

/** Every shard that still has records, parents before children. */
export async function shardsOf(client: DynamoDBStreamsClient, streamArn: string) {
  const shards: { shardId: string; parentId: string | undefined }[] = [];
  let after: string | undefined;
  do {
    const answer = await client.send(new DescribeStreamCommand({ StreamArn: streamArn, ExclusiveStartShardId: after }));
    for (const { ShardId, ParentShardId } of answer.StreamDescription?.Shards ?? []) {
      if (ShardId) shards.push({ shardId: ShardId, parentId: ParentShardId });
    }
    after = answer.StreamDescription?.LastEvaluatedShardId;
  } while (after);
  return shards;
}

export class ShardReader {
  readonly shardId: string;
  readonly #client: DynamoDBStreamsClient;
  readonly #streamArn: string;
  #iterator: string | undefined;
  #ended = false;

  constructor(client: DynamoDBStreamsClient, streamArn: string, shardId: string) {
    this.#client = client;
    this.#streamArn = streamArn;
    this.shardId = shardId;
  }

  /** The next records, none when there are none yet, undefined at the shard's end. @param after where reading (re)starts */
  async next(after: string | undefined): Promise<DynamoDBRecord[] | undefined> {
    if (this.#ended) return undefined;
    this.#iterator ??= await this.#startAfter(after);
    try {
      const answer = await this.#client.send(new GetRecordsCommand({ ShardIterator: this.#iterator, Limit: BATCH }));
      this.#iterator = answer.NextShardIterator;
      this.#ended = this.#iterator === undefined;
      return (answer.Records ?? []).map((record) => asLambda(record, this.#streamArn));
    } catch (error) {
      this.#iterator = undefined;
      if (error instanceof ExpiredIteratorException || error instanceof TrimmedDataAccessException) return [];
      throw error;
    }
  }

  /** From the oldest record on when nothing was read yet, or when what follows the position is already gone. */
  async #startAfter(sequence: string | undefined): Promise<string | undefined> {
    const shard = { StreamArn: this.#streamArn, ShardId: this.shardId };
    if (sequence) {
      try {
        const after = { ...shard, ShardIteratorType: 'AFTER_SEQUENCE_NUMBER' as const, SequenceNumber: sequence };
        return (await this.#client.send(new GetShardIteratorCommand(after))).ShardIterator;
      } catch (error) {
        if (!(error instanceof TrimmedDataAccessException)) throw error;
      }
    }
    const oldest = { ...shard, ShardIteratorType: 'TRIM_HORIZON' as const };
    return (await this.#client.send(new GetShardIteratorCommand(oldest))).ShardIterator;
  }
}

function asLambda({ dynamodb, userIdentity: _, ...record }: StreamRecord, streamArn: string): DynamoDBRecord {
  const { ApproximateCreationDateTime: at, Keys, NewImage, OldImage, ...rest } = dynamodb ?? {};
  return {
    ...record,
    eventSourceARN: streamArn,
    dynamodb: {
      ...rest,
      ...(at && { ApproximateCreationDateTime: at.getTime() / 1000 }),
      ...(Keys && { Keys: imageOf(Keys) }),
      ...(NewImage && { NewImage: imageOf(NewImage) }),
      ...(OldImage && { OldImage: imageOf(OldImage) }),
    },
  } as DynamoDBRecord;
}

function imageOf(image: Record<string, AttributeValue>): Record<string, LambdaValue> {
  return Object.fromEntries(Object.entries(image).map(([name, value]) => [name, lambdaValueOf(value)]));
}

/** Bytes are base64 text in Lambda's event. */
function lambdaValueOf(value: AttributeValue): LambdaValue {
  if (value.B) return { B: Buffer.from(value.B).toString('base64') };
  if (value.BS) return { BS: value.BS.map((bytes) => Buffer.from(bytes).toString('base64')) };
  if (value.L) return { L: value.L.map(lambdaValueOf) };
  if (value.M) return { M: imageOf(value.M) };
  return value as LambdaValue;
}
