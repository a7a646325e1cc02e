// Stands in for API Gateway's HTTP API: takes a request, finds the function, hands it the event, writes the answer.
// It decides nothing that a function should decide; its own refusals are API Gateway's, as {"message"}.

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { allowOrigin, answerPreflight } from './cors.ts';
import { gatewayEvent, splitTarget } from './gateway-event.ts';
import { type Routed, routesOf } from './routes.ts';

export interface GatewayOptions {
  operations: readonly Routed[];
  /** The function for what no operation matches. */
  unmatchedId: string;
  /** The one origin whose pages may call. */
  publicUrl: string;
  invoke: (id: string, event: APIGatewayProxyEventV2) => Promise<unknown>;
  /** Pages that only this machine has; true when it answered. */
  pages?: (request: IncomingMessage, response: ServerResponse) => boolean;
  say?: (line: string) => void;
  /** Where the gateway cuts; shorter in tests. */
  limits?: { bodyBytes: number; answerMs: number };
}

const AWS_LIMITS = { bodyBytes: 10 * 1024 * 1024, answerMs: 30_000 };

class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export function gateway(options: GatewayOptions): RequestListener {
  const match = routesOf(options.operations);
  const limits = options.limits ?? AWS_LIMITS;
  const say = options.say ?? console.error;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (options.pages?.(request, response)) return;
    if (answerPreflight(request, response, options.publicUrl)) return;
    allowOrigin(request, response, options.publicUrl);
    const body = await bodyOf(request, limits.bodyBytes);
    const found = matched(request, match);
    const event = gatewayEvent(request, body, found, new Date());
    response.setHeader('apigw-requestid', event.requestContext.requestId);
    const invoked = options.invoke(found?.id ?? options.unmatchedId, event).catch((error: unknown) => {
      say(`${event.routeKey} failed: ${error instanceof Error ? error.stack : error}`);
      throw new Refusal(500, 'Internal Server Error');
    });
    writeResult(response, await within(limits.answerMs, invoked));
  }

  return (request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (!(error instanceof Refusal)) say(`The local gateway failed: ${error instanceof Error ? error.stack : error}`);
      if (response.headersSent || response.destroyed) {
        response.destroy();
        return;
      }
      const { status, message } = error instanceof Refusal ? error : { status: 500, message: 'Internal Server Error' };
      // The rest of a body that is too large is not worth reading.
      if (status === 413) response.setHeader('connection', 'close');
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ message }));
    });
  };
}

function matched(request: IncomingMessage, match: ReturnType<typeof routesOf>) {
  try {
    return match(request.method ?? '', splitTarget(request.url ?? '/').path);
  } catch {
    throw new Refusal(400, 'Bad Request');
  }
}

async function bodyOf(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  const tooLarge = new Refusal(413, 'Request Entity Too Large');
  if (Number(request.headers['content-length'] ?? 0) > bytesMax) throw tooLarge;
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > bytesMax) reject(tooLarge);
    else chunks.push(chunk);
  });
  request.on('end', () => resolve(Buffer.concat(chunks)));
  request.on('error', () => reject(new Refusal(400, 'Bad Request')));
  return promise;
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const { promise: cut, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Refusal(503, 'Service Unavailable')), ms);
  // A failure after the cut was already said; nobody waits for it any more.
  work.catch(() => {});
  try {
    return await Promise.race([work, cut]);
  } finally {
    clearTimeout(timer);
  }
}

/** A result without a status is a whole JSON body by itself, as format 2.0 has it. */
function writeResult(response: ServerResponse, result: unknown): void {
  const isStructured = typeof result === 'object' && result !== null && 'statusCode' in result;
  const { statusCode, headers, cookies, body, isBase64Encoded }: APIGatewayProxyStructuredResultV2 = isStructured
    ? (result as APIGatewayProxyStructuredResultV2)
    : { statusCode: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(result) };
  for (const [name, value] of Object.entries(headers ?? {})) {
    // The gateway's own cross-origin rules overrule the function's.
    if (!name.toLowerCase().startsWith('access-control-')) response.setHeader(name, String(value));
  }
  if (cookies?.length) response.setHeader('set-cookie', cookies);
  if (body !== undefined && !response.hasHeader('content-type')) {
    response.setHeader('content-type', 'text/plain; charset=utf-8');
  }
  response.statusCode = Number(statusCode ?? 200);
  // Ended with all of it and no head sent before, Node adds its length.
  response.end(body === undefined ? undefined : Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'));
}
