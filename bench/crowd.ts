// Making a crowd of users in a table, with everything by which they are found; chunk by chunk, so that it can be told how far it is.

import { type DynamoDBClient, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { entriesOf } from '#domain/directory/entries.ts';
import type { Rules } from '#domain/licenses/consumption.ts';
import { seated } from '#domain/licenses/seats.ts';
import type { User } from '#domain/users/user.ts';
import { seatsKey } from '#table/keys.ts';
import { tableSchema } from '#table/schema.ts';
import type { Table } from '#table/table.ts';
import { put, update, type Write } from '#table/write.ts';
import { person } from './people.ts';
import { WriteMany } from './write-many.ts';

const CHUNK = 500;

export interface Crowd {
  from: number;
  to: number;
  now: number;
  /** What they take licenses by. Their seats are bought along: nobody who was there before goes without. */
  rules: Rules;
  /** What is written of each, beside the entries. */
  creation: (user: User) => Write[];
  /** Told after each chunk: how many there are by now. */
  progress?: (made: number) => void;
}

/** @returns what is to be counted for them, to be written when all are there */
export async function makeCrowd(table: Table, { from, to, now, rules, creation, progress }: Crowd): Promise<Write[]> {
  const bulk = new WriteMany(table);
  const seats = new Map<string, number>();
  for (let n = from; n < to; n += CHUNK) {
    const people = Array.from({ length: Math.min(CHUNK, to - n) }, (_, i) => seated(person(n + i, now), rules, now));
    for (const license of people.flatMap(({ seats: taken }) => Object.keys(taken?.held ?? {}))) {
      seats.set(license, (seats.get(license) ?? 0) + 1);
    }
    const writes = people.flatMap((each) => [...creation(each), ...entriesOf(each).map((entry) => put(entry))]);
    await bulk.add(writes.filter((write) => !isOfSeats(write)));
    progress?.(n + people.length);
  }
  return [...bulk.counts(), ...[...seats].map(bought)];
}

function isOfSeats(write: Write): boolean {
  return write.kind === 'update' && write.key.sk === seatsKey('').sk;
}

function bought([license, count]: [string, number]): Write {
  return update(seatsKey(license), { increase: { owned: count, used: count, moves: count } });
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
