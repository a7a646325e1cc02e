import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { createTable } from '#local/create-table.ts';
import { type Engine, startEngine } from '#local/engine.ts';
import { type Streams, startStreams } from '#local/streams.ts';

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
let engine: Engine;
let dynamodb: DynamoDBClient;
let folder: string;
let tableName: string;
let got: Record<string, string[]>;
let poison: string | undefined;
let refused: number;
let streams: Streams | undefined;

beforeAll(async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' });
  engine = await startEngine();
  dynamodb = new DynamoDBClient({ endpoint: engine.endpoint, region: 'eu-central-1', credentials });
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'roster-streams-'));
  tableName = `streams-${Math.random().toString(36).slice(2)}`;
  got = {};
  poison = undefined;
  refused = 0;
  await createTable(dynamodb, tableName);
});

afterEach(async () => {
  await streams?.stop();
  rmSync(folder, { recursive: true });
});

afterAll(async () => {
  dynamodb.destroy();
  await engine.stop();
});

const put = (name: string, type: string) =>
  dynamodb.send(
    new PutItemCommand({
      TableName: tableName,
      Item: { pk: { S: name }, sk: { S: 'X' }, type: { S: type }, bytes: { B: new Uint8Array([1, 2]) } },
    }),
  );

async function follow() {
  streams = await startStreams({
    dynamodb,
    endpoint: engine.endpoint,
    tableName,
    folder,
    reactions: [
      { id: 'deliver-outbox', itemTypes: ['mail'] },
      { id: 'run-jobs', itemTypes: ['job'] },
    ],
    invoke: async (id, { Records }) => react(id, Records),
    say: () => {},
    pace: { pollMs: 20, retryForMs: 300, pauseMs: { first: 5, greatest: 20 } },
  });
}

function react(id: string, records: DynamoDBRecord[]) {
  const failed = records.filter((record) => record.dynamodb?.Keys?.pk?.S === poison);
  refused += failed.length;
  const accepted = records.filter((record) => !failed.includes(record));
  got[id] = [...(got[id] ?? []), ...accepted.map((record) => record.dynamodb?.Keys?.pk?.S as string)];
  return { batchItemFailures: failed.map(({ dynamodb: of }) => ({ itemIdentifier: of?.SequenceNumber })) };
}

/** Polls for what must come true soon. */
async function eventually(isTrue: () => boolean) {
  for (const deadline = Date.now() + 5000; !isTrue() && Date.now() < deadline; ) {
    await new Promise((done) => setTimeout(done, 5));
  }
  expect(isTrue()).toBe(true);
}

const has = (id: string, ...names: string[]) => names.every((name) => got[id]?.includes(name));

describe('the stream of the local tenant', () => {
  it('gives each reaction the new and changed items of its own types', async () => {
    await follow();
    await put('mail-1', 'mail');
    await put('user-1', 'user');
    await put('job-1', 'job');
    await put('mail-1', 'mail');
    await eventually(() => has('run-jobs', 'job-1') && (got['deliver-outbox']?.length ?? 0) >= 2);
    expect(new Set(got['deliver-outbox'])).toEqual(new Set(['mail-1']));
    expect(new Set(got['run-jobs'])).toEqual(new Set(['job-1']));
  });

  it('tells of items that are only wanted when they are new, and of removed ones, where a reaction asks for that', async () => {
    const told: string[] = [];
    streams = await startStreams({
      dynamodb,
      endpoint: engine.endpoint,
      tableName,
      folder,
      reactions: [{ id: 'run-jobs', itemTypes: ['user'], newTypes: ['session'], removedTypes: ['user'] }],
      invoke: async (_, { Records }) => {
        for (const { eventName, dynamodb: of } of Records) told.push(`${eventName} ${of?.Keys?.pk?.S}`);
      },
      say: () => {},
      pace: { pollMs: 20, retryForMs: 300, pauseMs: { first: 5, greatest: 20 } },
    });
    const drop = (name: string) =>
      dynamodb.send(new DeleteItemCommand({ TableName: tableName, Key: { pk: { S: name }, sk: { S: 'X' } } }));
    const change = (name: string, type: string) =>
      dynamodb.send(
        new PutItemCommand({
          TableName: tableName,
          Item: { pk: { S: name }, sk: { S: 'X' }, type: { S: type }, n: { N: '2' } },
        }),
      );
    for (const [name, type] of [
      ['user-1', 'user'],
      ['session-1', 'session'],
      ['mail-1', 'mail'],
    ] as const) {
      await put(name, type);
      await change(name, type);
      await drop(name);
    }
    await put('last', 'user');
    await eventually(() => told.includes('INSERT last'));
    expect(told).toEqual(['INSERT user-1', 'MODIFY user-1', 'REMOVE user-1', 'INSERT session-1', 'INSERT last']);
  });

  it('goes on after a restart where it stopped: nothing twice that was done, nothing skipped', async () => {
    await follow();
    await put('mail-1', 'mail');
    await eventually(() => has('deliver-outbox', 'mail-1'));
    await streams?.stop();
    await put('mail-2', 'mail');
    got = {};
    await follow();
    await eventually(() => has('deliver-outbox', 'mail-2'));
    expect(got['deliver-outbox']).toEqual(['mail-2']);
  });

  it('delivers after a restart what was not accepted before it', async () => {
    poison = 'mail-1';
    await follow();
    await put('mail-1', 'mail');
    await put('mail-2', 'mail');
    await eventually(() => has('deliver-outbox', 'mail-2'));
    await streams?.stop();
    poison = undefined;
    await follow();
    await eventually(() => has('deliver-outbox', 'mail-1'));
  });

  it('holds up neither a neighbor nor another reaction for a poison record, and puts that aside in the end', async () => {
    poison = 'mail-1';
    await follow();
    await put('mail-1', 'mail');
    // Its retries are under way when the others come.
    await eventually(() => refused > 1);
    await put('mail-2', 'mail');
    await put('job-1', 'job');
    await put('mail-3', 'mail');
    await eventually(() => has('deliver-outbox', 'mail-2', 'mail-3') && has('run-jobs', 'job-1'));
    const letters = join(folder, 'dead-letters');
    expect(readdirSync(folder)).not.toContain('dead-letters');
    await eventually(() => readdirSync(folder).includes('dead-letters'));
    expect(readdirSync(letters)).toEqual(['deliver-outbox']);
  });

  it('hands over bytes as base64 text and time as seconds, like Lambda', async () => {
    const records: DynamoDBRecord[] = [];
    streams = await startStreams({
      dynamodb,
      endpoint: engine.endpoint,
      tableName,
      folder,
      reactions: [{ id: 'deliver-outbox', itemTypes: ['mail'] }],
      invoke: async (_, event) => void records.push(...event.Records),
    });
    await put('mail-1', 'mail');
    await eventually(() => records.length > 0);
    expect(records[0]).toMatchObject({
      eventName: 'INSERT',
      eventSource: 'aws:dynamodb',
      dynamodb: { NewImage: { bytes: { B: 'AQI=' }, type: { S: 'mail' } } },
    });
    expect(Math.abs(Date.now() / 1000 - (records[0]?.dynamodb?.ApproximateCreationDateTime ?? 0))).toBeLessThan(60);
  });
});
