// What a plain handler with the same libraries needs to start: middy, zod, one read by lib-dynamodb, no rules at all.
// Built as the functions are; the bench sets their import time against this one's.

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import middy from '@middy/core';
import * as z from 'zod';

const input = z.object({ id: z.string().min(1) });

let documents: DynamoDBDocumentClient | undefined;

export const handler = middy<{ pathParameters?: unknown }>().handler(async (event) => {
  // At the first call, as the functions do it: else the import would also count what a client costs.
  documents ??= DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint: process.env.DYNAMODB_ENDPOINT }));
  const { id } = input.parse(event.pathParameters);
  const { Item } = await documents.send(new GetCommand({ TableName: process.env.TABLE_NAME, Key: { pk: id, sk: id } }));
  return { statusCode: Item ? 200 : 404, body: JSON.stringify(Item ?? null) };
});
