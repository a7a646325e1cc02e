// How a call fails. Switch on `code`, never on the text.

import type { FieldError, ProblemCode } from '#contract/problems.ts';

/** What the API cannot say because its answer did not come: no connection, no answer in time, an answer of something in between. */
export type TransportCode = 'unreachable' | 'timed_out' | 'unexpected_answer';

export interface RosterErrorFacts {
  /** 0 when there was no answer. */
  status: number;
  code: ProblemCode | TransportCode;
  /** Why, and what would lift it; for people, in the API's language. */
  detail: string;
  errors?: FieldError[] | undefined;
  retryAfterSeconds?: number | undefined;
  /** To be given to the support. */
  requestId?: string | undefined;
  /** The whole problem document, with members of that problem alone, such as `current`. */
  problem?: Record<string, unknown> | undefined;
  cause?: unknown;
}

export class RosterError extends Error {
  override readonly name = 'RosterError';
  readonly status: number;
  readonly code: ProblemCode | TransportCode;
  readonly detail: string;
  readonly errors: readonly FieldError[];
  readonly retryAfterSeconds: number | undefined;
  readonly requestId: string | undefined;
  readonly problem: Readonly<Record<string, unknown>>;

  constructor(facts: RosterErrorFacts) {
    super(`${facts.code}: ${facts.detail}`, { cause: facts.cause });
    this.status = facts.status;
    this.code = facts.code;
    this.detail = facts.detail;
    this.errors = facts.errors ?? [];
    this.retryAfterSeconds = facts.retryAfterSeconds;
    this.requestId = facts.requestId;
    this.problem = facts.problem ?? {};
  }
}

/** The error that an answer without success means. A gateway's own refusals are no problem documents and have no code of the API. */
export async function errorOf(response: Response): Promise<RosterError> {
  const text = await response.text();
  const problem = objectOf(text) ?? problemIn(text);
  const after = Number(response.headers.get('retry-after') ?? Number.NaN);
  const facts = {
    status: response.status,
    retryAfterSeconds: Number.isFinite(after) ? after : undefined,
    requestId: response.headers.get('x-request-id') ?? response.headers.get('apigw-requestid') ?? undefined,
  };
  if (typeof problem?.code !== 'string') return unexpected(response, text, facts);
  return new RosterError({
    ...facts,
    code: problem.code as ProblemCode,
    detail: String(problem.detail ?? problem.title ?? problem.code),
    errors: problem.errors as FieldError[] | undefined,
    problem,
  });
}

/** Of an operation that answers documents in XML: what it is refused for, its document describes. */
function problemIn(document: string): Record<string, unknown> | undefined {
  const [, code, detail] = /^<\?xml .*\n.*\n.* description="(\w+): ([^"]*)"/.exec(document) ?? [];
  if (code === undefined || detail === undefined) return undefined;
  return { code, detail: detail.replace(/&#(\d+);/g, (_, each: string) => String.fromCodePoint(Number(each))) };
}

export function unexpected(response: Response, text: string, facts: Partial<RosterErrorFacts> = {}): RosterError {
  return new RosterError({
    ...facts,
    status: response.status,
    code: 'unexpected_answer',
    detail: `${response.status} ${text.slice(0, 200)}`.trim(),
  });
}

export function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
