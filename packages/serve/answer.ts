// From a result or an error to the gateway's answer: the headers that every answer has, and problem+json (RFC 9457).

import { createHash, randomUUID } from 'node:crypto';
import { apiPrefix } from '#contract/api-prefix.ts';
import { type Csv, type Image, type Operation, problemsOf, type Xml } from '#contract/operation.ts';
import { Problem, type ProblemCode, problemCatalogue } from '#contract/problems.ts';
import type { Deps } from '#domain/deps.ts';
import type { Answer, Event, Special } from './visit.ts';

const XML = 'text/xml; charset=utf-8';
/** Asked for first: who knows both takes the first that it can. */
const BASIC = 'Basic realm="roster", charset="UTF-8", ';

const COMMON_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** What an answer is to. */
interface Asked {
  requestId: string;
  event: Event;
  publicUrl: string;
}

/** Undeclared fields of the result are stripped: an answer shows only what the contract names. */
export function answerWith(operation: Operation, result: unknown, asked: Asked): Answer {
  const headers: Record<string, string> = { ...COMMON_HEADERS, 'x-request-id': asked.requestId };
  if (operation.output === 'image') return answerImage(result as Image, headers, asked.event.headers['if-none-match']);
  if (operation.output === 'csv') return answerCsv(operation, result as Csv, headers, asked);
  if (operation.output === 'xml') {
    return { statusCode: operation.status, headers: { ...headers, 'content-type': XML }, body: (result as Xml).text };
  }
  if (!operation.output) return { statusCode: operation.status, headers, body: '' };
  const shown = operation.output.parse(result) as { version?: unknown };
  headers['content-type'] = 'application/json; charset=utf-8';
  if (typeof shown.version === 'number') headers.etag = `"${shown.version}"`;
  const answer = { statusCode: operation.status, headers, body: JSON.stringify(shown) };
  if (!operation.cached) return answer;
  const tag = createHash('sha256').update(answer.body).digest('base64url');
  return unlessKnown(tag, answer, asked.event.headers['if-none-match']);
}

function answerImage({ type, bytes, tag }: Image, headers: Record<string, string>, known: string | undefined): Answer {
  const body = Buffer.from(bytes).toString('base64');
  const answer = { statusCode: 200, headers: { ...headers, 'content-type': type }, body, isBase64Encoded: true };
  return unlessKnown(tag, answer, known);
}

/**
 * What the caller has already is not sent again (RFC 9110 §13.1.2). Kept by nobody but who asked, and asked for anew each time: who
 * may see it can change.
 */
function unlessKnown(
  tag: string,
  answer: Answer & { headers: Record<string, string> },
  known: string | undefined,
): Answer {
  const etag = `"${tag}"`;
  const headers = { ...answer.headers, 'cache-control': 'private, no-cache', etag };
  // Compared weakly: what compresses an answer on its way makes its tag a weak one.
  const tags = (known ?? '').split(',').map((each) => each.trim().replace(/^W\//, ''));
  if (!tags.includes(etag) && !tags.includes('*')) return { ...answer, headers };
  const { 'content-type': _type, ...rest } = headers as Record<string, string>;
  return { statusCode: 304, headers: rest, body: '' };
}

/** One page of a table, to be saved; where it goes on is said under the configured address, never under the request's Host (RFC 8288). */
function answerCsv(
  { path }: Operation,
  { file, text, next }: Csv,
  common: Record<string, string>,
  { publicUrl, event }: Asked,
): Answer {
  const here = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(event.pathParameters?.[name] ?? ''));
  const query = new URLSearchParams({ ...(event.queryStringParameters as Record<string, string>), cursor: next ?? '' });
  const headers = {
    ...common,
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${file}"`,
    ...(next !== undefined && { link: `<${publicUrl}${apiPrefix}${here}?${query}>; rel="next"` }),
  };
  return { statusCode: 200, headers, body: text };
}

/** A web page, under its own content security policy. */
export function answerPage(page: { body: string; contentSecurityPolicy: string }, requestId: string): Answer {
  const headers = {
    ...COMMON_HEADERS,
    'content-security-policy': page.contentSecurityPolicy,
    'content-type': 'text/html; charset=utf-8',
    'x-request-id': requestId,
  };
  return { statusCode: 200, headers, body: page.body };
}

/** @param operation what was refused, where that is known */
export function answerProblem(
  problem: Problem,
  requestId: string,
  operation: Pick<Operation, 'basic'> & Pick<Special, 'refusal'> = {},
): Answer {
  const { status, title } = problemCatalogue[problem.code];
  const { detail, errors, rule, because, remedy, retryAfterSeconds, extra } = problem.facts;
  const body = {
    type: `urn:roster:problem:${problem.code}`,
    title,
    status,
    ...(detail && { detail }),
    instance: `urn:roster:request:${encodeURIComponent(requestId)}`,
    code: problem.code,
    ...(errors && { errors }),
    ...(rule && { rule }),
    ...(because !== undefined && { because }),
    ...(remedy && { remedy }),
    ...extra,
  };
  const headers: Record<string, string> = {
    ...COMMON_HEADERS,
    'content-type': operation.refusal ? XML : 'application/problem+json; charset=utf-8',
    'x-request-id': requestId,
    ...(status === 401 && { 'www-authenticate': `${operation.basic ? BASIC : ''}Bearer realm="roster"` }),
    ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
  };
  return { statusCode: status, headers, body: operation.refusal?.(problem).text ?? JSON.stringify(body) };
}

/** Any error as a problem: expected ones pass, all others become `internal` and go to the log alone. */
export function problemOf(
  deps: Pick<Deps, 'log'>,
  operation: Pick<Operation, 'id'> & Partial<Operation>,
  error: unknown,
  requestId: string,
): Problem {
  if (error instanceof Problem) {
    const declared = operation.output === undefined || problemsOf(operation as Operation).includes(error.code);
    if (!declared) undeclared(deps, operation.id, error.code);
    if (error.status >= 500)
      deps.log({ level: 'error', event: error.code, operation: operation.id, request: requestId, error });
    if (error.status === 403)
      deps.log({ level: 'warn', event: 'authz_fail', operation: operation.id, request: requestId });
    return error;
  }
  deps.log({ level: 'error', event: 'internal', operation: operation.id, request: requestId || randomUUID(), error });
  return new Problem('internal', { detail: 'It is logged; give the support the value of `instance`' });
}

/** A problem that the contract does not declare is a bug: fatal in tests, logged in production. */
function undeclared(deps: Pick<Deps, 'log'>, operation: string, code: ProblemCode): void {
  deps.log({ level: 'error', event: 'undeclared_problem', operation, code });
  if (process.env.NODE_ENV === 'test') throw new Error(`${operation} answered ${code}, which it does not declare`);
}
