// Making a crowd of users in a table, with everything by which they are found; chunk by chunk, so that it can be told how far it is.

import { type DynamoDBClient, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { entriesOf } from '#domain/directory/entries.ts';
import type { User } from '#domain/users/user.ts';
import { tableSchema } from '#table/schema.ts';
import type { Table } from '#table/table.ts';
import { put, type Write } from '#table/write.ts';
import { person } from './people.ts';
import { WriteMany } from './write-many.ts';

const CHUNK = 500;

export interface Crowd {
  from: number;
  to: number;
  now: number;
  /** What is written of each, beside the entries. */
  creation: (user: User) => Write[];
  /** Told after each chunk: how many there are by now. */
  progress?: (made: number) => void;
}

/** @returns what is to be counted for them, to be written when all are there */
export async function makeCrowd(table: Table, { from, to, now, creation, progress }: Crowd): Promise<Write[]> {
  const bulk = new WriteMany(table);
  for (let n = from; n < to; n += CHUNK) {
    const people = Array.from({ length: Math.min(CHUNK, to - n) }, (_, i) => person(n + i, now));
    await bulk.add(people.flatMap((each) => [...creation(each), ...entriesOf(each).map((entry) => put(entry))]));
    progress?.(n + people.length);
  }
  return bulk.counts();
}

/** The stream is switched off meanwhile: the local engine's writes grow slow with its length, and what it would tell is done. */
export async function withoutStream<T>(client: DynamoDBClient, TableName: string, work: () => Promise<T>): Promise<T> {
  const switched = (StreamSpecification: { StreamEnabled: boolean; StreamViewType?: typeof tableSchema.streamView }) =>
    client.send(new UpdateTableCommand({ TableName, StreamSpecification }));
  await switched({ StreamEnabled: false });
  try {
    return await work();
  } finally {
    await switched({ StreamEnabled: true, StreamViewType: tableSchema.streamView });
  }
}
