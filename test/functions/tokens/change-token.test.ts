import { DAY, type Issuing, issuing, YEAR } from './issuing.ts';

let here: Issuing;
beforeAll(async () => {
  here = await issuing();
});

describe('S0-45 S0-47 changing an API token', () => {
  it('disables it for the next request and enables it again, each a saving with a version of its own', async () => {
    const { token } = await here.owned();
    here.tenant.advance(60);
    const disabled = await here.change(token, { enabled: false });
    expect(disabled).toMatchObject({
      status: 200,
      headers: { etag: '"2"' },
      body: { enabled: false, version: 2, savedAt: here.at(0), createdAt: token.createdAt, expiresAt: token.expiresAt },
    });
    expect(await here.use(token.value)).toBe('not_signed_in');
    expect(await here.change(disabled.body, { enabled: true })).toMatchObject({ status: 200, body: { version: 3 } });
    expect(await here.use(token.value)).toBe('works');
  });

  it('changes just what is named, and null takes scopes and custom validity away', async () => {
    const { token } = await here.owned({ scopes: ['users:read'], expiresAt: here.at(3 * DAY) });
    const renamed = await here.change(token, { title: 'Export' });
    expect(renamed.body).toMatchObject({ title: 'Export', scopes: ['users:read'], customValidity: true });
    const widened = await here.change(renamed.body, { scopes: null, expiresAt: null, extendWithUse: true });
    expect(widened.body).toMatchObject({ customValidity: false, extendWithUse: true });
    expect(widened.body).not.toHaveProperty('scopes');
    expect(Date.parse(widened.body.expiresAt)).toBe(Date.parse(token.createdAt) + YEAR * 1000);
    expect(await here.listed(token.userId)).toMatchObject([{ title: 'Export', customValidity: false }]);
  });

  it('S0-49 refuses an end in the past, also when that is the year from the creation', async () => {
    const { token } = await here.owned({ expiresAt: here.at(2 * YEAR) });
    here.tenant.advance(YEAR);
    for (const expiresAt of [null, here.at(0)]) {
      expect(await here.change(token, { expiresAt })).toMatchObject({
        status: 422,
        body: { code: 'invalid_input', rule: 'S0-49', errors: [{ pointer: '/body/expiresAt' }] },
      });
    }
    expect(await here.change(token, { expiresAt: here.at(1) })).toMatchObject({ status: 200 });
  });

  it('is refused against another version, and shows the present one; of two at once one wins', async () => {
    const { token } = await here.owned();
    const answers = await Promise.all([here.change(token, { title: 'A' }), here.change(token, { title: 'B' })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
    expect(answers.find(({ status }) => status === 412)?.body).toMatchObject({
      code: 'version_stale',
      current: { id: token.id, version: 2 },
    });
    expect(await here.change(token, { title: 'C' })).toMatchObject({ body: { code: 'version_stale' } });
    const { rootToken, tenant } = here;
    const params = { userId: token.userId, tokenId: token.id };
    const blind = { token: await rootToken(), params, body: { title: 'D' } };
    expect(await tenant.call('change-token', blind)).toMatchObject({ body: { code: 'version_missing' } });
  });

  it('goes into the audit with what was before and after, once, and not when it is refused', async () => {
    const { token } = await here.owned();
    await here.change(token, { enabled: false, title: 'Export' });
    await here.change(token, { title: 'Never' });
    const entries = (await here.tenant.audit()).filter(({ event, subject }) => {
      return event === 'token.changed' && (subject as { id: string }).id === token.id;
    });
    expect(entries).toHaveLength(1);
    expect(entries[0]?.changes).toMatchObject({
      enabled: { before: true, after: false },
      title: { before: 'CRM integration', after: 'Export' },
    });
    expect(JSON.stringify(entries)).not.toMatch(/hash|sha256/i);
  });

  it('is refused for a token that is not there, or is another user’s', async () => {
    const { token } = await here.owned();
    const other = await here.tenant.aUser();
    expect(await here.change({ ...token, userId: other.id }, { title: 'T' })).toMatchObject({
      status: 404,
      body: { code: 'token_not_found' },
    });
  });

  it('C12 is refused to who holds less than the owner', async () => {
    const { owner, token } = await here.owned({}, { superUser: true });
    const admin = await here.tenant.aUser({ access: 'acc_administrator', rights: 'rgt_everything' });
    const session = { token: await here.tenant.signIn(admin.login), params: { userId: owner.id, tokenId: token.id } };
    expect(
      await here.tenant.call('change-token', { ...session, body: { enabled: false }, headers: { 'if-match': '"1"' } }),
    ).toMatchObject({ status: 403, body: { code: 'outranked' } });
    expect(await here.tenant.call('delete-token', session)).toMatchObject({ status: 403, body: { code: 'outranked' } });
    expect(await here.use(token.value)).toBe('works');
  });
});

describe('deleting an API token', () => {
  it('ends it at once, once, with an audit entry', async () => {
    const { token } = await here.owned();
    const params = { userId: token.userId, tokenId: token.id };
    const remove = () => here.asRoot('delete-token', { params });
    const answers = await Promise.all([remove(), remove(), remove()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 404, 404]);
    expect(await here.use(token.value)).toBe('not_signed_in');
    expect(await here.listed(token.userId)).toEqual([]);
    const entries = (await here.tenant.audit()).filter(({ event, subject }) => {
      return event === 'token.deleted' && (subject as { id: string }).id === token.id;
    });
    expect(entries).toHaveLength(1);
  });
});
