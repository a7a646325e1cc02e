// Reading and writing the one table. Knows DynamoDB's manners (batches, lost replies, transient cancellations), nothing of what is stored.

import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import {
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  type TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { Problem } from '#contract/problems.ts';
import { Placeholders } from './condition.ts';
import type { Key } from './keys.ts';
import { type IndexName, tableSchema } from './schema.ts';
import { type Item, type LoneWrite, transactMember, type Write } from './write.ts';

export interface QueryOptions {
  index?: IndexName;
  partition: string;
  /** Only sort keys that begin with this, or that are not after this. */
  beginsWith?: string;
  upTo?: string;
  limit?: number;
  descending?: boolean;
  /** Where the page before ended. */
  from?: Record<string, unknown> | undefined;
  consistent?: boolean;
}

/** Reasons of a cancelled transaction that say nothing about the data: trying again is right. */
const TRANSIENT = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);
/** Nothing sorts behind it. */
const LAST_CHARACTER = '\u{10ffff}';
const TRIES = 6;
const MARGIN_MS = 300;

export class Table {
  readonly name: string;
  readonly documents: DynamoDBDocumentClient;
  readonly #deadline: number;

  constructor(name: string, documents: DynamoDBDocumentClient, deadline = Number.POSITIVE_INFINITY) {
    this.name = name;
    this.documents = documents;
    this.#deadline = deadline;
  }

  /** The same table for a caller who has time until then (epoch ms): no retry starts later. */
  until(deadline: number): Table {
    return new Table(this.name, this.documents, deadline);
  }

  /** @param consistent false costs half and may be a moment old: for definitions and hints, never for a decision */
  async get(key: Key, { consistent } = { consistent: true }): Promise<Item | undefined> {
    const found = await reached(() =>
      this.documents.send(new GetCommand({ TableName: this.name, Key: bare(key), ConsistentRead: consistent })),
    );
    return found.Item as Item | undefined;
  }

  /**
   * Reads of up to 100 items in one trip, in the order asked.
   * @param consistent false costs half and may be a moment old: for what is only shown
   */
  async batchGet(keys: readonly Key[], { consistent } = { consistent: true }): Promise<(Item | undefined)[]> {
    const found = new Map<string, Item>();
    let asked: Record<string, unknown>[] = keys.map(bare);
    for (let tries = 0; asked.length > 0; tries++) {
      if (tries > 0) await this.#backOff(tries);
      const answer = await reached(() =>
        this.documents.send(
          new BatchGetCommand({ RequestItems: { [this.name]: { Keys: asked, ConsistentRead: consistent } } }),
        ),
      );
      for (const item of (answer.Responses?.[this.name] ?? []) as Item[]) found.set(`${item.pk}\n${item.sk}`, item);
      asked = answer.UnprocessedKeys?.[this.name]?.Keys ?? [];
    }
    return keys.map((key) => found.get(`${key.pk}\n${key.sk}`));
  }

  /** One page; `next` is where to go on, absent at the end. */
  async query(options: QueryOptions): Promise<{ items: Item[]; next?: Record<string, unknown> }> {
    const index = tableSchema.indexes.find((each) => each.name === options.index);
    const { partitionKey, sortKey } = index ?? tableSchema;
    const placeholders = new Placeholders();
    const conditions = [`${placeholders.name(partitionKey)} = ${placeholders.value(options.partition)}`];
    if (options.beginsWith !== undefined) {
      // As a range: the local engine would look for begins_with through all that follows in the partition.
      const [first, last] = [options.beginsWith, options.beginsWith + LAST_CHARACTER].map((end) =>
        placeholders.value(end),
      );
      conditions.push(`${placeholders.name(sortKey)} BETWEEN ${first} AND ${last}`);
    }
    if (options.upTo !== undefined) {
      conditions.push(`${placeholders.name(sortKey)} <= ${placeholders.value(options.upTo)}`);
    }
    const answer = await reached(() =>
      this.documents.send(
        new QueryCommand({
          TableName: this.name,
          IndexName: index?.name,
          KeyConditionExpression: conditions.join(' AND '),
          ...placeholders.attributes,
          Limit: options.limit,
          ScanIndexForward: !options.descending,
          ExclusiveStartKey: options.from,
          ConsistentRead: index ? false : (options.consistent ?? false),
        }),
      ),
    );
    const items = (answer.Items ?? []) as Item[];
    return answer.LastEvaluatedKey ? { items, next: answer.LastEvaluatedKey } : { items };
  }

  /** Every item of a partition, page after page. */
  async *all(options: QueryOptions): AsyncGenerator<Item> {
    let from: Record<string, unknown> | undefined;
    do {
      const page = await this.query({ ...options, from });
      yield* page.items;
      from = page.next;
    } while (from);
  }

