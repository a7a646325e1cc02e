// The numbers that alarms and the dashboard look at: what AWS counts, and what Roster itself reports (namespace `Roster`).

import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { TenantFile } from '#contract/tenant-file.ts';
import { unattendedReactions } from './dead-letters.ts';
import { ownName, stackName } from './names.ts';

export interface Metrics {
  apiCount: IMetric;
  apiErrors: IMetric;
  apiRefusals: IMetric;
  apiLatency: IMetric;
  reactionErrors: IMetric;
  reactionThrottles: IMetric;
  streamAges: { id: string; age: IMetric }[];
  tableReads: IMetric;
  tableWrites: IMetric;
  tableThrottles: IMetric;
  seatDrift: IMetric;
  mailUndelivered: IMetric;
  oldestMail: IMetric;
  scheduledWork: IMetric[];
  runsMissed: IMetric;
  mailBounceRate: IMetric;
  mailComplaintRate: IMetric;
}

/** Functions are named, not referred to: they stand in nested stacks. */
export function metricsOf(tenant: TenantFile, apiId: string, tableName: string): Metrics {
  const api = family('AWS/ApiGateway', { ApiId: apiId });
  const table = family('AWS/DynamoDB', { TableName: tableName });
  const ours = family('Roster', { tenant: tenant.name });
  const mail = family('AWS/SES', { 'ses:configuration-set': stackName(tenant) });
  const lambda = (id: string) => family('AWS/Lambda', { FunctionName: ownName(tenant, id) });
  const ofReactions = (metric: 'Errors' | 'Throttles', label: string) =>
    sum(
      unattendedReactions.map(({ id }) => lambda(id)(metric, 'Sum')),
      metric.toLowerCase(),
      label,
    );
  return {
    apiCount: api('Count', 'SampleCount'),
    apiErrors: api('5xx', 'Sum'),
    apiRefusals: api('4xx', 'Sum'),
    apiLatency: api('Latency', 'p99'),
    reactionErrors: ofReactions('Errors', 'Errors of reactions'),
    reactionThrottles: ofReactions('Throttles', 'Throttled reactions'),
    streamAges: unattendedReactions
      .filter(({ on }) => on.from === 'stream')
      .map(({ id }) => ({ id, age: lambda(id)('IteratorAge', 'Maximum') })),
    tableReads: table('ConsumedReadCapacityUnits', 'Sum'),
    tableWrites: table('ConsumedWriteCapacityUnits', 'Sum'),
    tableThrottles: sum(
      [table('ReadThrottleEvents', 'Sum'), table('WriteThrottleEvents', 'Sum')],
      'table',
      'Throttled requests to the table',
    ),
    // As often as it is reported.
    seatDrift: ours('SeatDrift', 'Maximum', Duration.days(1)),
    mailUndelivered: ours('MailUndelivered', 'Sum'),
    oldestMail: ours('OldestMailSeconds', 'Maximum', Duration.minutes(15)),
    // Lambda's own: how long a run took needs no metric that is paid for.
    scheduledWork: unattendedReactions
      .filter(({ on }) => on.from === 'schedule')
      .map(({ id }) => lambda(id)('Duration', 'Maximum', Duration.minutes(15))),
    runsMissed: ours('ScheduledRunsMissed', 'Sum', Duration.days(1)),
    mailBounceRate: mail('Reputation.BounceRate', 'Maximum', Duration.hours(1)),
    mailComplaintRate: mail('Reputation.ComplaintRate', 'Maximum', Duration.hours(1)),
  };
}

function family(namespace: string, dimensionsMap: Record<string, string>) {
  return (metricName: string, statistic: string, period = Duration.minutes(5)) =>
    new Metric({ namespace, metricName, dimensionsMap, statistic, period });
}

function sum(metrics: Metric[], name: string, label: string): MathExpression {
  const using = Object.fromEntries(metrics.map((metric, n) => [`${name}${n}`, metric]));
  return new MathExpression({
    // Not METRICS(): in a graph that would be every metric of the graph.
    expression: `SUM([${Object.keys(using).join(',')}])`,
    usingMetrics: using,
    label,
    period: Duration.minutes(5),
  });
}
