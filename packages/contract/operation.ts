// What an operation is: a promise of the API as a value. Routes, Lambdas, grants, OpenAPI, client and tests are derived from it.

import type * as z from 'zod';
import { once } from './once.ts';
import type { Permission } from './permissions.ts';
import type { ProblemCode } from './problems.ts';

/**
 * Who may call: anybody, a signed-in user for themselves, an external user's portal session, the operator with their key, who is no
 * user of the tenant (S1-35), or a holder of the permission.
 */
export type Caller = 'public' | 'self' | 'portal' | 'operator' | Permission;

/** What the function must reach or have; grants and memory follow from it. */
export type Need =
  /** Reads the table. */
  | 'read'
  /** Writes the table. */
  | 'write'
  /** Seals, unseals or signs with the tenant's key. */
  | 'seal'
  /** Hashes passwords: one full vCPU. */
  | 'hash'
  /** Sends mail (only the outbox's consumer may). */
  | 'mail'
  /** Inserts entries into the audit (only the outbox's consumer may). */
  | 'keep-audit'
  /** Makes the tenant's key at the first deploy. */
  | 'make-key'
  /** Lets somebody upload a picture. */
  | 'begin-upload'
  /** Fetches and removes what was uploaded (only process-picture may). */
  | 'take-upload'
  /** Decodes images: one full vCPU, and memory for all their pixels. */
  | 'decode';

/** API Gateway gives up after 30 s; an operation that takes ten is broken, and its caller should hear so. */
export const operationSeconds = 10;

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One operation as written in its domain's file. No field but the schemas has a default. */
export interface OperationSpec {
  method: Method;
  /** Below `/v1`; parameters in braces. */
  path: `/${string}`;
  summary: string;
  caller: Caller;
  /** Only for who is signed in: an API token may not do it. */
  session?: true;
  /** Open to a session that has run out, too, as long as it ends with a call that is under way (C26). */
  duringCall?: true;
  /** Only for programs: nobody who is signed in may do it, whatever they hold. */
  token?: true;
  /** Takes the API token as the password of HTTP's Basic authentication, too: for programs that know no other. */
  basic?: true;
  /** The body is a form (application/x-www-form-urlencoded), which programs post that know no JSON. */
  form?: true;
  /** The answer has an ETag by what it says, and is not sent again to who has it. */
  cached?: true;
  /** Only for SuperUsers, of those who hold the permission. */
  superUser?: true;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodObject;
  /** Where the body may be larger than others. */
  bodyBytesMax?: number;
  /** The request must carry If-Match with the version that it changes (428 without, 412 when stale). */
  ifMatch?: true;
  output: z.ZodObject | 'image' | 'csv' | 'xml' | null;
  status: 200 | 201 | 202 | 204;
  /** What it can answer beside what follows from its shape (see `problemsOf`). */
  problems: readonly ProblemCode[];
  needs: readonly Need[];
  /** The audit event that an accepted call writes, once. */
  audit: string | null;
  /** Says what a save would do, and changes nothing: no audit event, and nothing to repeat safely. */
  plans?: true;
}

/** What an operation answers whose output is an image: bytes under their own type, on no other path than its own. */
export interface Image {
  type: 'image/jpeg' | 'image/png';
  bytes: Uint8Array;
  /** Another one for each image; the ETag. */
  tag: string;
}

/** What an operation answers whose output is a table for spreadsheets: one page of it, whole rows. */
export interface Csv {
  /** Name to save it under. */
  file: string;
  /** With its header row (packages/serve/csv.ts). */
  text: string;
  /** Cursor of the next page; the answer has a Link to it. */
  next?: string | undefined;
}

/** What an operation answers whose output is a document in XML; a refusal is one, too. */
export interface Xml {
  /** Well-formed, whatever names hold (packages/serve/xml.ts). */
  text: string;
}

/** A document in XML before it is written: names are the format's own, values whatever they are. */
export interface XmlElement {
  name: string;
  attributes?: Readonly<Record<string, string>>;
  children?: readonly XmlElement[];
}

export type Operation<Id extends string = string, Spec extends OperationSpec = OperationSpec> = Spec & {
  readonly id: Id;
  readonly domain: string;
};

/** Names the operations of one domain; the key of each is its id. Each is made when it is first asked for. */
export function domain<const Specs extends Record<string, () => OperationSpec>>(
  name: string,
  specs: Specs,
): { readonly [Id in keyof Specs & string]: Operation<Id, ReturnType<Specs[Id]>> } {
  const operations = {};
  for (const [id, make] of Object.entries(specs)) {
    Object.defineProperty(operations, id, { enumerable: true, get: once(() => ({ ...make(), id, domain: name })) });
  }
  return operations as never;
}

type SchemaOf<Spec, Part extends string, Otherwise> = Spec extends { [K in Part]: infer S extends z.ZodType }
  ? z.output<S>
  : Otherwise;
type WrittenAs<Spec, Part extends string> = Spec extends { [K in Part]: infer S extends z.ZodType }
  ? { [K in Part]: z.input<S> }
  : unknown;

/** The request as the operation's function gets it: parsed, with defaults filled in. */
export interface RequestOf<Spec extends OperationSpec> {
  params: SchemaOf<Spec, 'params', Record<never, never>>;
  query: SchemaOf<Spec, 'query', Record<never, never>>;
  body: SchemaOf<Spec, 'body', undefined>;
}

/** The request as a client writes it. */
export type CallOf<Spec extends OperationSpec> = WrittenAs<Spec, 'params'> &
  WrittenAs<Spec, 'query'> &
  WrittenAs<Spec, 'body'> &
  (Spec extends { ifMatch: true } ? { ifMatch: number } : unknown);

export type OutputOf<Spec extends OperationSpec> = Spec['output'] extends z.ZodType
  ? z.output<Spec['output']>
  : OtherOutput<Spec>;
/** What a function returns: fields that the output does not name are stripped. */
export type AnswerOf<Spec extends OperationSpec> = Spec['output'] extends z.ZodType
  ? z.input<Spec['output']>
  : OtherOutput<Spec>;
type OtherOutput<Spec extends OperationSpec> = Spec['output'] extends 'image'
  ? Image
  : Spec['output'] extends 'csv'
    ? Csv
    : Spec['output'] extends 'xml'
      ? Xml
      : null;

/** Every problem that the operation can answer: its own, and those that follow from its shape. */
export function problemsOf(operation: OperationSpec): ProblemCode[] {
  const codes: ProblemCode[] = ['internal', 'try_again', ...operation.problems];
  if (operation.body) codes.push('body_too_large', 'unsupported_media_type');
  if (operation.body && !operation.form) codes.push('malformed_json');
  if (operation.body || operation.query || operation.params) codes.push('invalid_input');
  if (operation.caller !== 'public') codes.push('not_signed_in', 'network_not_allowed');
  if (operation.caller !== 'public' && operation.caller !== 'self' && operation.caller !== 'portal') {
    codes.push('not_permitted');
  }
  if (operation.session) codes.push('session_needed');
  if (operation.token) codes.push('token_needed');
  if (operation.ifMatch) codes.push('version_missing', 'version_stale');
  if (takesIdempotencyKey(operation)) codes.push('idempotency_key_reused');
  return [...new Set(codes)];
}

/** A signed-in caller's POST that changes something may be repeated safely under one Idempotency-Key. */
export function takesIdempotencyKey(operation: OperationSpec): boolean {
  return operation.method === 'POST' && operation.caller !== 'public' && operation.audit !== null;
}
