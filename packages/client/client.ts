// The typed client: one method for each operation of the list, nothing written by hand. Runs in browsers and in Node;
// it knows the contract and `fetch`, and nothing else.

import {
  type CallOf,
  type Operation,
  type OperationSpec,
  type OutputOf,
  takesIdempotencyKey,
} from '#contract/operation.ts';
import { apiPrefix, type OperationId, operationList, type operations } from '#contract/operations.ts';
import { send } from './send.ts';

export { RosterError } from './roster-error.ts';

export interface ClientOptions {
  /** Where the tenant is, like https://users.example.com */
  baseUrl: string;
  /** The session's token, or how to get it at each call. */
  token?: string | (() => string | undefined | Promise<string | undefined>);
  fetch?: typeof fetch;
  /** For each try. */
  timeoutMs?: number;
  /** Of calls that may be repeated; 1 never repeats. */
  triesMax?: number;
}

/** What any call takes beside its input. */
export interface CallOptions {
  signal?: AbortSignal;
  timeoutMs?: number;
}

/** `change-user` → `changeUser` */
export type MethodName<Id extends string> = Id extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<MethodName<Tail>>}`
  : Id;

type Spec<Id extends OperationId> = (typeof operations)[Id];

/** A query whose every member may be left out may be left out itself. */
type Relaxed<Call> = Call extends { query: infer Query }
  ? Record<never, never> extends Query
    ? Omit<Call, 'query'> & { query?: Query }
    : Call
  : Call;

/** As the contract decides it: a signed-in caller's POST that is audited. */
type Repeatable<S extends OperationSpec> = S extends { method: 'POST'; audit: string }
  ? S['caller'] extends 'public'
    ? unknown
    : { idempotencyKey?: string }
  : unknown;

type Input<Id extends OperationId> = Relaxed<CallOf<Spec<Id>>> & Repeatable<Spec<Id>> & CallOptions;
type Arguments<Call> = Record<never, never> extends Call ? [call?: Call] : [call: Call];

export type Client = {
  /** @throws RosterError */
  readonly [Id in OperationId as MethodName<Id>]: (...args: Arguments<Input<Id>>) => Promise<OutputOf<Spec<Id>>>;
};

/** A call as it comes in at run time, whatever its operation. */
interface OpenCall extends CallOptions {
  params?: Record<string, string>;
  query?: Record<string, unknown>;
  body?: unknown;
  ifMatch?: number;
  idempotencyKey?: string;
}

const FORM = 'application/x-www-form-urlencoded';

export function createClient(options: ClientOptions): Client {
  const methods = operationList.map((operation) => [
    methodName(operation.id),
    (call: OpenCall = {}) => run(operation, call, options),
  ]);
  return Object.freeze(Object.fromEntries(methods)) as Client;
}

export function methodName(id: string): string {
  return id.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

async function run(operation: Operation, call: OpenCall, options: ClientOptions): Promise<unknown> {
  const token = operation.caller === 'public' ? undefined : await tokenOf(options);
  const repeats = call.idempotencyKey !== undefined && takesIdempotencyKey(operation);
  const headers: Record<string, string> = {
    ...(operation.body && { 'content-type': operation.form ? FORM : 'application/json' }),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(operation.ifMatch && { 'if-match': `"${call.ifMatch}"` }),
    ...(repeats && { 'idempotency-key': call.idempotencyKey as string }),
  };
  return send({
    url: `${options.baseUrl.replace(/\/+$/, '')}${apiPrefix}${pathOf(operation, call)}${queryOf(call)}`,
    init: { method: operation.method, headers, ...(operation.body && { body: bodyOf(operation, call) }) },
    fetch: options.fetch ?? fetch,
    output: typeof operation.output === 'string' ? operation.output : 'json',
    isRepeatable: operation.method === 'GET' || repeats,
    triesMax: options.triesMax ?? 3,
    timeoutMs: call.timeoutMs ?? options.timeoutMs ?? 30_000,
    signal: call.signal,
  });
}

function bodyOf({ form }: Operation, { body }: OpenCall): string {
  return form ? String(parametersOf(body as Record<string, unknown>)) : JSON.stringify(body);
}

async function tokenOf({ token }: ClientOptions): Promise<string | undefined> {
  return typeof token === 'function' ? token() : token;
}

/** @throws TypeError for a parameter that would make it another path: URLs take `.` and `..` for steps, even escaped. */
function pathOf(operation: Operation, { params }: OpenCall): string {
  return operation.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params?.[name] ?? '';
    if (/^\.{0,2}$/.test(value))
      throw new TypeError(`${operation.id}: "${value}" cannot be the path parameter ${name}`);
    return encodeURIComponent(value);
  });
}

function queryOf({ query = {} }: OpenCall): string {
  const written = parametersOf(query);
  return written.size === 0 ? '' : `?${written}`;
}

function parametersOf(values: Record<string, unknown>): URLSearchParams {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]));
}
