// Makes the one table from its schema, as the stack would: keys, indexes, stream, TTL; and gives an older one the indexes that
// it lacks. For the local tenant and the tests.

import { setTimeout as wait } from 'node:timers/promises';
import {
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceInUseException,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { tableSchema } from '#table/schema.ts';

type Index = (typeof tableSchema.indexes)[number];

const INDEX_POLL_MS = 200;
const stream = { StreamEnabled: true, StreamViewType: tableSchema.streamView };

/** Makes the table. @returns false when it was already there: then it gets the indexes and the stream of the schema. */
export async function createTable(client: DynamoDBClient, name: string): Promise<boolean> {
  try {
    await client.send(
      new CreateTableCommand({
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: attributes(tableSchema, ...tableSchema.indexes),
        KeySchema: keySchema(tableSchema),
        GlobalSecondaryIndexes: tableSchema.indexes.map(indexSpec),
        StreamSpecification: stream,
      }),
    );
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
    await moveIndexes(client, name);
    await switchStreamOn(client, name);
    return false;
  }
  await waitUntilTableExists({ client, maxWaitTime: 30, minDelay: 1, maxDelay: 1 }, { TableName: name });
  await client.send(
    new UpdateTimeToLiveCommand({
      TableName: name,
      TimeToLiveSpecification: { Enabled: true, AttributeName: tableSchema.ttlAttribute },
    }),
  );
  return true;
}

/** One change of an index at a time is what DynamoDB takes. */
async function moveIndexes(client: DynamoDBClient, TableName: string): Promise<void> {
  const there = (await indexesOf(client, TableName)).map(({ IndexName }) => IndexName);
  for (const index of tableSchema.indexes) {
    if (there.includes(index.name)) continue;
    const AttributeDefinitions = attributes(tableSchema, index);
    const GlobalSecondaryIndexUpdates = [{ Create: indexSpec(index) }];
    await client.send(new UpdateTableCommand({ TableName, AttributeDefinitions, GlobalSecondaryIndexUpdates }));
    await settled(client, TableName);
  }
  const known = tableSchema.indexes.map((index): string => index.name);
  for (const IndexName of there) {
    if (IndexName === undefined || known.includes(IndexName)) continue;
    await client.send(new UpdateTableCommand({ TableName, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName } }] }));
    await settled(client, TableName);
  }
}

/** A seeding that was cut off has left it switched off. */
async function switchStreamOn(client: DynamoDBClient, TableName: string): Promise<void> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  if (Table?.StreamSpecification?.StreamEnabled) return;
  await client.send(new UpdateTableCommand({ TableName, StreamSpecification: stream }));
}

async function settled(client: DynamoDBClient, name: string): Promise<void> {
  while ((await indexesOf(client, name)).some(({ IndexStatus }) => IndexStatus !== 'ACTIVE')) await wait(INDEX_POLL_MS);
}

async function indexesOf(client: DynamoDBClient, TableName: string) {
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  return Table?.GlobalSecondaryIndexes ?? [];
}

function indexSpec(index: Index) {
  const { projection: ProjectionType, attributes: names } = index;
  return {
    IndexName: index.name,
    KeySchema: keySchema(index),
    Projection: { ProjectionType, ...(names.length > 0 && { NonKeyAttributes: [...names] }) },
  };
}

function attributes(...keys: readonly { partitionKey: string; sortKey: string }[]) {
  const names = keys.flatMap(({ partitionKey, sortKey }) => [partitionKey, sortKey]);
  return names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const }));
}

function keySchema({ partitionKey, sortKey }: { partitionKey: string; sortKey: string }) {
  return [
    { AttributeName: partitionKey, KeyType: 'HASH' as const },
    { AttributeName: sortKey, KeyType: 'RANGE' as const },
  ];
}
