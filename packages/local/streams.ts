// Feeds the table's stream to the reactions, each by itself: one that fails or lags holds up no other.
// At least once: a position moves on only when everything up to it is done, and it survives a restart.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDBRecord } from 'aws-lambda';
import type { StreamPart } from '#contract/reactions.ts';
import { type Delivery, deliver } from './stream-delivery.ts';
import { StreamPosition } from './stream-position.ts';
import { ShardReader, shardsOf } from './stream-shard.ts';

export interface StreamReaction extends StreamPart {
  id: string;
}

export interface StreamsOptions {
  dynamodb: DynamoDBClient;
  endpoint: string;
  tableName: string;
  reactions: readonly StreamReaction[];
  invoke: (id: string, event: { Records: DynamoDBRecord[] }) => Promise<unknown>;
  /** Positions and dead letters are kept here. */
  folder: string;
  say?: (line: string) => void;
  /** Tests hurry. */
  pace?: { pollMs: number; retryForMs: number; pauseMs: Delivery['pauseMs'] };
}

export interface Streams {
  /** Ends after the deliveries under way; what is only waiting to be tried again is delivered after the next start. */
  stop(): Promise<void>;
}

const PACE = { pollMs: 100, retryForMs: 600_000, pauseMs: { first: 100, greatest: 5000 } };
/** New shards are looked for this often; dynoxide has one for ever, others split theirs. */
const LOOK_FOR_SHARDS_MS = 10_000;
/** So many pages may wait to be tried again beside the line; then the line waits too. */
const OPEN_PAGES_MAX = 100;

export async function startStreams(options: StreamsOptions): Promise<Streams> {
  const { dynamodb, endpoint, tableName } = options;
  const described = await dynamodb.send(new DescribeTableCommand({ TableName: tableName }));
  const streamArn = described.Table?.LatestStreamArn;
  if (!streamArn) throw new Error(`The table ${tableName} has no stream; this engine cannot feed the reactions`);
  const client = new DynamoDBStreamsClient({ region: await dynamodb.config.region(), endpoint });
  const stopping = new AbortController();
  const lines = options.reactions.map((reaction) => follow(reaction, streamArn, client, options, stopping.signal));
  return {
    async stop() {
      stopping.abort();
      await Promise.all(lines);
      client.destroy();
    },
  };
}

/** Follows every shard for one reaction, those that appear later too. */
async function follow(
  reaction: StreamReaction,
  streamArn: string,
  client: DynamoDBStreamsClient,
  options: StreamsOptions,
  signal: AbortSignal,
): Promise<void> {
  const position = new StreamPosition(join(options.folder, 'streams', `${reaction.id}.json`), streamArn);
  const lines = new Map<string, Promise<void>>();
  await untilStopped(signal, LOOK_FOR_SHARDS_MS, options, async () => {
    for (const { shardId, parentId } of await shardsOf(client, streamArn)) {
      if (lines.has(shardId)) continue;
      // A parent's records come before its children's.
      const parent = parentId ? lines.get(parentId) : undefined;
      const reader = new ShardReader(client, streamArn, shardId);
      lines.set(
        shardId,
        (parent ?? Promise.resolve()).then(() => readLine(reader, reaction, position, options, signal)),
      );
    }
    return 'goOn';
  });
  await Promise.all(lines.values());
}

/** Reads one shard to its end, delivering page by page. */
async function readLine(
  reader: ShardReader,
  reaction: StreamReaction,
  position: StreamPosition,
  options: StreamsOptions,
  signal: AbortSignal,
): Promise<void> {
  const { pollMs, ...retry } = options.pace ?? PACE;
  const open: { upTo: string; done: boolean }[] = [];
  const deliveries = new Set<Promise<void>>();
  let handedOut = position.of(reader.shardId);
  await untilStopped(signal, pollMs, options, async () => {
    while (!signal.aborted) {
      const records = await reader.next(handedOut);
      if (!records) return 'ended';
      const upTo = records.at(-1)?.dynamodb?.SequenceNumber;
      if (!upTo) return 'goOn';
      handedOut = upTo;
      const page = { upTo, done: false };
      open.push(page);
      const trouble = Promise.withResolvers<void>();
      const delivery: Delivery = {
        ...retry,
        signal,
        invoke: (event) => options.invoke(reaction.id, event),
        bury: (record, reason) => bury(reaction.id, record, reason, options),
        failed: () => trouble.resolve(),
      };
      const delivered = deliver(
        records.filter((record) => concerns(reaction, record)),
        delivery,
      )
        .then(() => {
          page.done = true;
          while (open[0]?.done) position.moveTo(reader.shardId, (open.shift() as typeof page).upTo);
        })
        // Stopped before it was done: the position stays before it, and the next start delivers it.
        .catch(() => {})
        .finally(() => deliveries.delete(delivered));
      deliveries.add(delivered);
      // What has to be tried again goes on beside the line; its neighbors don't wait for it.
      await Promise.race([delivered, trouble.promise]);
      while (deliveries.size >= OPEN_PAGES_MAX) await Promise.race(deliveries);
    }
    return 'goOn';
  });
  await Promise.all(deliveries);
}

/** Repeats until stopped or ended. An engine out of reach is said once and waited for. */
async function untilStopped(
  signal: AbortSignal,
  everyMs: number,
  { say = console.error }: StreamsOptions,
  round: () => Promise<'ended' | 'goOn'>,
): Promise<void> {
  let said = false;
  while (!signal.aborted) {
    try {
      if ((await round()) === 'ended') return;
      said = false;
    } catch (error) {
      if (!said && !signal.aborted) say(`The stream cannot be read; trying on: ${(error as Error).message}`);
      said = true;
    }
    // A shorter wait after a failure, so that an engine that comes back is noticed at once.
    await wait(said ? Math.min(everyMs, 500) : everyMs, undefined, { signal }).catch(() => {});
  }
}

/** As the filters of infra/streams.ts have it. */
export function concerns({ itemTypes, newTypes, removedTypes }: StreamPart, record: DynamoDBRecord): boolean {
  const { NewImage, OldImage } = record.dynamodb ?? {};
  const is = (types: readonly string[] | undefined, image: typeof NewImage) =>
    types?.includes(image?.type?.S ?? '') ?? false;
  if (record.eventName === 'REMOVE') return is(removedTypes, OldImage);
  return is(itemTypes, NewImage) || (record.eventName === 'INSERT' && is(newTypes, NewImage));
}

function bury(
  id: string,
  record: DynamoDBRecord,
  reason: string,
  { folder, say = console.error }: StreamsOptions,
): void {
  const letters = join(folder, 'dead-letters', id);
  mkdirSync(letters, { recursive: true });
  const path = join(letters, `${record.dynamodb?.SequenceNumber}.json`);
  writeFileSync(path, JSON.stringify({ reason, record }, null, 2), { mode: 0o600 });
  say(`${id} could not do a record and gave it up; see ${path}`);
}
