// Where the writes of a piece of work go: units by partition key, of the table and of its indexes, reckoned from the requests
// as DynamoDB bills them. The engine reports sums alone; the sum of these must be the same.

import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Key } from '#table/keys.ts';
import { tableSchema } from '#table/schema.ts';
import type { Table } from '#table/table.ts';
import type { Item } from '#table/write.ts';

interface Written {
  key: Key;
  /** Undefined: it is removed. */
  item: 'as it stands' | Item | undefined;
  /** Attributes that it names, where it does not write all. */
  names: readonly string[] | undefined;
  /** A transaction costs twice as much. */
  factor: 1 | 2;
  isCheck: boolean;
}

type Values = Record<string, unknown>;

/** Gathers writes as long as the work lasts. @returns units by partition key, the largest first */
export async function writesByPartition(table: Table, work: () => Promise<unknown>): Promise<Map<string, number>> {
  const written: Written[] = [];
  const stop = listen(table.documents, (command, input) => written.push(...writesOf(command, input)));
  try {
    await work();
  } finally {
    stop();
  }
  const units = new Map<string, number>();
  const add = (partition: string, count: number) => units.set(partition, (units.get(partition) ?? 0) + count);
  const standing = await itemsOf(table, written);
  for (const { key, item, names, factor, isCheck } of written) {
    const stands = item === 'as it stands' ? standing.get(idOf(key)) : item;
    add(key.pk, factor * Math.max(1, Math.ceil(sizeOf(stands ?? {}) / 1024)));
    if (isCheck || !stands) continue;
    for (const { partitionKey, sortKey, attributes } of tableSchema.indexes) {
      const partition = stands[partitionKey];
      const isTouched = !names || names.some((name) => [partitionKey, sortKey, ...attributes].includes(name as never));
      // A place in the order that moves is left and taken: two writes.
      const isMoved = names?.includes(sortKey) ?? false;
      if (typeof partition === 'string' && isTouched) add(partition, isMoved ? 2 : 1);
    }
  }
  return new Map([...units].toSorted(([, a], [, b]) => b - a));
}

function listen(documents: DynamoDBDocumentClient, hear: (command: string, input: Values) => void): () => void {
  documents.middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      hear(String(context.commandName).replace('Command', ''), args.input as Values);
      return result;
    },
    { step: 'initialize', name: 'writes-by-partition', priority: 'high' },
  );
  return () => documents.middlewareStack.remove('writes-by-partition');
}

function writesOf(command: string, input: Values): Written[] {
  switch (command) {
    case 'TransactWriteItems':
    case 'TransactWrite':
      return (input.TransactItems as Record<string, Values>[]).flatMap((member) =>
        Object.entries(member).map(([kind, values]) => writeOf(kind, values, 2)),
      );
    case 'PutItem':
    case 'Put':
      return [writeOf('Put', input, 1)];
    case 'UpdateItem':
    case 'Update':
      return [writeOf('Update', input, 1)];
    case 'DeleteItem':
    case 'Delete':
      return [writeOf('Delete', input, 1)];
    case 'ExecuteStatement':
      return [insertOf(input)];
    case 'BatchExecuteStatement':
      return (input.Statements as Values[]).map(insertOf);
    default:
      return [];
  }
}

function writeOf(kind: string, values: Values, factor: 1 | 2): Written {
  const isCheck = kind === 'ConditionCheck';
  if (kind === 'Put') {
    const item = values.Item as Item;
    return { key: item, item, names: undefined, factor, isCheck };
  }
  const names = Object.values((values.ExpressionAttributeNames ?? {}) as Record<string, string>);
  const item = kind === 'Delete' ? undefined : ('as it stands' as const);
  return { key: values.Key as Key, item, names, factor, isCheck };
}

function insertOf({ Statement, Parameters }: Values): Written {
  const names = [...String(Statement).matchAll(/'((?:[^']|'')+)': \?/g)].map(([, name]) => name as string);
  const item = Object.fromEntries(names.map((name, n) => [name, (Parameters as unknown[])[n]])) as Item;
  return { key: item, item, names: undefined, factor: 1, isCheck: false };
}

async function itemsOf(table: Table, written: readonly Written[]): Promise<Map<string, Item>> {
  const keys = new Map(written.filter(({ item }) => item === 'as it stands').map(({ key }) => [idOf(key), key]));
  const waiting = [...keys.values()];
  const found = new Map<string, Item>();
  while (waiting.length > 0) {
    for (const item of await table.batchGet(waiting.splice(0, 100))) if (item) found.set(idOf(item), item);
  }
  return found;
}

const idOf = ({ pk, sk }: Key) => `${pk}\n${sk}`;

/** In bytes, as DynamoDB counts them. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return Math.ceil(String(value).replace(/\D/g, '').length / 2) + 1;
  if (typeof value === 'boolean' || value === null) return 1;
  if (value === undefined) return 0;
  if (value instanceof Uint8Array) return value.length;
  if (Array.isArray(value) || value instanceof Set)
    return 3 + [...value].reduce((sum, each) => sum + 1 + sizeOf(each), 0);
  const entries = Object.entries(value as Values).filter(([, each]) => each !== undefined);
  return entries.reduce((sum, [name, each]) => sum + Buffer.byteLength(name) + sizeOf(each), 0);
}
