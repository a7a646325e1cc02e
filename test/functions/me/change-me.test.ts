import { aSession } from '#test/functions/me/a-session.ts';
import { aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
beforeAll(async () => {
  tenant = await aTenant();
});

const withSession = async () => {
  const user = await tenant.aUser();
  return { user, token: await aSession(tenant, user) };
};
const change = (token: string, body: unknown, version = '"1"') =>
  tenant.call('change-me', { token, body, headers: { 'if-match': version } });

describe('C18 one’s own language', () => {
  it('is set and taken back against the version that was seen, and the audit says so', async () => {
    const { user, token } = await withSession();
    expect(await change(token, { language: 'cs' })).toMatchObject({
      status: 200,
      body: { language: 'cs', version: 2 },
    });
    expect(await change(token, { language: 'de' })).toMatchObject({
      status: 412,
      body: { code: 'version_stale', current: { language: 'cs', version: 2 } },
    });
    const taken = await change(token, { language: null }, '"2"');
    expect(taken).toMatchObject({ status: 200, body: { version: 3 } });
    expect(taken.body.language).toBeUndefined();
    const entries = (await tenant.audit()).filter(({ actor }) => actor === user.id);
    expect(entries.map(({ changes }) => (changes as { language: unknown }).language)).toEqual(
      expect.arrayContaining([{ after: 'cs' }, { before: 'cs' }]),
    );
  });

  it('changes once of parallel requests that saw the same version', async () => {
    const { token } = await withSession();
    const answers = await Promise.all(Array.from({ length: 20 }, () => change(token, { language: 'cs' })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 412)).toHaveLength(19);
  });

  it('leaves the other sessions as they are', async () => {
    const { user, token } = await withSession();
    const other = await aSession(tenant, user);
    await change(token, { language: 'cs' });
    expect(await tenant.call('list-my-sessions', { token: other })).toMatchObject({ status: 200 });
  });

  it.each([
    {},
    { language: 'not a language' },
    { language: 'cs', title: 'Somebody' },
    { superUser: true },
    { access: 'acc_administrator' },
  ])('is all that can be changed so, not %j', async (body) => {
    const { token } = await withSession();
    expect(await change(token, body)).toMatchObject({ status: 422, body: { code: 'invalid_input' } });
  });

  it('asks for If-Match, and for a session', async () => {
    const { token } = await withSession();
    expect(await tenant.call('change-me', { token, body: { language: 'cs' } })).toMatchObject({ status: 428 });
    expect(await tenant.call('change-me', { body: { language: 'cs' } })).toMatchObject({ status: 401 });
  });
});
