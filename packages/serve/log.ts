// The log: one JSON line an event, in UTC. A fact named `metric` also becomes a CloudWatch metric, by the embedded metric format.

import type { LogEvent } from '#domain/deps.ts';

const NAMESPACE = 'Roster';

export function writeLog(tenant: string, { metric, ...event }: LogEvent & { metric?: string }): void {
  const at = new Date();
  const embedded = metric && {
    tenant,
    [metric]: typeof event.value === 'number' ? event.value : 1,
    _aws: {
      Timestamp: at.getTime(),
      CloudWatchMetrics: [{ Namespace: NAMESPACE, Dimensions: [['tenant']], Metrics: [{ Name: metric }] }],
    },
  };
  process.stdout.write(`${JSON.stringify({ time: at.toISOString(), ...event, ...embedded }, errorsToText)}\n`);
}

/** Errors as text, causes included; their other members may hold requests with secrets, so they stay out. */
function errorsToText(_key: string, value: unknown): unknown {
  return value instanceof Error ? textOf(value) : value;
}

function textOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${textOf(error.cause)}` : '';
  return `${error.stack ?? error.message}${cause}`;
}
