import { handler as answerUnmatched } from '#functions/tenant/answer-unmatched.ts';
import { settingsKey } from '#table/keys.ts';
import { aTenant, eventFor, lambdaContext, type TestTenant } from '#test/setup/tenant.ts';
import { deployTenantFile } from '#test/setup/tenant-file.ts';

let tenant: TestTenant;
beforeAll(async () => {
  tenant = await aTenant();
});

describe('the tenant', () => {
  it('says that it is up', async () => {
    expect(await tenant.call('get-health')).toMatchObject({ status: 200, body: { status: 'ok' } });
  });

  it('describes itself as OpenAPI 3.1, every operation with every problem that it can answer', async () => {
    const { body } = await tenant.call('get-openapi');
    expect(body.openapi).toBe('3.1.0');
    expect(body.paths['/v1/users'].post).toMatchObject({
      operationId: 'create-user',
      responses: { 201: {}, 401: {}, 403: {}, 409: {}, 422: {} },
    });
    expect(body.components.schemas).toHaveProperty('User');
  });
});

describe('requests that no operation has', () => {
  const ask = async (method: string, path: string) => {
    const event = eventFor('get-health', {});
    const http = { ...event.requestContext.http, method, path };
    const answer = await answerUnmatched(
      { ...event, rawPath: path, requestContext: { ...event.requestContext, http } } as never,
      lambdaContext,
    );
    return { status: answer.statusCode, headers: answer.headers, body: JSON.parse(answer.body as string) };
  };

  it('get 404 for an unknown path', async () => {
    for (const path of ['/v1/nothing', '/', '/v1/users/', '/v1/users/a/b/c', '/v2/users']) {
      expect(await ask('GET', path)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    }
  });

  it('get 405 with what the path knows for a wrong method', async () => {
    expect(await ask('DELETE', '/v1/users')).toMatchObject({
      status: 405,
      headers: { allow: 'GET, POST' },
      body: { code: 'method_not_allowed' },
    });
    expect(await ask('PUT', '/v1/users/usr_1')).toMatchObject({
      status: 405,
      headers: { allow: 'GET, PATCH, DELETE' },
    });
  });
});

describe('S0-5 provisioning', () => {
  const file = {
    name: 'acme',
    region: 'eu-central-1',
    publicUrl: 'https://acme.example',
    mail: { from: 'roster@acme.example', identity: 'acme.example' },
    operatorEmail: 'ops@acme.example',
    firstSuperUser: { login: 'ada', title: 'Ada Admin', authEmail: 'ada@acme.example' },
    licenses: { owned: { 'back-office': { seats: 1 } } },
    settings: { language: 'cs' },
  };

  it('invites one SuperUser, in the tenant’s language, and nobody has a password', async () => {
    const fresh = await aTenant({}, { isBare: true });
    deployTenantFile(file);
    expect(await fresh.react('provision-tenant', {})).toEqual({ isNew: true });
    const [mail] = await fresh.mails();
    expect(mail).toMatchObject({ to: 'ada@acme.example', template: 'invite', language: 'cs' });
    expect(await fresh.read(settingsKey)).toMatchObject({ values: { language: 'cs', sessionSeconds: 43_200 } });
  });

  it('happens once, however often and however parallel it is asked for', async () => {
    const fresh = await aTenant({}, { isBare: true });
    deployTenantFile(file);
    await Promise.allSettled(Array.from({ length: 10 }, () => fresh.react('provision-tenant', {})));
    expect(await fresh.react('provision-tenant', {})).toEqual({ isNew: false });
    expect(await fresh.mails()).toHaveLength(1);
  });

  it('refuses a tenant file that is wrong, with field and remedy', async () => {
    const fresh = await aTenant({}, { isBare: true });
    deployTenantFile({ ...file, publicUrl: 'acme.example', operatorEmail: undefined });
    await expect(fresh.react('provision-tenant', {})).rejects.toThrow(
      /publicUrl: must be the address[\s\S]*operatorEmail/,
    );
  });
});
