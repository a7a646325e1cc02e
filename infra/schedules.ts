// Reactions to the clock, by EventBridge Scheduler in UTC. A run is known by its scheduled time, so that a second delivery can be told.

import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { TenantFile } from '#contract/tenant-file.ts';
import { sendTo } from './grants.ts';
import { pascal, stackName } from './names.ts';

export interface Scheduled {
  id: string;
  expression: string;
  group: scheduler.CfnScheduleGroup;
  handler: lambda.IFunction;
  deadLetters: sqs.IQueue;
}

/** The group is what the roles' trust is bound to: Scheduler names it as the source. */
export function makeScheduleGroup(scope: Construct, tenant: TenantFile): scheduler.CfnScheduleGroup {
  return new scheduler.CfnScheduleGroup(scope, 'Schedules', { name: stackName(tenant) });
}

export function runOnSchedule(scope: Construct, scheduled: Scheduled): void {
  const { id, expression, group, handler, deadLetters } = scheduled;
  const role = new iam.Role(scope, `${pascal(id)}SchedulerRole`, {
    description: `EventBridge Scheduler starts ${id}`,
    assumedBy: new iam.ServicePrincipal('scheduler.amazonaws.com', {
      conditions: {
        StringEquals: { 'aws:SourceAccount': Stack.of(scope).account, 'aws:SourceArn': group.attrArn },
      },
    }),
    inlinePolicies: {
      start: new iam.PolicyDocument({
        statements: [
          new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [handler.functionArn] }),
          sendTo(deadLetters.queueArn),
        ],
      }),
    },
  });
  new scheduler.CfnSchedule(scope, `${pascal(id)}Schedule`, {
    name: id,
    groupName: group.ref,
    scheduleExpression: expression,
    scheduleExpressionTimezone: 'UTC',
    flexibleTimeWindow: { mode: 'OFF' },
    target: {
      arn: handler.functionArn,
      roleArn: role.roleArn,
      input: '{"scheduledAt":"<aws.scheduler.scheduled-time>"}',
      retryPolicy: { maximumRetryAttempts: 3, maximumEventAgeInSeconds: 900 },
      deadLetterConfig: { arn: deadLetters.queueArn },
    },
  });
}
