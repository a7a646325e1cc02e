// Reactions to the table's stream: which items, in what portions, and how long a record may fail before it steps aside.

import { Duration } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { StreamPart } from '#contract/reactions.ts';

export interface StreamConsumer {
  handler: lambda.Function;
  table: dynamodb.ITable;
  part: StreamPart;
  deadLetters: sqs.IQueue;
}

export function consumeStream({ handler, table, part, deadLetters }: StreamConsumer): void {
  handler.addEventSource(
    new DynamoEventSource(table, {
      // From the oldest record: LATEST loses what is written while the mapping is being made.
      startingPosition: lambda.StartingPosition.TRIM_HORIZON,
      filters: filtersOf(part),
      // No batching window: somebody waits for the code. Twenty-five mails fit in the function's minute.
      batchSize: 25,
      // Two batches of a shard at a time; records of one item stay in order.
      parallelizationFactor: 2,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      retryAttempts: 5,
      // The item itself stays in the table, where the sweep finds it: the stream needn't insist until its day is over.
      maxRecordAge: Duration.hours(1),
      onFailure: new SqsDlq(deadLetters),
    }),
  );
}

/** A record passes that any of them lets through. */
function filtersOf({ itemTypes, newTypes = [], removedTypes = [] }: StreamPart): Record<string, unknown>[] {
  const typed = (types: readonly string[]) => ({ type: { S: lambda.FilterRule.or(...types) } });
  const parts = [
    { events: ['INSERT', 'MODIFY'], dynamodb: { NewImage: typed(itemTypes) }, types: itemTypes },
    { events: ['INSERT'], dynamodb: { NewImage: typed(newTypes) }, types: newTypes },
    { events: ['REMOVE'], dynamodb: { OldImage: typed(removedTypes) }, types: removedTypes },
  ].filter(({ types }) => types.length > 0);
  return parts.map(({ events, dynamodb }) =>
    lambda.FilterCriteria.filter({ eventName: lambda.FilterRule.or(...events), dynamodb }),
  );
}
