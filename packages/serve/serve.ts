// How a promise becomes a Lambda: authenticate → authorize → parse → run → check the answer → problem+json.
// The only place that knows middy and the gateway's event.

import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type { AnswerOf, Operation, OperationSpec } from '#contract/operation.ts';
import { Problem } from '#contract/problems.ts';
import * as definitions from '#domain/definitions/definitions.ts';
import type { Deps } from '#domain/deps.ts';
import { answerProblem, answerWith, problemOf } from './answer.ts';
import { authenticate, authorize } from './authenticate.ts';
import { commit, earlierAnswer } from './commit.ts';
import { processDeps } from './environment.ts';
import { asIfGoneBefore } from './gone.ts';
import { originOf, readRequest } from './read-request.ts';
import type { Answer, Change, Event, OpenVisit, Special, Visit } from './visit.ts';

export type ApiHandler = (event: Event, context: Context) => Promise<Answer>;

export interface ApiFunction extends ApiHandler {
  operation: Operation;
  /** The same function with other time, chance and table; for tests and benchmarks. */
  using: (deps: Deps) => ApiHandler;
}

export function serve<Spec extends OperationSpec>(
  operation: Operation<string, Spec> & Special,
  run: (visit: Visit<Spec>) => Promise<AnswerOf<Spec>>,
): ApiFunction {
  const using = (deps: Deps) => chain(operation, run as (visit: Visit) => Promise<unknown>, deps);
  let handler: ApiHandler | undefined;
  const inProcess: ApiHandler = (event, context) => {
    handler ??= using(processDeps());
    return handler(event, context);
  };
  return Object.assign(inProcess, { operation, using });
}

function chain(operation: Operation & Special, run: (visit: Visit) => Promise<unknown>, deps: Deps): ApiHandler {
  // What the steps learn of a request; keyed by the event, so that nothing leaks from one request into the next.
  const visits = new WeakMap<Event, OpenVisit>();
  const visitOf = (event: Event): OpenVisit => visits.get(event) as OpenVisit;

  return middy<Event, Answer, Error, Context>({ timeoutEarlyResponse: outOfTime })
    .use({
      before: ({ event, context }) => {
        const table = deps.table.until(Date.now() + context.getRemainingTimeInMillis());
        const requestId = event.requestContext.requestId;
        visits.set(event, { deps: { ...deps, table }, requestId, origin: originOf(event) });
      },
      onError: (request) => {
        const requestId = request.event.requestContext.requestId;
        request.response = answerProblem(problemOf(deps, operation, request.error, requestId), requestId, operation);
      },
    })
    .before(async ({ event }) => {
      if (operation.caller === 'public') return;
      const visit = visitOf(event);
      if (operation.admit) return operation.admit(visit, event);
      // Both to their end: whoever is refused hears of nothing else, and learns nothing from what the other read found.
      const [proof, ahead] = await Promise.allSettled([
        authenticate(visit.deps, event, visit.origin, operation),
        readAhead(operation, visit.deps, event),
      ]);
      if (proof.status === 'rejected') throw proof.reason;
      visit.caller = proof.value;
      authorize(operation, visit.caller, event);
      if (ahead.status === 'rejected') throw ahead.reason;
      if (ahead.value) visit.ahead = ahead.value;
    })
    .before(({ event }) => {
      Object.assign(visitOf(event), readRequest(operation, event));
    })
    .handler(async (event) => {
      const visit = visitOf(event);
      let isRepeat = false;
      // What was decided by definitions that another process has just changed is decided again.
      const decided = definitions.retryMoved(visit.deps, async () => {
        if (isRepeat && visit.caller) visit.caller = await authenticate(visit.deps, event, visit.origin, operation);
        isRepeat = true;
        return runOnce(operation, run, visit);
      });
      const result = await decided.catch((error) => refuse(operation, visit, error));
      return answerWith(operation, result, { ...visit, event, publicUrl: deps.tenant.publicUrl });
    }) as unknown as ApiHandler;
}

/** Nothing for who does not even try to say who they are. */
async function readAhead({ ahead }: Special, { table }: Deps, event: Event): Promise<OpenVisit['ahead']> {
  const key = event.headers.authorization === undefined ? undefined : ahead?.(event);
  return key && { item: await table.get(key, { consistent: false }) };
}

/** Just before Lambda would end the function: what has not committed by then has not happened. */
function outOfTime(): never {
  throw new Problem('try_again', { detail: 'It took too long; repeat the request', retryAfterSeconds: 2 });
}

/** A refusal says all that the operation can say of it. */
async function refuse({ explain }: Special, visit: OpenVisit, error: unknown): Promise<never> {
  throw explain && error instanceof Problem ? await explain(visit, error) : error;
}

/** Runs the operation, or gives the answer that the same request got before. */
async function runOnce(
  operation: Operation,
  run: (visit: Visit) => Promise<unknown>,
  visit: OpenVisit,
): Promise<unknown> {
  const earlier = await earlierAnswer(operation, visit);
  if (earlier) return earlier.answer;
  const full = { ...visit, commit: (change: Change<unknown>) => commit(operation, visit, change) };
  try {
    return await run(full as unknown as Visit);
  } catch (error) {
    // A refusal may come of the same request having just committed: then its answer is the answer.
    const meanwhile = await earlierAnswer(operation, visit);
    if (!meanwhile) throw asIfGoneBefore(operation, error);
    return meanwhile.answer;
  }
}
