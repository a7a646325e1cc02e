import { peopleOf } from '#test/functions/users/people.ts';
import { aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let token: string;
beforeAll(async () => {
  tenant = await aTenant();
  token = (await peopleOf(tenant)).root.token;
});

let count = 0;
const anApiUser = (more: object = {}) => ({
  title: 'CRM',
  login: `crm${++count}`,
  type: 'api',
  authEmail: `crm${count}@example.com`,
  access: 'acc_supervisor',
  rights: 'rgt_everything',
  ...more,
});
const create = (body: object, by = token) => tenant.call('create-user', { token: by, body });

describe('C6 S1-7 a user of type API comes with a token, where that is asked for', () => {
  it('whose value is in that answer only, and works', async () => {
    const { status, body } = await create(
      anApiUser({ apiToken: { title: 'CRM - production', scopes: ['users:read'] } }),
    );
    expect(status).toBe(201);
    expect(body.apiToken).toMatchObject({ userId: body.id, title: 'CRM - production', scopes: ['users:read'] });
    expect(await tenant.call('list-users', { token: body.apiToken.value })).toMatchObject({ status: 200 });
    const params = { userId: body.id };
    const read = await tenant.call('get-user', { token, params });
    const listed = await tenant.call('list-tokens', { token, params });
    expect(listed.body.tokens).toHaveLength(1);
    expect(JSON.stringify([read.body, listed.body, await tenant.audit()])).not.toContain(body.apiToken.value);
    const events = (await tenant.audit()).filter(({ subject }) => (subject as { id: string }).id === body.apiToken.id);
    expect(events).toMatchObject([{ event: 'token.created' }]);
    const told = (await tenant.mails()).filter(({ to }) => to === body.authEmail);
    expect(told).toMatchObject([{ template: 'token-created' }]);
  });

  it('and without one otherwise', async () => {
    const { body } = await create(anApiUser());
    expect(body).not.toHaveProperty('apiToken');
  });

  it('not for other types, not with a token in its title, and not when the login is taken: then nothing is made', async () => {
    const person = anApiUser({ type: 'back-office', apiToken: { title: 'CRM' } });
    expect(await create(person)).toMatchObject({ status: 422, body: { rule: 'S0-7' } });
    const { body } = await create(anApiUser({ apiToken: { title: 'CRM' } }));
    const spoken = anApiUser({ apiToken: { title: `is ${body.apiToken.value}` } });
    expect(await create(spoken)).toMatchObject({ status: 422, body: { code: 'token_value_in_title' } });
    const taken = anApiUser({ login: 'crm1', apiToken: { title: 'CRM' } });
    expect(await create(taken)).toMatchObject({ status: 409, body: { code: 'login_taken' } });
  });

  it('not by who may not make tokens, and not by a token', async () => {
    const people = await peopleOf(tenant);
    const may = await people.person(['users:create', 'users:read', 'users:read-details']);
    const grants = { access: may.user.access, rights: may.user.rights };
    const wanted = anApiUser({ ...grants, apiToken: { title: 'CRM' } });
    expect(await create(wanted, may.token)).toMatchObject({ status: 403, body: { because: 'tokens:change' } });
    const admin = await tenant.aUser({ access: 'acc_administrator', rights: 'rgt_everything' });
    const made = await tenant.call('create-token', { token, params: { userId: admin.id }, body: { title: 'Ops' } });
    const byToken = await create(anApiUser({ apiToken: { title: 'CRM' } }), made.body.value);
    expect(byToken).toMatchObject({ status: 403, body: { code: 'session_needed' } });
  });
});
