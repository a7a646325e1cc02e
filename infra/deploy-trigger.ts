// Reaction to a deploy: CloudFormation waits for the function, and its failure is the deploy's failure.

import { type CfnResource, Stack } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Trigger } from 'aws-cdk-lib/triggers';
import type { Construct } from 'constructs';
import { makeLogGroup } from './log-group.ts';
import { pascal } from './names.ts';

/**
 * Runs the function once it exists, and again whenever its code or its environment changes. The tenant file lies beside the
 * code: so whatever could make the outcome another runs it again.
 */
export function runOnDeploy(scope: Construct, id: string, handler: lambda.Function): void {
  new Trigger(scope, `${pascal(id)}Trigger`, { handler });
  tameProvider(scope);
}

/**
 * CDK's provider of triggers comes with AWSLambdaBasicExecutionRole, which writes to every log of the account, and with a
 * log that is kept forever. It gets a log of its own, and the right to write to that one.
 */
function tameProvider(scope: Construct): void {
  const provider = Stack.of(scope).node.findChild('AWSCDK.TriggerCustomResourceProviderCustomResourceProvider');
  const role = provider.node.findChild('Role') as CfnResource;
  const handler = provider.node.findChild('Handler') as CfnResource;
  const log = makeLogGroup(scope, 'TriggerLog');
  role.addPropertyDeletionOverride('ManagedPolicyArns');
  role.addPropertyOverride('Policies.1', {
    PolicyName: 'log',
    PolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: [log.logGroupArn] },
      ],
    },
  });
  handler.addPropertyOverride('LoggingConfig', { LogGroup: log.logGroupName });
}
