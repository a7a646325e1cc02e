// Every log of a tenant: how long it is kept.

import { RemovalPolicy } from 'aws-cdk-lib';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/**
 * A log group that forgets after 90 days and goes with the stack: what must outlive it is the audit, which stands in the
 * retained table, and a retained group of a fixed name would stop the tenant from being made anew.
 */
export function makeLogGroup(scope: Construct, id: string, logGroupName?: string): logs.LogGroup {
  return new logs.LogGroup(scope, id, {
    ...(logGroupName ? { logGroupName } : {}),
    retention: logs.RetentionDays.THREE_MONTHS,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}
