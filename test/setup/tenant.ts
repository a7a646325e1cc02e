// A tenant for tests: the real functions through their real chain, on a real engine, with a clock that the test moves.

import { createHash, randomBytes } from 'node:crypto';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { usualCatalogue } from '#contract/license-catalogue.ts';
import type { Need, Operation } from '#contract/operation.ts';
import { functionPath, type OperationId, operations } from '#contract/operations.ts';
import { type ReactionId, reactions } from '#contract/reactions.ts';
import { type Settings, settings as settingsSchema } from '#contract/settings.ts';
import type { TenantFile } from '#contract/tenant-file.ts';
import * as definitions from '#domain/definitions/definitions.ts';
import type { Deps, LogEvent } from '#domain/deps.ts';
import { builtIn } from '#domain/grants/built-in.ts';
import { licensingCreation } from '#domain/licenses/provisioning.ts';
import { seated } from '#domain/licenses/seats.ts';
import { sealPurpose, waitingMessage } from '#domain/outbox/outbox.ts';
import { hashPassword } from '#domain/passwords/hash.ts';
import * as records from '#domain/records/records.ts';
import * as settings from '#domain/settings/settings.ts';
import type { User } from '#domain/users/user.ts';
import * as users from '#domain/users/users.ts';
import { createTable } from '#local/create-table.ts';
import type { ReactionFunction } from '#serve/react.ts';
import type { ApiFunction } from '#serve/serve.ts';
import { auditPartitions, outboxPartitions, userKeys } from '#table/keys.ts';
import { type Meter, openTable } from '#table/open-table.ts';
import { makeSealKeys, Sealer } from '#table/seal.ts';
import { type Item, put } from '#table/write.ts';

/** Access and rights of a plain agent, for who must have some. */
export const agentGrants = { access: 'acc_agent', rights: 'rgt_own' };

export const password = 'a long walk along the river';
const phc = hashPassword(password);

export interface CallOptions {
  params?: Record<string, string>;
  query?: Record<string, string>;
  body?: unknown;
  /** Sent as it is, instead of `body` as JSON. */
  rawBody?: string;
  token?: string;
  headers?: Record<string, string>;
  ip?: string;
}

export interface Called {
  status: number;
  headers: Record<string, string>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely
  body: any;
}

export interface SentMail {
  to: string;
  template: string;
  language: string;
  data: Record<string, string>;
}

/** The operator's of every test's tenant. */
export const operatorKey = `rop_${'k'.repeat(43)}`;
const operatorKeySha256 = createHash('sha256').update(operatorKey).digest('hex');

/** So many seats of each license that no test runs out of them which is not about it. */
const plenty = Object.fromEntries(usualCatalogue.licenses.map(({ id }) => [id, { seats: 1_000_000 }]));

export type TestTenant = Awaited<ReturnType<typeof aTenant>>;

