import { type ClientOptions, createClient, RosterError } from '#client/client.ts';

const user = { login: 'jana', title: 'Jana', type: 'system' as const };

/** A client whose requests get these answers, one after the other; an Error is a connection that fails. */
function clientGetting(answers: (Response | Error | 'never')[], options: Partial<ClientOptions> = {}) {
  const sent: { headers: Record<string, string> }[] = [];
  const client = createClient({
    baseUrl: 'https://acme.example',
    ...options,
    fetch: async (_url, init = {}) => {
      const answer = answers[sent.push({ headers: init.headers as Record<string, string> }) - 1];
      if (answer instanceof Error) throw answer;
      if (answer instanceof Response) return answer;
      return new Promise((_done, failed) => {
        init.signal?.addEventListener('abort', () => failed(init.signal?.reason));
      });
    },
  });
  return { client, sent };
}

const ok = () => Response.json({ status: 'ok' });
const refused = () => new TypeError('fetch failed');
const busy = (retryAfter: string) =>
  Response.json(
    { code: 'try_again', status: 503, detail: 'Busy' },
    { status: 503, headers: { 'retry-after': retryAfter } },
  );

describe('what may be repeated is repeated', () => {
  it('repeats a GET after a failed connection and a busy answer', async () => {
    const { client, sent } = clientGetting([refused(), busy('0'), ok()]);
    expect(await client.getHealth()).toEqual({ status: 'ok' });
    expect(sent).toHaveLength(3);
  });

  it('repeats a POST under its idempotency key, and always the same one', async () => {
    const { client, sent } = clientGetting([refused(), ok()]);
    await client.createUser({ body: user, idempotencyKey: 'one' });
    expect(sent.map(({ headers }) => headers['idempotency-key'])).toEqual(['one', 'one']);
  });

  it('waits as long as the answer asks', async () => {
    const { client } = clientGetting([busy('1'), ok()]);
    const startedAt = performance.now();
    await client.getHealth();
    expect(performance.now() - startedAt).toBeGreaterThan(950);
  });

  it('gives up after three tries', async () => {
    const { client, sent } = clientGetting([busy('0'), busy('0'), busy('0'), ok()]);
    await expect(client.getHealth()).rejects.toMatchObject({ code: 'try_again', status: 503 });
    expect(sent).toHaveLength(3);
  });

  it('gives up at once when it would have to wait for long', async () => {
    const { client, sent } = clientGetting([busy('3600'), ok()]);
    await expect(client.getHealth()).rejects.toMatchObject({ retryAfterSeconds: 3600 });
    expect(sent).toHaveLength(1);
  });
});

describe('what could happen twice is sent once', () => {
  it.each([
    ['a POST without a key', 'createUser', { body: user }],
    ['a PATCH', 'changeUser', { params: { userId: 'usr_1' }, body: { title: 'J' }, ifMatch: 1 }],
    ['a DELETE', 'endMySession', { params: { sessionId: 'ses_1' } }],
    ['a sign-in', 'signIn', { body: { login: 'jana', password: 'x' }, idempotencyKey: 'ignored' }],
  ] as const)('%s', async (_what, method, call) => {
    for (const answer of [refused(), busy('0')]) {
      const { client, sent } = clientGetting([answer, ok()]);
      await expect(client[method](call as never)).rejects.toBeInstanceOf(RosterError);
      expect(sent).toHaveLength(1);
      expect(sent[0]?.headers).not.toHaveProperty('idempotency-key');
    }
  });

  it('a refusal that is no outage', async () => {
    const { client, sent } = clientGetting([Response.json({ code: 'not_signed_in' }, { status: 401 }), ok()]);
    await expect(client.getMe()).rejects.toMatchObject({ code: 'not_signed_in' });
    expect(sent).toHaveLength(1);
  });
});

describe('calls end', () => {
  it('after the time limit', async () => {
    const { client } = clientGetting(['never'], { triesMax: 1 });
    await expect(client.getHealth({ timeoutMs: 20 })).rejects.toMatchObject({ code: 'timed_out', status: 0 });
  });

  it('when the caller gives up, with the caller’s own reason and no further try', async () => {
    const { client, sent } = clientGetting(['never', ok()]);
    const giveUp = new AbortController();
    const call = client.getHealth({ signal: giveUp.signal });
    setTimeout(() => giveUp.abort(new Error('left the page')), 20);
    await expect(call).rejects.toThrow('left the page');
    expect(sent).toHaveLength(1);
  });

  it('when the caller gives up between two tries', async () => {
    const { client, sent } = clientGetting([busy('9'), ok()]);
    const giveUp = new AbortController();
    const call = client.getHealth({ signal: giveUp.signal });
    setTimeout(() => giveUp.abort(new Error('left the page')), 20);
    await expect(call).rejects.toThrow('left the page');
    expect(sent).toHaveLength(1);
  });
});

describe('answers of something in between', () => {
  it('have a code of their own, the status and the request id', async () => {
    const headers = { 'apigw-requestid': 'abc' };
    const { client } = clientGetting([Response.json({ message: 'Forbidden' }, { status: 403, headers })]);
    const expected = { code: 'unexpected_answer', status: 403, requestId: 'abc' };
    await expect(client.getHealth()).rejects.toMatchObject(expected);
  });

  it('are not taken for a success when they are no JSON', async () => {
    const { client } = clientGetting([new Response('<html>Welcome to the hotel')]);
    await expect(client.getHealth()).rejects.toMatchObject({ code: 'unexpected_answer', status: 200 });
  });
});
