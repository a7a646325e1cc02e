import { type OperationId, operationList } from '#contract/operations.ts';
import { deactivate } from '#test/setup/leaving.ts';
import { aTenant, type Called, type CallOptions, codeOf, operatorKey, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let agent: string;
let deactivated: string;
let halfSignedIn: string;
let apiToken: string;
let disabledApiToken: string;
beforeAll(async () => {
  tenant = await aTenant();
  agent = await tenant.signIn((await tenant.aUser()).login);
  const user = await tenant.aUser();
  deactivated = await tenant.signIn(user.login);
  const { token } = await tenant.aSuperUser();
  await deactivate(tenant, token, user.id);
  const apiTokenOf = async (body: object): Promise<string> => {
    const params = { userId: (await tenant.aUser({ superUser: true })).id };
    return (await tenant.call('create-token', { token, params, body: { title: 'T', ...body } })).body.value;
  };
  apiToken = await apiTokenOf({});
  disabledApiToken = await apiTokenOf({ enabled: false });
  const waiting = await tenant.aUser({ secondFactor: 'email-otp' });
  const { password } = await import('#test/setup/tenant.ts');
  halfSignedIn = (await tenant.call('sign-in', { body: { login: waiting.login, password } })).body.next.challenge;
});

const known: Record<string, string> = {
  accessId: 'acc_000000000000',
  rightsId: 'rgt_000000000000',
  roleId: 'rol_000000000000',
  groupId: 'grp_000000000000',
  skillId: 'skl_000000000000',
  tagId: 'tag_000000000000',
  queueId: 'que_000000000000',
  deviceId: 'dev_000000000000',
  trunkId: 'trk_000000000000',
  callerIdsId: 'cid_000000000000',
  userGroupId: 'ugr_000000000000',
  profileId: 'prf_000000000000',
  userId: 'usr_000000000000000000000000',
  sessionId: 'ses_0000000000000000',
  tokenId: 'tok_0000000000000000',
  activityId: 'call-1',
  recordId: 'record-1',
  licenseId: 'voice',
};
const paramsOf = (id: string) =>
  Object.fromEntries(
    Object.keys(operationList.find((each) => each.id === id)?.params?.shape ?? {}).map((name) => [
      name,
      known[name] as string,
    ]),
  );
const call = (id: string, options: CallOptions = {}): Promise<Called> =>
  tenant.call(id as OperationId, { params: paramsOf(id), ...options });
const guarded = operationList.filter(({ caller }) => caller !== 'public');
const withPermission = guarded.filter(({ caller }) => caller !== 'self');
const withSession = operationList.filter(({ session }) => session);
/** Forms are read otherwise: formats.test.ts. */
const withBody = operationList.filter(({ body, form }) => body && !form);

describe.each(guarded.map(({ id, caller, basic }) => [id, caller, basic] as const))('G6 %s', (id, caller, basic) => {
  it('answers 401 to nobody, to made-up tokens, to the deactivated and to who is half signed in', async () => {
    const tokens = [
      undefined,
      'x',
      `rses_${'A'.repeat(70)}`,
      deactivated,
      halfSignedIn,
      halfSignedIn.replace('rchl', 'rses'),
      halfSignedIn.replace('rchl', 'rst'),
      `rst_${'A'.repeat(70)}`,
      disabledApiToken,
      // Good at the operator’s door alone, and there only the whole of it.
      ...(caller === 'operator' ? [operatorKey.slice(0, -1), `${operatorKey}k`] : [operatorKey]),
    ];
    for (const token of tokens) {
      const answer = await call(id, { ...(token && { token }) });
      expect([answer.status, codeOf(answer)]).toEqual([401, 'not_signed_in']);
      const other = basic ? 'Basic realm="roster", charset="UTF-8", ' : '';
      expect(answer.headers['www-authenticate']).toBe(`${other}Bearer realm="roster"`);
    }
  });
});

describe.each(withPermission.map(({ id, caller }) => [id, caller] as const))('G6 %s', (id, permission) => {
  it(`answers 403 to who lacks ${permission}, and says so`, async () => {
    const answer = await call(id, { token: agent, body: {} });
    expect([answer.status, codeOf(answer)]).toEqual([403, 'not_permitted']);
    expect(typeof answer.body === 'string' ? answer.body : answer.body.detail).toContain(permission);
  });
});

describe.each(withSession.map(({ id }) => id))('G6 K5 %s', (id) => {
  it('answers 403 to an API token, a SuperUser’s even, and says that a session is needed', async () => {
    const answer = await call(id, { token: apiToken, body: {} });
    expect(answer).toMatchObject({
      status: 403,
      body: { code: 'session_needed', remedy: expect.stringContaining('Sign in') },
    });
  });
});

describe.each(withBody.map(({ id, bodyBytesMax }) => [id, bodyBytesMax] as const))(
  'bad input to %s',
  (id, max = 65_536) => {
    let token: string;
    beforeAll(async () => {
      const operation = operationList.find((each) => each.id === id);
      if (operation?.caller === 'operator') token = operatorKey;
      else token = operation?.token ? apiToken : (await tenant.aSuperUser()).token;
    });

    it('is refused: no JSON 400, another type 415, too large 413, unknown field 422', async () => {
      for (const rawBody of ['{', '', 'null x', '{"a":}']) {
        expect(await call(id, { token, rawBody })).toMatchObject({ status: 400, body: { code: 'malformed_json' } });
      }
      const form = { 'content-type': 'application/x-www-form-urlencoded' };
      expect(await call(id, { token, rawBody: 'a=b', headers: form })).toMatchObject({ status: 415 });
      expect(await call(id, { token, rawBody: JSON.stringify({ a: 'x'.repeat(max) }) })).toMatchObject({
        status: 413,
      });
      for (const body of [{ surplus: 1 }, [], 'text', 7, null]) {
        const answer = await call(id, { token, body });
        expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_input', errors: expect.any(Array) } });
      }
    });
  },
);

describe('G10 every answer', () => {
  it('has the security headers, errors included', async () => {
    const answers = [
      await call('get-health'),
      await call('get-me'),
      await call('get-me', { token: agent }),
      await call('sign-in', { rawBody: '{' }),
    ];
    for (const { headers } of answers) {
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
        'strict-transport-security': expect.stringContaining('max-age='),
      });
      expect(headers['content-type']).toMatch(/^application\/(problem\+)?json; charset=utf-8$/);
    }
  });

  it('that refuses is RFC 9457: type, title, status, detail, instance, code', async () => {
    const { body, headers } = await call('get-me');
    expect(body).toEqual({
      type: 'urn:roster:problem:not_signed_in',
      title: expect.any(String),
      status: 401,
      detail: expect.any(String),
      instance: expect.stringMatching(/^urn:roster:request:/),
      code: 'not_signed_in',
    });
    expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
  });

  it('takes the client’s address from the gateway alone, never from headers', async () => {
    const user = await tenant.aUser();
    const { password } = await import('#test/setup/tenant.ts');
    const headers = { 'x-forwarded-for': '10.0.0.1', forwarded: 'for=10.0.0.1', 'x-real-ip': '10.0.0.1' };
    const { body } = await tenant.call('sign-in', {
      body: { login: user.login, password },
      headers,
      ip: '203.0.113.5',
    });
    expect((await tenant.call('get-me', { token: body.next.token })).body.session.network).toBe('203.0.113.5');
  });

  it('to an outage or a bug says nothing of the inside', async () => {
    const { handler } = await import('#functions/tenant/get-health.ts');
    const { eventFor, lambdaContext } = await import('#test/setup/tenant.ts');
    const broken = {
      ...tenant.deps,
      table: { until: () => ({ get: () => Promise.reject(new Error('secret inside')) }) } as never,
    };
    const answer = await handler.using(broken)(eventFor('get-health', {}) as never, lambdaContext);
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain('secret inside');
    expect(JSON.parse(answer.body as string)).toMatchObject({ code: 'internal' });
    expect(tenant.logged.at(-1)).toMatchObject({ level: 'error', event: 'internal' });
  });
});
