// What an operator is woken for. Each metric that an alarm watches costs 10 cents a month, so operations are watched at the API,
// where their errors, throttles and delays all show, and not one by one.

import { Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import type { TenantFile } from '#contract/tenant-file.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { Metrics } from './metrics.ts';
import { ownName, pascal } from './names.ts';

const { GREATER_THAN_THRESHOLD: above } = cloudwatch.ComparisonOperator;
const { BREACHING, NOT_BREACHING, IGNORE } = cloudwatch.TreatMissingData;

interface AlarmSpec {
  id: string;
  metric: cloudwatch.IMetric;
  above: number;
  means: string;
  periods?: number;
  /** Rare metrics: without news the last report holds. */
  lastReportHolds?: true;
  /**
   * Reported at each run of a schedule: without news there are no runs. CloudWatch looks back some periods further for a report
   * before it misses one, so a late run alarms nobody.
   */
  isAlwaysReported?: true;
}

export function makeAlarms(
  scope: Construct,
  tenant: TenantFile,
  metrics: Metrics,
  deadLetters: DeadLetters,
): sns.Topic {
  const topic = makeTopic(scope, tenant);
  for (const spec of alarmSpecs(metrics, deadLetters)) {
    const alarm = new cloudwatch.Alarm(scope, `${pascal(spec.id)}Alarm`, {
      alarmName: ownName(tenant, spec.id),
      alarmDescription: spec.means,
      metric: spec.metric,
      threshold: spec.above,
      comparisonOperator: above,
      evaluationPeriods: spec.periods ?? 1,
      treatMissingData: missingDataOf(spec),
    });
    alarm.addAlarmAction(new SnsAction(topic));
    alarm.addOkAction(new SnsAction(topic));
  }
  return topic;
}

function missingDataOf({ isAlwaysReported, lastReportHolds }: AlarmSpec): cloudwatch.TreatMissingData {
  if (isAlwaysReported) return BREACHING;
  return lastReportHolds ? IGNORE : NOT_BREACHING;
}

function alarmSpecs(metrics: Metrics, deadLetters: DeadLetters): AlarmSpec[] {
  return [
    {
      id: 'api-errors',
      metric: metrics.apiErrors,
      above: 0,
      means: 'Requests failed on our side: see the functions’ logs',
    },
    {
      id: 'api-slow',
      metric: metrics.apiLatency,
      above: 3000,
      periods: 3,
      means: 'One request in a hundred takes over 3 s',
    },
    { id: 'reaction-errors', metric: metrics.reactionErrors, above: 0, periods: 3, means: 'Reactions keep failing' },
    {
      id: 'reaction-throttles',
      metric: metrics.reactionThrottles,
      above: 0,
      periods: 3,
      means: 'Lambda’s concurrency is used up',
    },
    {
      id: 'table-throttles',
      metric: metrics.tableThrottles,
      above: 0,
      means: 'The table refuses requests: a hot partition',
    },
    ...metrics.streamAges.map(({ id, age }) => ({
      id: `${id}-late`,
      metric: age,
      above: Duration.minutes(2).toMilliseconds(),
      means: `${id} is over two minutes behind the table: people wait for their codes`,
    })),
    ...[...deadLetters].map(([id, queue]) => ({
      id: `${id}-dead-letters`,
      metric: queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(5), statistic: 'Maximum' }),
      above: 0,
      means: `${id} gave up on something; it waits in the queue for 14 days`,
    })),
    {
      id: 'seat-drift',
      metric: metrics.seatDrift,
      above: 0,
      // One period: the run that finds a difference mends it, so a second report would not say it again.
      isAlwaysReported: true,
      means: 'Counted seats differ from used ones, or snapshot-licenses does not run: see its log, its schedule',
    },
    {
      id: 'mail-undelivered',
      metric: metrics.mailUndelivered,
      above: 0,
      means: 'Mails were given up before they could be sent',
    },
    {
      id: 'mail-waits',
      metric: metrics.oldestMail,
      above: Duration.minutes(15).toSeconds(),
      periods: 2,
      isAlwaysReported: true,
      means:
        'A mail or an audit entry has been waiting for over 15 minutes: see deliver-outbox and SES; or expire-tokens does not run: see its schedule',
    },
    // SES reviews an account at 5 % and 0.1 %, and pauses it at 10 % and 0.5 %.
    {
      id: 'mail-bounces',
      metric: metrics.mailBounceRate,
      above: 0.05,
      lastReportHolds: true,
      means: 'Over 5 % of the mails bounce',
    },
    {
      id: 'mail-complaints',
      metric: metrics.mailComplaintRate,
      above: 0.001,
      lastReportHolds: true,
      means: 'Over 0.1 % of the mails are reported as spam',
    },
  ];
}

function makeTopic(scope: Construct, tenant: TenantFile): sns.Topic {
  // Not encrypted by a key: CloudWatch can publish under none but a paid one, and no notice holds anything secret.
  const topic = new sns.Topic(scope, 'Alarms', { topicName: ownName(tenant, 'alarms'), enforceSSL: true });
  // A topic with a policy has lost the default one, by which CloudWatch could publish.
  topic.addToResourcePolicy(
    new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  );
  topic.addSubscription(new EmailSubscription(tenant.operatorEmail));
  return topic;
}
