// Where what failed for good waits for a person: one queue for each reaction that nobody waits for.

import { Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { type Reaction, reactions } from '#contract/reactions.ts';
import type { TenantFile } from '#contract/tenant-file.ts';
import { ownName, pascal } from './names.ts';

/** Reactions whose caller goes away: the stream, the clock, the mail service, the bucket. Requests and deploys see their failure themselves. */
export const unattendedReactions: readonly Reaction[] = (reactions as readonly Reaction[]).filter(({ on }) =>
  ['stream', 'schedule', 'mail-feedback', 'upload'].includes(on.from),
);

export type DeadLetters = ReadonlyMap<string, sqs.Queue>;

export function makeDeadLetters(scope: Construct, tenant: TenantFile): DeadLetters {
  return new Map(unattendedReactions.map((reaction) => [reaction.id, makeQueue(scope, tenant, reaction)]));
}

function makeQueue(scope: Construct, tenant: TenantFile, { id, on }: Reaction): sqs.Queue {
  const queue = new sqs.Queue(scope, `${pascal(id)}DeadLetters`, {
    queueName: ownName(tenant, `${id}-dead-letters`),
    retentionPeriod: Duration.days(14),
    encryption: sqs.QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
  });
  if (on.from === 'mail-feedback' || on.from === 'upload') {
    // EventBridge has no role here. The rule is named, not referred to: it stands in a nested stack that needs this queue.
    const rule = Stack.of(scope).formatArn({ service: 'events', resource: 'rule', resourceName: ownName(tenant, id) });
    queue.addToResourcePolicy(
      new iam.PolicyStatement({
        principals: [new iam.ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [queue.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': rule } },
      }),
    );
  }
  return queue;
}
