// Writing an item that is never written again. PartiQL's INSERT cannot overwrite, and IAM grants it apart from putting,
// so a role that may only insert can neither change nor replace what stands (decision 014).

import { DuplicateItemException } from '@aws-sdk/client-dynamodb';
import { ExecuteStatementCommand } from '@aws-sdk/lib-dynamodb';
import { reached, type Table } from './table.ts';
import type { Item } from './write.ts';

/** @returns false when an item stands at that place; it stays as it is. */
export async function insert(table: Table, item: Item): Promise<boolean> {
  const attributes = Object.entries(item).filter(([, value]) => value !== undefined);
  const names = attributes.map(([name]) => `'${name.replaceAll("'", "''")}': ?`);
  const statement = new ExecuteStatementCommand({
    Statement: `INSERT INTO "${table.name}" VALUE {${names.join(', ')}}`,
    Parameters: attributes.map(([, value]) => value),
  });
  try {
    await reached(() => table.documents.send(statement));
    return true;
  } catch (error) {
    if (error instanceof DuplicateItemException) return false;
    throw error;
  }
}