/** A provisioned tenant; a bare one has its table and nothing in it. */
export async function aTenant(
  given: Partial<Settings> = {},
  options: { meter?: Meter; isBare?: true; licenses?: Partial<TenantFile['licenses']> } = {},
) {
  const name = `test-${randomBytes(6).toString('hex')}`;
  const endpoint = process.env.DYNAMODB_ENDPOINT as string;
  const region = 'eu-central-1';
  await createTable(new DynamoDBClient({ endpoint, region }), name);
  let now = Date.parse('2026-03-02T08:00:00Z');
  const sealer = new Sealer(makeSealKeys(now));
  const logged: LogEvent[] = [];
  const deps: Deps = {
    now: () => now,
    // Nobody waits in tests.
    pause: async () => {},
    randomBytes,
    table: openTable({ name, region, endpoint, timeoutMs: 20_000, ...(options.meter && { meter: options.meter }) }),
    sealer: async () => sealer,
    tenant: { name: 'acme', publicUrl: 'https://acme.example', operatorKeySha256 },
    definitions: { known: undefined },
    log: (event) => logged.push(event),
  };
  if (!options.isBare) {
    for (const record of builtIn(now)) await deps.table.transact(records.creation(record));
    const { catalogue = usualCatalogue, owned } = options.licenses ?? {};
    const licenses = { catalogue, owned: { ...plenty, ...owned } };
    await deps.table.transact(licensingCreation(licenses, now));
    await deps.table.write(settings.creation(settingsSchema().parse(given), now));
  }

  const call = async (id: OperationId, options: CallOptions = {}): Promise<Called> => {
    const handler = (await functionOf<ApiFunction>(operations[id])).using(asCalled(deps, operations[id]));
    const answer = await handler(eventFor(id, options) as never, lambdaContext);
    const headers = answer.headers as Record<string, string>;
    return { status: answer.statusCode as number, headers, body: bodyOf(answer) };
  };

  /** Runs a reaction on an event of its source. */
  const react = async (id: ReactionId, event: unknown): Promise<unknown> => {
    const reaction = reactions.find((each) => each.id === id);
    const { using } = await functionOf<ReactionFunction<unknown, unknown>>(reaction as (typeof reactions)[number]);
    return using(asGranted(deps, reaction?.needs ?? []))(event);
  };

  /** Mails that wait, oldest first, opened with the tenant's key as the consumer would. */
  const mails = async (): Promise<SentMail[]> => {
    const items = await allOf(outboxPartitions);
    return items
      .filter((item) => item.type === 'message')
      .map((item) => waitingMessage().parse(item))
      .sort((a, b) => a.sk.localeCompare(b.sk))
      .map(({ id, to, template, language, data }) => {
        return { to, template, language, data: sealer.unseal(sealPurpose(id), data) as Record<string, string> };
      });
  };

  const allOf = async (partitions: string[]): Promise<Item[]> => {
    const pages = partitions.map(async (partition) => Array.fromAsync(deps.table.all({ partition, consistent: true })));
    return (await Promise.all(pages)).flat();
  };

  /** Jobs are found by their subject alone here; the product knows their ids. */
  const jobs = async (): Promise<Item[]> => {
    const client = new DynamoDBClient({ endpoint, region });
    const found = await client.send(new ScanCommand({ TableName: name, ConsistentRead: true }));
    return (found.Items ?? []).map((item) => unmarshall(item) as Item).filter(({ type }) => type === 'job');
  };

  /** Delivers the entries that are on their way into the audit, as the stream would; mails stay. */
  const keepAudit = async () => {
    const waiting = (await allOf(outboxPartitions)).filter(({ type }) => type === 'entry' || type === 'entries');
    const Records = waiting.map(({ pk, sk }) => ({ dynamodb: { Keys: { pk: { S: pk }, sk: { S: sk } } } }));
    await react('deliver-outbox', { Records });
  };

  /** Today's entries, in no order. */
  const audit = async () => {
    await keepAudit();
    return allOf(auditPartitions(new Date(now).toISOString().slice(0, 10)));
  };

  /** A user with a password, made without a request. */
  const aUser = async (values: Partial<User> = {}): Promise<User> => {
    const number = randomBytes(4).toString('hex');
    const unseated: User = {
      type: 'user',
      v: 1,
      id: `usr_${randomBytes(12).toString('hex')}`,
      version: 1,
      login: `agent-${number}`,
      title: `Agent ${number}`,
      userType: 'contact-center',
      state: 'active',
      authEmail: `agent-${number}@example.com`,
      secondFactor: 'off',
      epoch: 1,
      createdAt: now,
      updatedAt: now,
      ...values,
    };
    const user = seated(unseated, await definitions.current({ ...deps, definitions: { known: undefined } }), now);
    const item = { ...userKeys.password(user.id), type: 'password', v: 1, phc: await phc, setAt: now };
    await deps.table.transact([...users.creation(user), put(item)]);
    return user;
  };

  /** Signs in by password and, where it is asked for, by the code of the newest mail. @returns the session token */
  const signIn = async (login: string): Promise<string> => {
    const first = await call('sign-in', { body: { login, password } });
    if (first.status !== 200) throw new Error(`sign-in answered ${first.status} ${JSON.stringify(first.body)}`);
    if (first.body.next.step === 'signed-in') return first.body.next.token;
    const code = (await mails()).at(-1)?.data.code;
    const second = await call('verify-code', { body: { challenge: first.body.next.challenge, code } });
    return second.body.next.token;
  };

  /** A signed-in SuperUser. */
  const aSuperUser = async (values: Partial<User> = {}) => {
    const user = await aUser({ superUser: true, ...values });
    return { user, token: await signIn(user.login) };
  };

  return {
    deps,
    sealer,
    logged,
    endpoint,
    call,
    react,
    mails,
    keepAudit,
    audit,
    jobs,
    aUser,
    aSuperUser,
    signIn,
    /** Moves the clock. */
    advance: (seconds: number) => {
      now += seconds * 1000;
    },
    read: (key: { pk: string; sk: string }) => deps.table.get(key),
    allOf,
  };
}

