// One batch of stream records to one function, until each is accepted or given up: what Lambda's event source mapping does
// with partial batch answers, bisection on error, a record's greatest age and a destination for failures.

import { setTimeout as wait } from 'node:timers/promises';
import type { DynamoDBRecord } from 'aws-lambda';

export interface Delivery {
  invoke: (event: { Records: DynamoDBRecord[] }) => Promise<unknown>;
  /** Keeps a record that was given up. */
  bury: (record: DynamoDBRecord, reason: string) => void;
  /** Called at each attempt that failed. */
  failed?: (reason: string) => void;
  /** How long a batch is tried again. */
  retryForMs: number;
  /** Pauses between attempts double from the first to the greatest. */
  pauseMs: { first: number; greatest: number };
  signal: AbortSignal;
}

/** Ends when nothing of the batch is left to do. @throws AbortError when stopped before that. */
export async function deliver(
  batch: readonly DynamoDBRecord[],
  to: Delivery,
  deadline = Date.now() + to.retryForMs,
): Promise<void> {
  let rest = batch;
  for (let tries = 0; rest.length > 0; tries++) {
    if (tries > 0) {
      await wait(Math.min(to.pauseMs.first * 2 ** (tries - 1), to.pauseMs.greatest), undefined, { signal: to.signal });
    }
    to.signal.throwIfAborted();
    const { from, reason, whole } = await attempt(rest, to);
    if (from === undefined) return;
    to.failed?.(reason);
    if (whole && rest.length > 1) {
      // An error doesn't say which record it is about: halves isolate it, and the others go through.
      const half = Math.ceil(rest.length / 2);
      await Promise.all([deliver(rest.slice(0, half), to, deadline), deliver(rest.slice(half), to, deadline)]);
      return;
    }
    rest = rest.slice(from);
    const [first] = rest;
    if (first && Date.now() >= deadline) {
      to.bury(first, reason);
      rest = rest.slice(1);
    }
  }
}

/** What failed: the index of the lowest failed record, and whether the function refused the batch as a whole. */
interface Outcome {
  from: number | undefined;
  reason: string;
  whole: boolean;
}

async function attempt(batch: readonly DynamoDBRecord[], { invoke }: Delivery): Promise<Outcome> {
  try {
    const answer = await invoke({ Records: [...batch] });
    const failures = (answer as { batchItemFailures?: { itemIdentifier?: string }[] } | null)?.batchItemFailures ?? [];
    if (failures.length === 0) return { from: undefined, reason: '', whole: false };
    const indexes = failures.map(({ itemIdentifier }) =>
      batch.findIndex((record) => record.dynamodb?.SequenceNumber === itemIdentifier),
    );
    // A failure that names no record of the batch fails all of it, as at AWS.
    const isUnknown = indexes.includes(-1);
    return {
      from: isUnknown ? 0 : Math.min(...indexes),
      reason: 'the function reported it as failed',
      whole: isUnknown,
    };
  } catch (error) {
    return { from: 0, reason: error instanceof Error ? (error.stack ?? error.message) : String(error), whole: true };
  }
}
