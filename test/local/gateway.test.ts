import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { gateway } from '#local/gateway.ts';
import { closeServer } from '#local/ports.ts';

const publicUrl = 'http://users.example';
const said: string[] = [];
let server: Server;
let port: number;
let answer: (id: string, event: APIGatewayProxyEventV2) => Promise<unknown>;
let seen: { id: string; event: APIGatewayProxyEventV2 };

beforeAll(async () => {
  server = createServer(
    gateway({
      operations: [
        { id: 'get-user', method: 'GET', path: '/users/{userId}' },
        { id: 'create-user', method: 'POST', path: '/users' },
      ],
      unmatchedId: 'answer-unmatched',
      publicUrl,
      invoke: (id, event) => {
        seen = { id, event };
        return answer(id, event);
      },
      say: (line) => said.push(line),
      limits: { bodyBytes: 1000, answerMs: 150 },
    }),
  );
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  port = (server.address() as AddressInfo).port;
});

beforeEach(() => {
  answer = async () => ({ statusCode: 200, body: '{}' });
});

afterAll(() => closeServer(server));

/** Headers as an array keep their case and their doubles. */
function call(method: string, path: string, headers: string[] = [], body?: Buffer | string) {
  return new Promise<{ status: number; headers: Record<string, unknown>; text: string }>((done, failed) => {
    const sent = httpRequest({ host: '127.0.0.1', port, method, path, headers: ['host', 'api.example', ...headers] });
    sent.on('error', failed).on('response', async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      done({ status: response.statusCode ?? 0, headers: response.headers, text });
    });
    sent.end(body);
  });
}