/** As the function's environment would have it: of the operator's key only the operator's operations know. */
function asCalled(deps: Deps, { caller, needs }: Pick<Operation, 'caller' | 'needs'>): Deps {
  const tenant = caller === 'operator' ? deps.tenant : { ...deps.tenant, operatorKeySha256: undefined };
  return asGranted({ ...deps, tenant }, needs);
}

/** As the function's role would have it: who does not say that it seals gets no key. */
function asGranted(deps: Deps, needs: readonly Need[]): Deps {
  if (needs.includes('seal') || needs.includes('make-key')) return deps;
  const sealer = async () => {
    throw new Error('The contract does not say that this seals');
  };
  return { ...deps, sealer };
}

/** Parsed JSON; the bytes or the text of what is none. */
function bodyOf({ body, headers, isBase64Encoded }: APIGatewayProxyStructuredResultV2): unknown {
  if (!body) return null;
  if (String(headers?.['content-type']).startsWith('text/')) return body;
  return isBase64Encoded ? Buffer.from(body, 'base64') : JSON.parse(body);
}

/** Which problem an answer is, in whatever format. */
export function codeOf({ body }: Pick<Called, 'body'>): string | undefined {
  return typeof body === 'string' ? /description="(\w+): /.exec(body)?.[1] : body?.code;
}

async function functionOf<F>(entry: { domain: string; id: string }): Promise<F> {
  return ((await import(`#functions/${functionPath(entry)}`)) as { handler: F }).handler;
}

export const lambdaContext = {
  awsRequestId: 'test',
  // Long: hundreds of parallel requests share two cores with other tests.
  getRemainingTimeInMillis: () => 300_000,
} as unknown as Context;

/** The gateway's event for an operation (payload 2.0). */
export function eventFor(id: OperationId, { params, query, body, rawBody, token, headers, ip }: CallOptions) {
  const operation = operations[id];
  const path = `/v1${operation.path}`.replace(/\{(\w+)\}/g, (_, part: string) => params?.[part] ?? '');
  const sent = rawBody ?? (body === undefined ? undefined : JSON.stringify(body));
  return {
    version: '2.0',
    routeKey: `${operation.method} /v1${operation.path}`,
    rawPath: path,
    rawQueryString: new URLSearchParams(query).toString(),
    headers: {
      host: 'acme.example',
      ...(sent !== undefined && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(query && { queryStringParameters: query }),
    ...(params && { pathParameters: params }),
    ...(sent !== undefined && { body: sent }),
    isBase64Encoded: false,
    requestContext: {
      requestId: randomBytes(8).toString('hex'),
      http: { method: operation.method, path, protocol: 'HTTP/1.1', sourceIp: ip ?? '198.51.100.7', userAgent: 'jest' },
    },
  };
}