  /**
   * One conditional write; repeated while a transaction holds the item. A repeat by the SDK after a lost reply recognizes its own success by the write's id.
   * @returns the item as an update left it. @throws the write's problem when its condition fails.
   */
  async write(write: LoneWrite): Promise<Item | undefined> {
    const writeId = randomUUID();
    for (let tries = 1; ; tries++) {
      try {
        return await reached(() => this.#send(write, writeId));
      } catch (error) {
        if (error instanceof TransactionConflictException) {
          await this.#backOff(tries, error);
          continue;
        }
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        const found = error.Item && (unmarshall(error.Item) as Item);
        if (found?.writeId === writeId) return found;
        throw refused(write, found);
      }
    }
  }

  async #send(write: LoneWrite, writeId: string): Promise<Item | undefined> {
    const placeholders = new Placeholders();
    const condition = write.if && placeholders.condition(write.if);
    // The condition must fail for the SDK's own repeat, or an increase would count twice.
    const once =
      condition && write.kind !== 'remove'
        ? `(${condition}) AND ${placeholders.condition(['<>', 'writeId', writeId])}`
        : condition;
    const conditional = once && { ConditionExpression: once, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const };
    switch (write.kind) {
      case 'put': {
        const item = condition ? { ...write.item, writeId } : write.item;
        await this.documents.send(
          new PutCommand({ TableName: this.name, Item: item, ...conditional, ...placeholders.attributes }),
        );
        return write.item;
      }
      case 'update': {
        const changes = condition ? { ...write.changes, set: { ...write.changes.set, writeId } } : write.changes;
        const answer = await this.documents.send(
          new UpdateCommand({
            TableName: this.name,
            Key: bare(write.key),
            UpdateExpression: placeholders.update(changes),
            ...conditional,
            ...placeholders.attributes,
            ReturnValues: 'ALL_NEW',
          }),
        );
        return answer.Attributes as Item;
      }
      case 'remove':
        await this.documents.send(
          new DeleteCommand({ TableName: this.name, Key: bare(write.key), ...conditional, ...placeholders.attributes }),
        );
        return undefined;
    }
  }

  /**
   * All writes or none. Repeats under one client token, only while every reason is transient and time is left.
   * @throws the problem of the first write whose condition failed; `try_again` when it stayed busy.
   */
  async transact(writes: readonly Write[]): Promise<void> {
    const [failed] = await this.attempt(writes);
    if (failed) throw refused(failed.write, failed.found);
  }

  /**
   * The same for who goes on without what is refused. The engine names every member that failed, or just some of them: who
   * leaves these out and tries again hears of the others.
   * @returns the members whose condition failed, each with the item as it stands; none: all is written
   */
  async attempt(writes: readonly Write[]): Promise<{ write: Write; found: Item | undefined }[]> {
    const request = {
      ClientRequestToken: randomUUID(),
      TransactItems: writes.map((write) => transactMember(this.name, write)),
    };
    for (let tries = 1; ; tries++) {
      try {
        await reached(() => this.documents.send(new TransactWriteCommand(request)));
        return [];
      } catch (error) {
        const reasons = cancellation(error);
        if (!reasons) throw error;
        const failed = reasons.flatMap(({ Code, Item: found }, n) => {
          if (Code !== 'ConditionalCheckFailed') return [];
          return [{ write: writes[n] as Write, found: found && (unmarshall(found) as Item) }];
        });
        if (failed.length > 0) return failed;
        if (!reasons.every((reason) => reason.Code === 'None' || TRANSIENT.has(reason.Code ?? ''))) throw error;
        await this.#backOff(tries, error);
      }
    }
  }

  /** Full jitter, doubling from 25 ms; gives up when tries or time are used up. */
  async #backOff(tries: number, cause?: unknown): Promise<void> {
    const pause = Math.random() * 25 * 2 ** tries;
    if (tries >= TRIES || Date.now() + pause + MARGIN_MS > this.#deadline) {
      throw new Problem('try_again', {
        detail: 'Others are changing the same thing; repeat the request',
        retryAfterSeconds: 1,
        cause,
      });
    }
    await wait(pause);
  }
}

/** Outages become `try_again`; what the table says of the request itself passes through. */
export async function reached<T>(send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (error instanceof DynamoDBServiceException && error.$fault === 'client' && !isBusy(error)) throw error;
    throw new Problem('try_again', {
      detail: 'The data store did not answer; repeat the request',
      retryAfterSeconds: 2,
      cause: error,
    });
  }
}

function isBusy(error: DynamoDBServiceException): boolean {
  return error.name !== 'TransactionCanceledException' && error.$retryable !== undefined;
}

function cancellation(error: unknown): TransactionCanceledException['CancellationReasons'] {
  if (!(error instanceof DynamoDBServiceException)) return undefined;
  if (error.name === 'TransactionInProgressException') return [{ Code: 'TransactionConflict' }];
  return (error as TransactionCanceledException).CancellationReasons;
}

function refused(write: Write, found: Item | undefined): Error {
  if (write.otherwise) return write.otherwise(found);
  const key = write.kind === 'put' ? write.item : write.key;
  return new Error(`A condition failed that names no problem: ${write.kind} ${key.pk.split('#')[0]} ${key.sk}`);
}

function bare(key: Key): Record<string, unknown> {
  return { pk: key.pk, sk: key.sk };
}
