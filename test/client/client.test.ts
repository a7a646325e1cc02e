import { type Client, createClient, methodName, RosterError } from '#client/client.ts';
import { operationList } from '#contract/operations.ts';
import { aTenant, password, type TestTenant } from '#test/setup/tenant.ts';
import { fetchOf, type Sent } from './fetch-of-tenant.ts';

const baseUrl = 'https://acme.example/';
const newUser = (login: string) => ({
  login,
  title: 'Jana Nováková',
  type: 'contact-center' as const,
  access: 'acc_agent',
  rights: 'rgt_own',
  authEmail: `${login}@example.com`,
});

let tenant: TestTenant;
let token: string;
let sent: Sent[];
let client: Client;

beforeAll(async () => {
  tenant = await aTenant();
  ({ token } = await tenant.aSuperUser());
});

beforeEach(() => {
  sent = [];
  client = createClient({ baseUrl, token: () => token, fetch: fetchOf(tenant, sent) });
});

const failure = async (call: Promise<unknown>): Promise<RosterError> => {
  const error = await call.then(
    () => new Error('It succeeded'),
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(RosterError);
  return error as RosterError;
};

describe('the client has what the list has', () => {
  it('offers one method for each operation and no other', () => {
    expect(Object.keys(client).sort()).toEqual(operationList.map(({ id }) => methodName(id)).sort());
    expect(methodName('list-my-sessions')).toBe('listMySessions');
  });

  it('takes and gives what the contract says, as tsc sees it', () => {
    const typed = async () => {
      const { users } = await client.listUsers();
      users[0]?.title.trim();
      // @ts-expect-error a user has no such field
      users[0]?.password;
      // @ts-expect-error the version must be said
      await client.changeUser({ params: { userId: 'usr_1' }, body: { title: 'A' } });
      // @ts-expect-error a public operation is not repeatable
      await client.signIn({ body: { login: 'a', password: 'b' }, idempotencyKey: 'c' });
      // @ts-expect-error no such type of user
      await client.createUser({ body: { ...newUser('a'), type: 'robot' } });
    };
    expect(typed).toBeDefined();
  });
});

describe('calls reach the functions', () => {
  it('signs in without sending a token, and with the token tells who it is', async () => {
    const user = await tenant.aUser();
    const { next } = await client.signIn({ body: { login: user.login, password } });
    expect(sent[0]?.headers.authorization).toBeUndefined();
    const own = createClient({ baseUrl, token: next.step === 'signed-in' ? next.token : '', fetch: fetchOf(tenant) });
    expect((await own.getMe()).user.login).toBe(user.login);
  });

  it('creates, reads and lists with parameters of path and query', async () => {
    const made = await client.createUser({ body: newUser('petra') });
    expect(await client.getUser({ params: { userId: made.id } })).toEqual(made);
    const page = await client.listUsers({ query: { limit: 1, deactivated: undefined } });
    expect(page.users).toHaveLength(1);
    expect(sent.at(-1)?.url).toBe('https://acme.example/v1/users?limit=1');
  });

  it('sends the version that it changes, and gives null where there is no answer', async () => {
    const { id, version } = await client.createUser({ body: newUser('eva') });
    const changed = await client.changeUser({ params: { userId: id }, body: { title: 'Eva' }, ifMatch: version });
    expect(changed).toMatchObject({ title: 'Eva', version: version + 1 });
    expect(sent.at(-1)?.headers['if-match']).toBe(`"${version}"`);
    expect(await client.signOutUser({ params: { userId: id } })).toBeNull();
  });

  it('makes one user of two calls with one idempotency key', async () => {
    const call = { body: newUser('tom'), idempotencyKey: 'import-1-row-7' };
    expect(await client.createUser(call)).toEqual(await client.createUser(call));
  });

  it('refuses a path parameter that would lead to another path, before anything is sent', async () => {
    for (const userId of ['', '.', '..']) {
      await expect(client.getUser({ params: { userId } })).rejects.toThrow(TypeError);
    }
    expect(sent).toEqual([]);
  });
});

describe('refusals', () => {
  it('tell status, code, reason, fields and the request', async () => {
    const body = { ...newUser('tom2'), title: '', login: '?' };
    const error = await failure(client.createUser({ body }));
    expect(error).toMatchObject({ status: 422, code: 'invalid_input', requestId: expect.stringMatching(/^\w+$/) });
    expect(error.errors.map(({ pointer }) => pointer)).toEqual(['/body/title', '/body/login']);
    expect(error.detail).toContain('/body/title');
  });

  it('of a stale version carry the version that stands', async () => {
    const { id } = await client.createUser({ body: newUser('iva') });
    const error = await failure(client.changeUser({ params: { userId: id }, body: { title: 'Iva' }, ifMatch: 9 }));
    expect(error).toMatchObject({ status: 412, code: 'version_stale', problem: { current: { version: 1 } } });
  });

  it('tell the seconds to wait', async () => {
    const user = await tenant.aUser({ secondFactor: 'email-otp' });
    const { next } = await client.signIn({ body: { login: user.login, password } });
    const challenge = next.step === 'code-sent' ? next.challenge : '';
    const error = await failure(client.resendCode({ body: { challenge } }));
    expect(error).toMatchObject({ code: 'resend_too_soon', retryAfterSeconds: 60 });
  });
});
