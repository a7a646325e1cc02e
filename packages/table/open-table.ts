// Connecting to the table: timeouts that fail closed, and a meter for who wants to know what requests cost.

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Table } from './table.ts';

/** What a caller learns of each request's cost; the benchmarks and the budget tests read it. */
export type Meter = (spent: {
  command: string;
  readUnits: number;
  writeUnits: number;
  startedAt: number;
  endedAt: number;
}) => void;

export interface TableOptions {
  name: string;
  region: string;
  endpoint?: string | undefined;
  meter?: Meter;
  /** How long one try may take; there are three. */
  timeoutMs?: number;
}

/** Connects to the table. Fails closed: a table out of reach answers `try_again` within 5 seconds. */
export function openTable({ name, region, endpoint, meter, timeoutMs = 1500 }: TableOptions): Table {
  const client = new DynamoDBClient({
    region,
    ...(endpoint && { endpoint }),
    maxAttempts: 3,
    requestHandler: { connectionTimeout: timeoutMs, requestTimeout: timeoutMs, throwOnRequestTimeout: true },
  });
  if (meter) addMeter(client, meter);
  return new Table(name, DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } }));
}

function addMeter(client: DynamoDBClient, meter: Meter): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' });
      const startedAt = performance.now();
      const result = await next(args);
      const output = result.output as { ConsumedCapacity?: { CapacityUnits?: number } | { CapacityUnits?: number }[] };
      const units = [output.ConsumedCapacity ?? []].flat().reduce((sum, each) => sum + (each.CapacityUnits ?? 0), 0);
      const command = String(context.commandName).replace('Command', '');
      const reads = /Get|Query/.test(command);
      meter({
        command,
        readUnits: reads ? units : 0,
        writeUnits: reads ? 0 : units,
        startedAt,
        endedAt: performance.now(),
      });
      return result;
    },
    { step: 'initialize', name: 'meter' },
  );
}
