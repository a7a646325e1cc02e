// All entries by which users are found, as they stand in a test's table.

import type { Item } from '#table/write.ts';
import { allItems } from '#test/setup/items.ts';
import type { TestTenant } from '#test/setup/tenant.ts';

/** In the order of their places. */
export async function entriesOfTenant(tenant: TestTenant): Promise<Item[]> {
  const items = await allItems(tenant);
  return inOrder(items.filter(({ type }) => ['word', 'order', 'member'].includes(type as string)));
}

export function inOrder(items: readonly Item[]): Item[] {
  const placeOf = ({ pk, sk }: Item) => `${pk}\n${sk}`;
  return items.toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
}
