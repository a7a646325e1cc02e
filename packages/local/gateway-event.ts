// A request as API Gateway's HTTP API hands it to Lambda: payload format 2.0. Sources: the developer guide's
// "Lambda integrations for HTTP APIs", and captures of live events where the guide is silent (rawPath comes decoded).

import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Match } from './routes.ts';

/** Bodies of these types arrive as text; any other arrives in base64. */
const TEXT = /^(text\/|application\/(([a-z0-9.+-]+\+)?(json|xml)|javascript)(;|$))/i;

/** @param match undefined for what no route matches: the `$default` route */
export function gatewayEvent(
  request: IncomingMessage,
  body: Buffer,
  match: Match | undefined,
  now: Date,
): APIGatewayProxyEventV2 {
  const { path, query } = splitTarget(request.url ?? '/');
  const { cookie, ...headers } = headersOf(request);
  const rawPath = decodePath(path);
  const sourceIp = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  const isText = TEXT.test(headers['content-type'] ?? 'text/plain') && headers['content-encoding'] === undefined;
  const routeKey = match?.routeKey ?? '$default';
  const domainName = headers.host ?? '';
  return {
    version: '2.0',
    routeKey,
    rawPath,
    rawQueryString: query,
    ...(cookie !== undefined && { cookies: cookie.split(/;\s*/) }),
    headers: {
      ...headers,
      'x-amzn-trace-id': `Root=1-${Math.floor(now.getTime() / 1000).toString(16)}-${randomBytes(12).toString('hex')}`,
      // What the client claims stands first, as at AWS: nobody may trust it.
      'x-forwarded-for': [headers['x-forwarded-for'], sourceIp].filter(Boolean).join(', '),
      'x-forwarded-port': String(request.socket.localPort ?? ''),
      'x-forwarded-proto': 'http',
    },
    ...(query !== '' && { queryStringParameters: parametersOf(query) }),
    ...(match && Object.keys(match.pathParameters).length > 0 && { pathParameters: match.pathParameters }),
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName,
      domainPrefix: domainName.split('.')[0] ?? '',
      http: {
        method: request.method ?? '',
        path: rawPath,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey,
      stage: '$default',
      time: commonLogTime(now),
      timeEpoch: now.getTime(),
    },
    ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

export function splitTarget(url: string): { path: string; query: string } {
  const mark = url.indexOf('?');
  return mark < 0 ? { path: url, query: '' } : { path: url.slice(0, mark), query: url.slice(mark + 1) };
}

/** Lower-cased; several of one name joined by commas, cookies by semicolons. */
function headersOf(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, values = []] of Object.entries(request.headersDistinct)) {
    headers[name] = values.join(name === 'cookie' ? '; ' : ',');
  }
  return headers;
}

/** Decoded values; several of one name joined by commas. */
function parametersOf(query: string): Record<string, string> {
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const before = parameters.get(name);
    parameters.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(parameters);
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Like 12/Mar/2026:19:03:58 +0000. */
function commonLogTime(now: Date): string {
  const [, day, month, year, time] = now.toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}
