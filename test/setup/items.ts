// Everything that stands in a test's table.

import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Item } from '#table/write.ts';
import type { TestTenant } from '#test/setup/tenant.ts';

export async function allItems({ deps, endpoint }: Pick<TestTenant, 'deps' | 'endpoint'>): Promise<Item[]> {
  const client = new DynamoDBClient({ endpoint, region: 'eu-central-1' });
  const items: Item[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName: deps.table.name, ConsistentRead: true })) {
    items.push(...Items.map((item) => unmarshall(item) as Item));
  }
  return items;
}
