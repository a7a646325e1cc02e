// The tenant on one page: are people served, is the outbox moving, does mail arrive. Three dashboards an account are free.

import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { TenantFile } from '#contract/tenant-file.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { Metrics } from './metrics.ts';
import { stackName } from './names.ts';

export function makeDashboard(scope: Construct, tenant: TenantFile, metrics: Metrics, deadLetters: DeadLetters): void {
  const waiting = [...deadLetters.values()].map((queue) => queue.metricApproximateNumberOfMessagesVisible());
  new cloudwatch.Dashboard(scope, 'Dashboard', {
    dashboardName: stackName(tenant),
    widgets: [
      [
        graph('Requests', metrics.apiCount, metrics.apiRefusals, metrics.apiErrors),
        graph('Slowest of a hundred (ms)', metrics.apiLatency),
        graph('Behind the table (ms)', ...metrics.streamAges.map(({ age }) => age)),
      ],
      [
        graph('Reactions that fail', metrics.reactionErrors, metrics.reactionThrottles),
        graph('Given up', ...waiting),
        graph('Capacity units', metrics.tableReads, metrics.tableWrites, metrics.tableThrottles),
      ],
      [
        graph('Mails never sent', metrics.mailUndelivered),
        graph('Bounces and complaints (share)', metrics.mailBounceRate, metrics.mailComplaintRate),
        graph('Seats that don’t add up', metrics.seatDrift),
      ],
      [
        graph('Scheduled work (ms)', ...metrics.scheduledWork),
        graph('Days that a schedule missed', metrics.runsMissed),
      ],
    ],
  });
}

function graph(title: string, ...left: cloudwatch.IMetric[]): cloudwatch.GraphWidget {
  return new cloudwatch.GraphWidget({ title, left, width: 8, height: 6 });
}
