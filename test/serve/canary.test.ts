import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { type OperationId, operationList } from '#contract/operations.ts';
import { appCode } from '#test/setup/authenticator-app.ts';
import { aTenant, type CallOptions, type TestTenant } from '#test/setup/tenant.ts';

const canary = 'canary-5d0c91-sings-in-the-dark';

let tenant: TestTenant;
beforeAll(async () => {
  tenant = await aTenant();
});

/** Everything that is kept or said: each item of the table as it stands, and each line of the log. */
async function everythingKept(): Promise<string> {
  const client = new DynamoDBClient({ endpoint: tenant.endpoint, region: 'eu-central-1' });
  const items: unknown[] = [];
  let from: Record<string, never> | undefined;
  do {
    const page = await client.send(new ScanCommand({ TableName: tenant.deps.table.name, ExclusiveStartKey: from }));
    items.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey as typeof from;
  } while (from);
  return (
    JSON.stringify(items) +
    JSON.stringify(tenant.logged, (_, value) =>
      value instanceof Error ? `${value.stack} ${JSON.stringify(value)}` : value,
    )
  );
}

const secretFields = new Set([
  'password',
  'currentPassword',
  'token',
  'challenge',
  'code',
  'recoveryCode',
  'device',
  'pin',
]);

describe('G12 I13 a canary in every secret field', () => {
  const withSecrets = operationList.filter(({ body }) =>
    Object.keys(body?.shape ?? {}).some((field) => secretFields.has(field)),
  );

  it('covers the fields that carry secrets', () => {
    expect(withSecrets.length).toBeGreaterThan(10);
  });

  it.each(withSecrets.map(({ id }) => [id] as const))(
    'of %s is in no answer, log or item when it is refused',
    async (id) => {
      const operation = operationList.find((each) => each.id === id);
      const { token } = await tenant.aSuperUser();
      const shape = operation?.body?.shape ?? {};
      const secrets = Object.keys(shape).filter((field) => secretFields.has(field));
      const body = {
        ...Object.fromEntries(secrets.map((field) => [field, `${canary}-${field}`])),
        ...('login' in shape && { login: (await tenant.aUser()).login }),
      };
      const userId = (await tenant.aUser()).id;
      const params = Object.fromEntries(
        Object.keys(operation?.params?.shape ?? {}).map((name) => [name, name === 'userId' ? userId : 'none']),
      );
      const tries: CallOptions[] = [
        { body },
        { body, token: canary },
        { body, token },
        // One secret at a time, since a request may take only one of several.
        ...secrets.map((field) => ({ token, body: { [field]: `${canary}-${field}` } })),
        { token, rawBody: JSON.stringify(body).slice(0, -1) },
        { token, body, query: { token: canary }, headers: { 'idempotency-key': 'same' } },
      ];
      for (const options of tries) {
        const { body: answer, headers } = await tenant.call(id as OperationId, { params, ...options });
        expect(JSON.stringify([answer, headers])).not.toContain(canary);
      }
      expect(await everythingKept()).not.toContain(canary);
    },
  );
});

it('G12 I13 no secret of a user’s whole life stands in clear in the table or the log', async () => {
  const secrets: string[] = [];
  const keep = <T>(secret: T): T => {
    if (typeof secret !== 'string' || secret.length < 6) throw new Error(`No secret: ${secret}`);
    secrets.push(secret);
    return secret;
  };
  const ok = async (id: OperationId, options: CallOptions) => {
    const answer = await tenant.call(id, options);
    if (answer.status >= 300) throw new Error(`${id} ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const newest = async (template: string, to: string) =>
    (await tenant.mails()).findLast((mail) => mail.template === template && mail.to === to)?.data ?? {};
  const admin = await tenant.aSuperUser();
  keep(admin.token);

  const address = 'vera@example.com';
  const grants = { access: 'acc_agent', rights: 'rgt_own' };
  const created = await ok('create-user', {
    token: admin.token,
    body: {
      title: 'Vera',
      login: 'vera',
      type: 'contact-center',
      authEmail: address,
      mobile: '+420601000111',
      secondFactor: 'authenticator-optional',
      ...grants,
    },
  });
  const params = { userId: created.id };
  const invite = keep((await newest('invite', address)).link?.split('#')[1]);
  const first = keep('first words of a long song');
  await ok('accept-invite', { body: { token: invite, password: first } });
  const { next } = await ok('sign-in', { body: { login: 'vera', password: first } });
  keep(next.device);
  const token = keep(next.token);

  const { key } = await ok('set-up-my-totp', { token });
  keep(key);
  const confirmed = await ok('confirm-my-totp', { token, body: { code: appCode(key, tenant.deps.now()) } });
  for (const code of confirmed.recoveryCodes) {
    keep(code);
    keep(code.replaceAll('-', ''));
  }
  const second = keep('second verse about the sea');
  await ok('change-my-password', { token, body: { currentPassword: first, password: second } });
  await ok('set-my-pin', { token, body: { pin: keep('83921746') } });
  await ok('change-my-contact', { token, body: { authEmail: 'vera.new@example.com' } });
  const proof = (await newest('contact-code', 'vera.new@example.com')).code as string;
  await ok('confirm-my-contact', { token, body: { code: proof } });

  tenant.advance(60);
  const challenge = (await ok('sign-in', { body: { login: 'vera', password: second } })).next;
  keep(challenge.challenge);
  await ok('verify-code', { body: { challenge: challenge.challenge, recoveryCode: confirmed.recoveryCodes[0] } });

  await ok('request-password-reset', { body: { login: 'vera' } });
  const reset = keep((await newest('password-reset', 'vera.new@example.com')).link?.split('#')[1]);
  const third = keep('third chorus, with drums');
  await ok('complete-password-reset', { body: { token: reset, password: third } });
  await ok('request-password-reset', { body: { login: 'vera', by: 'sms' } });
  const smsCode = keep((await newest('password-reset-code', '+420601000111')).code);
  await ok('complete-password-reset', {
    body: { login: 'vera', code: smsCode, password: keep('fourth time round the lake') },
  });
  keep((await ok('set-user-password', { token: admin.token, params, body: {} })).password);
  const made = await ok('create-token', { token: admin.token, params, body: { title: 'CRM - production' } });
  keep(made.value);
  expect(await tenant.call('get-me', { token: made.value })).toMatchObject({ status: 200 });
  await tenant.keepAudit();

  const kept = await everythingKept();
  expect(secrets.length).toBeGreaterThan(25);
  for (const secret of secrets) expect(kept.includes(secret) && secret).toBe(false);
  // Six digits may turn up in a number by chance, but not as a value of their own.
  expect(kept).not.toContain(`"${proof}"`);
});
