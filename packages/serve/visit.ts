// A visit: one request on its way through an operation, with what is known about it so far.

import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { AnswerOf, OperationSpec, RequestOf, Xml } from '#contract/operation.ts';
import type { Problem } from '#contract/problems.ts';
import type { Definitions } from '#domain/definitions/definitions.ts';
import type { Deps } from '#domain/deps.ts';
import type { Granter } from '#domain/grants/limits.ts';
import type { Origin, Session } from '#domain/sessions/sessions.ts';
import type { ApiToken } from '#domain/tokens/token.ts';
import type { Key } from '#table/keys.ts';
import type { Item, Write } from '#table/write.ts';

export type Event = APIGatewayProxyEventV2;
export type Answer = APIGatewayProxyStructuredResultV2;

/** Who calls, proven at this very request, and what they may do and see: by a session or by an API token. */
export interface SignedInCaller extends Granter {
  session?: Session;
  token?: ApiToken;
  definitions: Definitions;
}

/** Who calls an operation that API tokens may not do. */
export interface SessionCaller extends SignedInCaller {
  session: Session;
}

/** A change to be committed: all its writes, its audit entry and the answer to it, or nothing. */
export interface Change<Answer> {
  writes: Write[];
  subject: { type: string; id: string };
  /** Who did it, where no caller is signed in. */
  actor?: string;
  session?: string;
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
  answer: Answer;
}

export interface Visit<Spec extends OperationSpec = OperationSpec> {
  deps: Deps;
  /** To find the request's log lines by. */
  requestId: string;
  request: RequestOf<Spec>;
  caller: Spec['caller'] extends 'public' | 'operator'
    ? undefined
    : Spec extends { session: true }
      ? SessionCaller
      : SignedInCaller;
  origin: Origin;
  /** What was read beside the authentication, where the operation names a key for that. */
  ahead?: { item: Item | undefined };
  /** The version in If-Match, where the operation asks for it. */
  ifMatch: Spec extends { ifMatch: true } ? number : undefined;
  /** Writes the change with its audit entry in one transaction. @returns its answer */
  commit: (change: Change<AnswerOf<Spec>>) => Promise<AnswerOf<Spec>>;
}

/** The visit as the steps before the operation fill it in. */
export interface OpenVisit {
  deps: Deps;
  requestId: string;
  origin: Origin;
  caller?: SignedInCaller;
  request?: { params: unknown; query: unknown; body: unknown };
  ahead?: { item: Item | undefined };
  ifMatch?: number;
  /** Raw body and key of a request that may be repeated. */
  idempotency?: { key: string; fingerprint: string };
}

/** What an operation brings along of its own, so that no other function carries it. */
export interface Special {
  /** Who may call, where it is no user of the tenant. @throws Problem for anybody else */
  admit?: (visit: OpenVisit, event: Event) => Promise<void>;
  /**
   * The one item that can be read before the caller is proven, so that it costs no trip of its own: at half the units, and nothing of it is
   * answered to whoever is refused. For what the request itself names, not for what the caller has. @returns undefined: the request names none
   */
  ahead?: (event: Event) => Key | undefined;
  /** @returns the refusal, with more said of it; nothing has changed by the request */
  explain?: (visit: OpenVisit, refusal: Problem) => Promise<Problem>;
  /** The refusal in the format of its answers, for callers that read no problem+json; the status stays the problem's. */
  refusal?: (problem: Problem) => Xml;
}
