import { basic, FORM, routingToken } from '#test/functions/connectors/switch.ts';
import { aTenant, type Called, type CallOptions, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let token: string;
let machine: string;
let user: { id: string };
beforeAll(async () => {
  tenant = await aTenant();
  ({ token } = await tenant.aSuperUser());
  machine = await routingToken(tenant, token);
  const body = {
    ...{ login: 'eva', title: 'Eva', type: 'contact-center', authEmail: 'eva@example.com', extension: '217' },
    ...{ access: 'acc_agent', rights: 'rgt_own' },
  };
  user = (await tenant.call('create-user', { token, body })).body;
});

describe('an answer that callers keep', () => {
  const ask = (known?: string, options: CallOptions = {}): Promise<Called> =>
    tenant.call('find-extension', {
      token: machine,
      params: { extension: '217' },
      ...(known !== undefined && { headers: { 'if-none-match': known } }),
      ...options,
    });

  it('has an ETag by what it says, and is not sent again to who has it', async () => {
    const { status, headers, body } = await ask();
    expect(status).toBe(200);
    expect(body.user.id).toBe(user.id);
    expect(headers['cache-control']).toBe('private, no-cache');
    const etag = headers.etag as string;
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    expect((await ask()).headers.etag).toBe(etag);
    for (const known of [etag, `"other", ${etag}`, `W/${etag}`, `"other" ,W/${etag}`, '*']) {
      const again = await ask(known);
      expect(again).toMatchObject({ status: 304, body: null, headers: { etag, 'cache-control': 'private, no-cache' } });
      expect(again.headers['content-type']).toBeUndefined();
    }
    for (const known of ['', '"other"', etag.slice(0, -1), etag.slice(1, -1), etag.toUpperCase()]) {
      expect((await ask(known)).status).toBe(200);
    }
  });

  it('has another one when it says something else', async () => {
    const { headers } = await ask();
    const { headers: read } = await tenant.call('get-user', { token, params: { userId: user.id } });
    const change = { token, params: { userId: user.id }, body: { title: 'Eva Malá' } };
    await tenant.call('change-user', { ...change, headers: { 'if-match': read.etag as string } });
    const answer = await ask(headers.etag);
    expect(answer).toMatchObject({ status: 200, body: { user: { title: 'Eva Malá' } } });
    expect(answer.headers.etag).not.toBe(headers.etag);
  });

  it('is kept from who may not ask, whatever they know of it', async () => {
    const { headers } = await ask();
    const known = { headers: { 'if-none-match': headers.etag as string } };
    const agent = await tenant.signIn((await tenant.aUser()).login);
    expect((await ask(undefined, { ...known, token: agent })).status).toBe(403);
    expect((await tenant.call('find-extension', { params: { extension: '217' }, ...known })).status).toBe(401);
  });

  it('has none where it is a refusal', async () => {
    const { status, headers } = await ask('*', { params: { extension: '999' }, headers: { 'if-none-match': '*' } });
    expect(status).toBe(404);
    expect(headers.etag).toBeUndefined();
    expect(headers['cache-control']).toBe('no-store');
  });
});

describe('an API token as a password (RFC 7617)', () => {
  const post = (headers: Record<string, string>, rawBody = 'section=configuration') =>
    tenant.call('answer-freeswitch', { rawBody, headers: { ...FORM, ...headers } });

  it('is taken whatever the user name, and Bearer as well', async () => {
    const encoded = basic(machine).slice('Basic '.length);
    for (const authorization of [basic(machine), basic(machine, ''), `basic  ${encoded}`, `Bearer ${machine}`]) {
      expect((await post({ authorization })).status).toBe(200);
    }
  });

  it('is asked for by name, and nothing that is none is taken', async () => {
    const session = token;
    const good = basic(machine);
    const bad = [
      ...[basic(''), basic('x'), basic(`${machine}x`), basic(machine.slice(0, -1)), basic(session), 'Basic', 'Basic !'],
      ...[`Basic ${Buffer.from(machine).toString('base64')}`, good.replace('Basic', 'Digest'), `${good} ${good}`],
      ...[
        `Basic ${Buffer.from(`a:b:${machine}`).toString('base64')}`,
        basic(`${machine}\n`),
        `Basic ${'A'.repeat(2000)}`,
      ],
    ];
    for (const authorization of bad) {
      const { status, headers } = await post({ authorization });
      expect({ authorization, status }).toEqual({ authorization, status: 401 });
      expect(headers['www-authenticate']).toBe('Basic realm="roster", charset="UTF-8", Bearer realm="roster"');
    }
  });

  it('is taken nowhere else', async () => {
    const { status, headers } = await tenant.call('find-extension', {
      params: { extension: '217' },
      headers: { authorization: basic(machine) },
    });
    expect(status).toBe(401);
    expect(headers['www-authenticate']).toBe('Bearer realm="roster"');
  });

  it('opens to programs alone, and only to those who may ask for routing', async () => {
    expect((await post({ authorization: `Bearer ${token}` })).body).toContain('token_needed');
    const owner = await tenant.aUser({ superUser: true, userType: 'api' });
    const body = { title: 'Other', scopes: ['users:read'] };
    const other = (await tenant.call('create-token', { token, params: { userId: owner.id }, body })).body.value;
    const refused = await post({ authorization: basic(other) });
    expect(refused.status).toBe(403);
    expect(refused.body).toContain('not_permitted: This needs the permission routing:read');
  });

  it('never stands in the log', () => {
    expect(JSON.stringify(tenant.logged)).not.toContain(machine.slice(-20));
  });
});

describe('a form', () => {
  const post = (rawBody: string, headers: Record<string, string> = {}) =>
    tenant.call('answer-freeswitch', { rawBody, headers: { ...FORM, authorization: basic(machine), ...headers } });
  const plan = 'section=dialplan&Caller-Context=default&Caller-Destination-Number=217';

  it('is read with all escapes, in base64 as the gateway sends it, and with a charset', async () => {
    expect((await post(plan)).body).toContain('<section name="dialplan">');
    expect((await post(plan.replace('217', '%32%31%37').replace('default', 'default&x=a+b%26c%3D%F0'))).body).toContain(
      '<section name="dialplan">',
    );
    const charset = { 'content-type': 'Application/X-WWW-Form-URLEncoded ; charset=UTF-8' };
    expect((await post(plan, charset)).body).toContain('<section name="dialplan">');
    const { eventFor, lambdaContext } = await import('#test/setup/tenant.ts');
    const { handler } = await import('#functions/connectors/answer-freeswitch.ts');
    const rawBody = Buffer.from(plan).toString('base64');
    const event = eventFor('answer-freeswitch', { rawBody, headers: { ...FORM, authorization: basic(machine) } });
    const answer = await handler.using(tenant.deps)({ ...event, isBase64Encoded: true } as never, lambdaContext);
    expect(answer.body).toContain('<section name="dialplan">');
  });

  it('is refused with two values of what is read, and not with two of anything else, or the same one twice', async () => {
    expect((await post(`${plan}&Caller-Destination-Number=218`)).status).toBe(422);
    expect((await post(`Caller-Destination-Number=218&${plan}`)).status).toBe(422);
    expect((await post(`${plan}&variable_x=1&variable_x=2&section=dialplan&__proto__=1`)).status).toBe(200);
  });

  it('of a call with hundreds of variables is read', async () => {
    const variables = Array.from({ length: 400 }, (_, n) => `variable_sip_h_X-${n}=${'%C3%A1'.repeat(40)}`);
    const body = `${plan}&${variables.join('&')}`;
    expect(body.length).toBeGreaterThan(100_000);
    expect((await post(body)).status).toBe(200);
  });

  it.each([
    '',
    'application/json',
    'text/plain',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencodedx',
  ])('is not taken as %j', async (type) => {
    expect((await post(plan, { 'content-type': type })).status).toBe(415);
  });
});
