// Reactions to what AWS services tell the default bus of EventBridge: a rule picks what is this tenant's and hands it to a function.

import * as events from 'aws-cdk-lib/aws-events';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { TenantFile } from '#contract/tenant-file.ts';
import { ownName, pascal } from './names.ts';

export interface EventConsumer {
  id: string;
  handler: lambda.IFunction;
  deadLetters: sqs.IQueue;
}

export interface Picked {
  description: string;
  source: string;
  types: string[];
  detail: Record<string, unknown>;
}

// L1: the L2 target would write the rule into the policy of the queue, which stands in the stack above.
export function consumeEvents(scope: Construct, tenant: TenantFile, consumer: EventConsumer, picked: Picked): void {
  const { id, handler, deadLetters } = consumer;
  const rule = new events.CfnRule(scope, `${pascal(id)}Rule`, {
    name: ownName(tenant, id),
    description: picked.description,
    eventPattern: { source: [picked.source], 'detail-type': picked.types, detail: picked.detail },
    targets: [
      {
        id,
        arn: handler.functionArn,
        retryPolicy: { maximumRetryAttempts: 10, maximumEventAgeInSeconds: 3600 },
        deadLetterConfig: { arn: deadLetters.queueArn },
      },
    ],
  });
  new lambda.CfnPermission(scope, `${pascal(id)}Permission`, {
    action: 'lambda:InvokeFunction',
    functionName: handler.functionName,
    principal: 'events.amazonaws.com',
    sourceArn: rule.attrArn,
  });
}
