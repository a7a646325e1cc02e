// Starts a whole tenant in this process: engine, table, first SuperUser, mail, API, stream, schedules; and ends it in order.
// The command line stands in start.ts; tests call this, or start.ts as a child.

import { mkdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join, resolve } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { functionsOut } from '#build/build.ts';
import { operationSeconds } from '#contract/operation.ts';
import { operationList } from '#contract/operations.ts';
import { type Reaction, reactions } from '#contract/reactions.ts';
import type { TenantFile } from '#contract/tenant-file.ts';
import { createTable } from './create-table.ts';
import { localPages } from './docs-page.ts';
import { startEngine } from './engine.ts';
import { credentials, setEnvironment, tableNameOf, uploadsBucketOf } from './environment.ts';
import { Functions } from './functions.ts';
import { gateway } from './gateway.ts';
import { takeLock } from './lock.ts';
import { startMailbox } from './mailbox.ts';
import { closeServer, host, listen } from './ports.ts';
import { startSchedules } from './schedules.ts';
import { startStreams } from './streams.ts';
import { startUploads } from './uploads.ts';

export interface TenantOptions {
  dataFolder: string;
  /** 0 takes any free port; `setBy` names the variable that insists on it. */
  port: number;
  portSetBy?: string | undefined;
  mailPort: number;
  mailPortSetBy?: string | undefined;
  tenantFile: TenantFile;
  /** Another DynamoDB engine instead of dynoxide; its data is then kept there. */
  engineEndpoint?: string | undefined;
  /** An endpoint of SES and SNS instead of the mailbox. */
  mailEndpoint?: string | undefined;
  /** Index all users anew. */
  reindex?: boolean;
  /** Bundled functions, as buildFunctions() leaves them. */
  functionsFolder?: string;
  say?: (line: string) => void;
}

export interface LocalTenant {
  apiUrl: string;
  /** The inbox; absent when mails go elsewhere. */
  mailUrl: string | undefined;
  engineEndpoint: string;
  tableName: string;
  stop(): Promise<void>;
}

/** Starts everything, or nothing: what was begun ends again when a later part fails. @throws StartError with its remedy */
export async function startTenant(options: TenantOptions): Promise<LocalTenant> {
  const ending: (() => unknown)[] = [];
  const stop = async () => {
    for (const end of ending.splice(0).reverse()) await end();
  };
  try {
    return { ...(await begin(options, ending)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function begin(options: TenantOptions, ending: (() => unknown)[]): Promise<Omit<LocalTenant, 'stop'>> {
  const { tenantFile, say = console.error } = options;
  const folder = resolve(options.dataFolder);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  ending.push(takeLock(folder));

  // Ports first: the invite that provisioning sends already carries the address.
  const server = createServer(answerNotYet);
  const port = await listen(server, { port: options.port, setBy: options.portSetBy });
  ending.push(() => closeServer(server));
  const apiUrl = `http://${host}:${port}`;
  const mail = options.mailEndpoint
    ? undefined
    : await startMailbox({ port: options.mailPort, setBy: options.mailPortSetBy, folder });
  if (mail) ending.push(mail.stop);

  const engineEndpoint = options.engineEndpoint ?? (await ownEngine(folder, say, ending));
  const tableName = tableNameOf(tenantFile);
  const uploadsBucket = uploadsBucketOf(tenantFile);
  setEnvironment({
    tenantFile,
    dataFolder: folder,
    apiUrl,
    engineEndpoint,
    sesEndpoint: options.mailEndpoint ?? mail?.url ?? '',
    snsEndpoint: options.mailEndpoint ?? mail?.snsUrl ?? '',
  });
  const dynamodb = new DynamoDBClient({ endpoint: engineEndpoint, region: tenantFile.region });
  ending.push(() => dynamodb.destroy());
  await createTable(dynamodb, tableName);

  const functions = new Functions(options.functionsFolder ?? functionsOut);
  const react = (id: string, event: unknown) => functions.invoke(id, event, reactionTimeout(id));
  for (const { id } of reactionsFrom('deploy')) await react(id, { reindex: options.reindex === true });

  const streams = await startStreams({
    dynamodb,
    endpoint: engineEndpoint,
    tableName,
    reactions: reactionsFrom('stream').map(({ id, on }) => ({ id, ...on })),
    invoke: react,
    folder,
    say,
  });
  ending.push(streams.stop);
  const schedules = startSchedules(
    reactionsFrom('schedule').map(({ id, on }) => ({ id, expression: on.expression })),
    react,
    { say },
  );
  ending.push(schedules.stop);
  const uploads = startUploads({
    folder,
    bucket: uploadsBucket,
    region: tenantFile.region,
    credentials,
    reactions: reactionsFrom('upload'),
    invoke: react,
    say,
  });
  ending.push(uploads.stop);
  const pages = localPages(mail?.url);
  server.off('request', answerNotYet);
  server.on(
    'request',
    gateway({
      operations: operationList,
      unmatchedId: reactionsFrom('unmatched-request')[0]?.id ?? '',
      publicUrl: apiUrl,
      invoke: (id, event) => functions.invoke(id, event, operationSeconds),
      pages: (request, response) => uploads.answer(request, response) || pages(request, response),
      say,
    }),
  );
  // Last in, first out: no new request comes in before the stream and the engine under it go.
  ending.push(() => closeServer(server));
  return { apiUrl, mailUrl: mail?.url, engineEndpoint, tableName };
}

/** Until everything stands: a request that comes early hears so, and is not left without an answer. */
function answerNotYet(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(503, { 'content-type': 'application/json', 'retry-after': '1' });
  response.end(JSON.stringify({ message: 'The tenant is starting' }));
}

async function ownEngine(folder: string, say: (line: string) => void, ending: (() => unknown)[]): Promise<string> {
  const engine = await startEngine({ file: join(folder, 'table.sqlite'), say });
  ending.push(engine.stop);
  return engine.endpoint;
}

type From<Source extends Reaction['on']['from']> = (typeof reactions)[number] & { on: { from: Source } };

function reactionsFrom<Source extends Reaction['on']['from']>(source: Source): From<Source>[] {
  return reactions.filter((reaction): reaction is From<Source> => reaction.on.from === source);
}

function reactionTimeout(id: string): number {
  return (reactions as readonly Reaction[]).find((reaction) => reaction.id === id)?.timeoutSeconds ?? 60;
}
