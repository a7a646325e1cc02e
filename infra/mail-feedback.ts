// Reaction to bounces and complaints: SES tells the default bus, a rule picks what this tenant's mails caused.

import * as events from 'aws-cdk-lib/aws-events';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { TenantFile } from '#contract/tenant-file.ts';
import { ownName, pascal } from './names.ts';

export interface FeedbackConsumer {
  id: string;
  configurationSetName: string;
  handler: lambda.IFunction;
  deadLetters: sqs.IQueue;
}

// L1: the L2 target would write the rule into the policy of the queue, which stands in the stack above.
export function consumeMailFeedback(scope: Construct, tenant: TenantFile, consumer: FeedbackConsumer): void {
  const { id, configurationSetName, handler, deadLetters } = consumer;
  const rule = new events.CfnRule(scope, `${pascal(id)}Rule`, {
    name: ownName(tenant, id),
    description: 'Bounces and complaints about mails of this tenant',
    eventPattern: {
      source: ['aws.ses'],
      'detail-type': ['Email Bounced', 'Email Complaint Received'],
      detail: { mail: { tags: { 'ses:configuration-set': [configurationSetName] } } },
    },
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
