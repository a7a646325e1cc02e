// The frame of functions that nobody calls over HTTP: stream consumers, schedules, mail feedback, deploys.

import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import type { ReactionId } from '#contract/reactions.ts';
import type { Deps } from '#domain/deps.ts';
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

/**
 * A consumer of the table's stream. Each record is handled by itself: one that fails is reported, so that the stream
 * repeats from there, and its neighbors go on.
 */
export function onStream(
  id: ReactionId,
  handle: (deps: Deps, keys: { pk: string; sk: string }) => Promise<void>,
): ReactionFunction<DynamoDBStreamEvent, DynamoDBBatchResponse> {
  return react(id, async (deps, { Records }) => {
    const failed: string[] = [];
    const waiting = [...Records];
    const worker = async () => {
      for (let record = waiting.shift(); record; record = waiting.shift()) {
        const { Keys, SequenceNumber = '' } = record.dynamodb ?? {};
        try {
          await handle(deps, { pk: Keys?.pk?.S ?? '', sk: Keys?.sk?.S ?? '' });
        } catch (error) {
          deps.log({ level: 'error', event: 'record_failed', reaction: id, sequenceNumber: SequenceNumber, error });
          failed.push(SequenceNumber);
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  });
}
