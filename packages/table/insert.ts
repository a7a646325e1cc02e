// Writing an item that is never written again. PartiQL's INSERT cannot overwrite, and IAM grants it apart from putting,
// so a role that may only insert can neither change nor replace what stands (decision 014).

import { DuplicateItemException } from '@aws-sdk/client-dynamodb';
import { BatchExecuteStatementCommand, ExecuteStatementCommand } from '@aws-sdk/lib-dynamodb';
import { reached, type Table } from './table.ts';
import type { Item } from './write.ts';

const STATEMENTS_MAX = 25;

/** Each by itself, 25 in one trip; those that stand already stay as they are. */
export async function insertAll(table: Table, items: readonly Item[]): Promise<void> {
  for (let from = 0; from < items.length; from += STATEMENTS_MAX) {
    const Statements = items.slice(from, from + STATEMENTS_MAX).map((item) => statementFor(table, item));
    const { Responses = [] } = await reached(() =>
      table.documents.send(new BatchExecuteStatementCommand({ Statements })),
    );
    const failed = Responses.find(({ Error: error }) => error && error.Code !== 'DuplicateItem');
    if (failed) throw new Error(`Could not be inserted: ${failed.Error?.Code} ${failed.Error?.Message}`);
  }
}

/** @returns false when an item stands at that place; it stays as it is. */
export async function insert(table: Table, item: Item): Promise<boolean> {
  const statement = new ExecuteStatementCommand(statementFor(table, item));
  try {
    await reached(() => table.documents.send(statement));
    return true;
  } catch (error) {
    if (error instanceof DuplicateItemException) return false;
    throw error;
  }
}

function statementFor(table: Table, item: Item): { Statement: string; Parameters: unknown[] } {
  const attributes = Object.entries(item).filter(([, value]) => value !== undefined);
  const names = attributes.map(([name]) => `'${name.replaceAll("'", "''")}': ?`);
  return {
    Statement: `INSERT INTO "${table.name}" VALUE {${names.join(', ')}}`,
    Parameters: attributes.map(([, value]) => value),
  };
}
