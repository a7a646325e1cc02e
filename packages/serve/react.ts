// The frame of functions that nobody calls over HTTP: stream consumers, schedules, mail feedback, deploys.

import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { AttributeValue, DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type { ReactionId } from '#contract/reactions.ts';
import type { Deps } from '#domain/deps.ts';
import type { Item } from '#table/write.ts';
import { processDeps } from './environment.ts';

export interface ReactionFunction<Event, Result> {
  (event: Event): Promise<Result>;
  /** The same function with other time, chance and table; for tests. */
  using: (deps: Deps) => (event: Event) => Promise<Result>;
}

const AT_ONCE = 8;

/** Any reaction: runs with the process's deps, logs what goes wrong, and fails so that its source tries again. */
export function react<Event, Result>(
  id: ReactionId,
  run: (deps: Deps, event: Event) => Promise<Result>,
): ReactionFunction<Event, Result> {
  const using = (deps: Deps) => async (event: Event) => {
    try {
      return await run(deps, event);
    } catch (error) {
      deps.log({ level: 'error', event: 'reaction_failed', reaction: id, error });
      throw error;
    }
  };
  return Object.assign((event: Event) => using(processDeps())(event), { using });
}

/** What the stream tells of an item: where it is, and its images before and after; neither where the record names the place alone. */
export interface ItemChange {
  pk: string;
  sk: string;
  before: Item | undefined;
  after: Item | undefined;
  /** When, in epoch ms, to about a second; 0 where the record does not say. */
  at: number;
}

/**
 * A consumer of the table's stream. Records of different items are handled side by side, those of one item in their order. One
 * that fails is reported, so that the stream repeats from there, and its neighbors go on.
 */
export function onStream(
  id: ReactionId,
  handle: (deps: Deps, change: ItemChange) => Promise<void>,
): ReactionFunction<DynamoDBStreamEvent, DynamoDBBatchResponse> {
  return react(id, async (deps, { Records }) => {
    const failed: string[] = [];
    const waiting = byItem(Records);
    const worker = async () => {
      for (let records = waiting.shift(); records; records = waiting.shift()) {
        const failure = await inOrder(deps, id, records, handle);
        if (failure !== undefined) failed.push(failure);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  });
}

function byItem(records: readonly DynamoDBRecord[]): DynamoDBRecord[][] {
  return Object.values(Object.groupBy(records, (record) => JSON.stringify(record.dynamodb?.Keys))).map(
    (each) => each ?? [],
  );
}

/** @returns where it failed; what comes after that waits, and is repeated with it */
async function inOrder(
  deps: Deps,
  id: ReactionId,
  records: readonly DynamoDBRecord[],
  handle: (deps: Deps, change: ItemChange) => Promise<void>,
): Promise<string | undefined> {
  for (const { dynamodb } of records) {
    const { Keys, NewImage, OldImage, SequenceNumber = '', ApproximateCreationDateTime = 0 } = dynamodb ?? {};
    const at = ApproximateCreationDateTime * 1000;
    const place = { pk: Keys?.pk?.S ?? '', sk: Keys?.sk?.S ?? '', at };
    try {
      await handle(deps, { ...place, before: imageOf(OldImage), after: imageOf(NewImage) });
    } catch (error) {
      deps.log({ level: 'error', event: 'record_failed', reaction: id, sequenceNumber: SequenceNumber, error });
      return SequenceNumber;
    }
  }
  return undefined;
}

/** Bytes stay base64 text, as Lambda has them. */
function imageOf(image: Record<string, AttributeValue> | undefined): Item | undefined {
  return image && (unmarshall(image as Parameters<typeof unmarshall>[0]) as Item);
}
