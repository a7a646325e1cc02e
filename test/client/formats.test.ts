import { type Client, createClient, RosterError } from '#client/client.ts';
import { read } from '#test/functions/connectors/freeswitch-reader.ts';
import { routingToken } from '#test/functions/connectors/switch.ts';
import { aTenant, type TestTenant } from '#test/setup/tenant.ts';
import { fetchOf, type Sent } from './fetch-of-tenant.ts';

const baseUrl = 'https://acme.example';
let tenant: TestTenant;
let token: string;
let sent: Sent[];
let client: Client;
beforeAll(async () => {
  tenant = await aTenant();
  ({ token } = await tenant.aSuperUser());
  const body = {
    ...{ login: 'eva', title: 'Eva', type: 'contact-center', authEmail: 'eva@example.com', extension: '217' },
    ...{ access: 'acc_agent', rights: 'rgt_own' },
  };
  await tenant.call('create-user', { token, body });
  sent = [];
  client = createClient({ baseUrl, token: await routingToken(tenant, token), fetch: fetchOf(tenant, sent) });
});

describe('what is no JSON', () => {
  const body = { section: 'dialplan', 'Caller-Context': 'default', 'Caller-Destination-Number': '217' };

  it('a form is posted as one, and a document comes back as text', async () => {
    const { text } = await client.answerFreeswitch({ body });
    expect(read(text)).toMatchObject({ section: 'dialplan', expression: '^217$' });
    expect(sent.at(-1)?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(sent.at(-1)?.url).toBe(`${baseUrl}/v1/routing/freeswitch`);
    await client.answerFreeswitch({ query: { context: 'agents' }, body: { ...body, user: undefined } });
    expect(sent.at(-1)?.url).toBe(`${baseUrl}/v1/routing/freeswitch?context=agents`);
  });

  it('a refusal in a document is an error with its code, as any other', async () => {
    const other = createClient({ baseUrl, token, fetch: fetchOf(tenant) });
    const error = await other.answerFreeswitch({ body }).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(RosterError);
    expect(error).toMatchObject({
      status: 403,
      code: 'token_needed',
      detail: expect.stringContaining('This is for programs'),
    });
    const missing = client.answerFreeswitch({ body: { ...body, variable_roster_queue: '<"&>' } });
    await expect(missing).rejects.toMatchObject({ status: 404, code: 'record_not_found' });
  });

  it('is typed', () => {
    const typed = async () => {
      const { text } = await client.answerFreeswitch({ body });
      text.trim();
      // @ts-expect-error there is nothing else in it
      text.xml;
      // @ts-expect-error no field of the form
      await client.answerFreeswitch({ body: { sectoin: 'dialplan' } });
    };
    expect(typed).toBeDefined();
  });
});
