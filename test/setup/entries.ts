// All entries by which users are found, as they stand in a test's table.

import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Item } from '#table/write.ts';
import type { TestTenant } from '#test/setup/tenant.ts';

/** In the order of their places. */
export async function entriesOfTenant({ deps, endpoint }: TestTenant): Promise<Item[]> {
  const client = new DynamoDBClient({ endpoint, region: 'eu-central-1' });
  const items: Item[] = [];
  let from: Record<string, never> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({ TableName: deps.table.name, ConsistentRead: true, ExclusiveStartKey: from }),
    );
    items.push(...(page.Items ?? []).map((item) => unmarshall(item) as Item));
    from = page.LastEvaluatedKey as typeof from;
  } while (from);
  return inOrder(items.filter(({ type }) => ['word', 'order', 'member'].includes(type as string)));
}

export function inOrder(items: readonly Item[]): Item[] {
  const placeOf = ({ pk, sk }: Item) => `${pk}\n${sk}`;
  return items.toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
}
