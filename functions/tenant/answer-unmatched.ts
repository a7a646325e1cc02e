// Requests that no operation has: the page that links in mails lead to; else 404, or 405 with what the path does know.

import type { Context } from 'aws-lambda';
import { passwordPageAt } from '#console/password-page.ts';
import { apiPrefix, operationList } from '#contract/operations.ts';
import { Problem } from '#contract/problems.ts';
import { answerPage, answerProblem } from '#serve/answer.ts';
import type { Answer, Event } from '#serve/visit.ts';

export async function handler(event: Event, _context: Context): Promise<Answer> {
  const { requestId, http } = event.requestContext;
  const page = http.method === 'GET' ? passwordPageAt(event.rawPath) : undefined;
  if (page) return answerPage(page, requestId);
  const allowed = operationList
    .filter(({ path }) => matches(`${apiPrefix}${path}`, event.rawPath))
    .map(({ method }) => method);
  if (allowed.length === 0) {
    return answerProblem(
      new Problem('not_found', { detail: `See ${apiPrefix}/openapi.json for what there is` }),
      requestId,
    );
  }
  const detail = `${http.method} is not known here; use ${allowed.join(', ')}`;
  const answer = answerProblem(new Problem('method_not_allowed', { detail }), requestId);
  return { ...answer, headers: { ...answer.headers, allow: allowed.join(', ') } };
}

function matches(template: string, path: string): boolean {
  const [wanted, given] = [template.split('/'), path.split('/')];
  return (
    wanted.length === given.length &&
    wanted.every((part, n) => part === given[n] || (part.startsWith('{') && given[n] !== ''))
  );
}