describe('the local gateway hands a function what API Gateway would (payload 2.0)', () => {
  it('keeps the query as sent, and gives it decoded with doubles joined by commas', async () => {
    await call('GET', '/v1/users/a%20b?x=1&x=2&y=%C3%A9+z&empty=');
    expect(seen.event).toMatchObject({
      version: '2.0',
      routeKey: 'GET /v1/users/{userId}',
      rawPath: '/v1/users/a b',
      rawQueryString: 'x=1&x=2&y=%C3%A9+z&empty=',
      queryStringParameters: { x: '1,2', y: 'é z', empty: '' },
      pathParameters: { userId: 'a b' },
      isBase64Encoded: false,
    });
    expect(seen.event).not.toHaveProperty('body');
  });

  it('leaves out what a request does not have', async () => {
    await call('POST', '/v1/users');
    for (const absent of ['queryStringParameters', 'pathParameters', 'cookies', 'body']) {
      expect(seen.event).not.toHaveProperty(absent);
    }
  });

  it('lower-cases header names, joins doubles by commas and moves cookies to their own list', async () => {
    await call('GET', '/v1/users/u', ['X-Twice', 'one', 'x-twice', 'two', 'Cookie', 'a=1; b=2', 'If-Match', '"7"']);
    expect(seen.event.headers).toMatchObject({ 'x-twice': 'one,two', 'if-match': '"7"', host: 'api.example' });
    expect(seen.event.headers).not.toHaveProperty('cookie');
    expect(seen.event.cookies).toEqual(['a=1', 'b=2']);
  });

  it('takes the client’s address from the connection, whatever the client claims', async () => {
    await call('GET', '/v1/users/u', ['X-Forwarded-For', '203.0.113.9', 'User-Agent', 'tests/1']);
    expect(seen.event.requestContext.http).toEqual({
      method: 'GET',
      path: '/v1/users/u',
      protocol: 'HTTP/1.1',
      sourceIp: '127.0.0.1',
      userAgent: 'tests/1',
    });
    expect(seen.event.headers['x-forwarded-for']).toBe('203.0.113.9, 127.0.0.1');
  });

  it('tells time and request id as the gateway does', async () => {
    const { headers } = await call('GET', '/v1/users/u');
    const { time, timeEpoch, requestId, stage } = seen.event.requestContext;
    expect(time).toMatch(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
    expect(Math.abs(Date.now() - timeEpoch)).toBeLessThan(5000);
    expect(headers['apigw-requestid']).toBe(requestId);
    expect(stage).toBe('$default');
  });

  it.each([
    ['application/json', '{"a":"é"}', '{"a":"é"}', false],
    ['application/problem+json; charset=utf-8', '{}', '{}', false],
    ['application/jsonp', '{}', Buffer.from('{}').toString('base64'), true],
    ['image/png', '\u0000\u0001', Buffer.from([0, 1]).toString('base64'), true],
  ])('gives a body of %s as text or in base64', async (type, sent, body, isBase64Encoded) => {
    await call('POST', '/v1/users', ['content-type', type], sent);
    expect(seen.event).toMatchObject({ body, isBase64Encoded });
  });

  it('sends what no route matches to the function for it, as the $default route', async () => {
    await call('DELETE', '/v1/users');
    expect(seen).toMatchObject({ id: 'answer-unmatched', event: { routeKey: '$default', rawPath: '/v1/users' } });
  });
});

describe('the local gateway answers as API Gateway would', () => {
  it('writes status, headers, cookies and a base64 body', async () => {
    answer = async () => ({
      statusCode: 201,
      headers: { ETag: '"1"', 'content-type': 'image/png' },
      cookies: ['a=1', 'b=2'],
      body: Buffer.from('png').toString('base64'),
      isBase64Encoded: true,
    });
    const { status, headers, text } = await call('POST', '/v1/users');
    expect({ status, text }).toEqual({ status: 201, text: 'png' });
    expect(headers).toMatchObject({ etag: '"1"', 'set-cookie': ['a=1', 'b=2'], 'content-length': '3' });
  });

  it('refuses a body over the cap with 413, announced or streamed, and does not call the function', async () => {
    seen = { id: 'none', event: {} as APIGatewayProxyEventV2 };
    const announced = await call('POST', '/v1/users', ['content-length', '1001'], Buffer.alloc(1001));
    const streamed = await call('POST', '/v1/users', ['transfer-encoding', 'chunked'], Buffer.alloc(1001));
    for (const { status, text } of [announced, streamed]) {
      expect({ status, text }).toEqual({ status: 413, text: '{"message":"Request Entity Too Large"}' });
    }
    expect(seen.id).toBe('none');
  });

  it('cuts a function that takes too long with 503', async () => {
    const late = Promise.withResolvers<unknown>();
    answer = () => late.promise;
    expect(await call('GET', '/v1/users/u')).toMatchObject({ status: 503, text: '{"message":"Service Unavailable"}' });
    late.resolve({});
  });

  it('hides what a function threw behind 500 and says it to the operator', async () => {
    answer = async () => {
      throw new Error('secret detail');
    };
    const { status, text } = await call('GET', '/v1/users/u');
    expect({ status, text }).toEqual({ status: 500, text: '{"message":"Internal Server Error"}' });
    expect(said.join()).toContain('secret detail');
  });

  it('refuses broken escapes with 400', async () => {
    expect(await call('GET', '/v1/users/%zz')).toMatchObject({ status: 400, text: '{"message":"Bad Request"}' });
  });
});

describe('cross-origin rules of the local gateway', () => {
  const preflight = (origin: string) =>
    call('OPTIONS', '/v1/users', ['origin', origin, 'access-control-request-method', 'PATCH']);

  it('answers a preflight of the public address without calling a function', async () => {
    seen = { id: 'none', event: {} as APIGatewayProxyEventV2 };
    const { status, headers } = await preflight(publicUrl);
    expect(status).toBe(204);
    expect(headers['access-control-allow-origin']).toBe(publicUrl);
    expect(headers['access-control-allow-methods']).toContain('PATCH');
    expect(seen.id).toBe('none');
  });

  it.each(['http://users.example.evil', 'https://users.example', 'null'])('allows nothing to %s', async (origin) => {
    expect((await preflight(origin)).headers).not.toHaveProperty('access-control-allow-origin');
    answer = async () => ({ statusCode: 200, headers: { 'access-control-allow-origin': '*' }, body: '{}' });
    const { headers } = await call('GET', '/v1/users/u', ['origin', origin]);
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('lets the public address read the answer and its ETag', async () => {
    const { headers } = await call('GET', '/v1/users/u', ['origin', publicUrl]);
    expect(headers).toMatchObject({ 'access-control-allow-origin': publicUrl, vary: 'origin' });
    expect(headers['access-control-expose-headers']).toContain('etag');
  });
});
