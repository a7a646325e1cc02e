// Cross-origin rules as the gateway of the stack applies them: one exact origin, the tenant's own public address.

import type { IncomingMessage, ServerResponse } from 'node:http';

// As infra/api.ts sets them for the stack.
const METHODS = 'GET,POST,PUT,PATCH,DELETE';
const HEADERS = 'authorization,content-type,if-match,idempotency-key';
const EXPOSED = 'content-disposition,etag,link,location,retry-after,www-authenticate';

/** Marks the answer for the browser when the page is of the allowed origin. */
export function allowOrigin(request: IncomingMessage, response: ServerResponse, origin: string): void {
  if (request.headers.origin !== origin) return;
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-expose-headers', EXPOSED);
  response.setHeader('vary', 'origin');
}

/** Answers a preflight, which never reaches a function. @returns false when the request is none. */
export function answerPreflight(request: IncomingMessage, response: ServerResponse, origin: string): boolean {
  const { method, headers } = request;
  if (method !== 'OPTIONS' || !headers.origin || !headers['access-control-request-method']) return false;
  if (headers.origin === origin) {
    response.setHeader('access-control-allow-origin', origin);
    response.setHeader('access-control-allow-methods', METHODS);
    response.setHeader('access-control-allow-headers', HEADERS);
  }
  response.writeHead(204).end();
  return true;
}
