import { userKeys } from '#table/keys.ts';
import { DAY, type Issuing, issuing, YEAR } from './issuing.ts';

let here: Issuing;
beforeEach(async () => {
  here = await issuing();
});

describe('S0-48 S0-49 S0-50 K5 I12 the clock of API tokens', () => {
  it('a token lives for 365 days, and not a second longer, without any sweep', async () => {
    const { token } = await here.owned();
    here.tenant.advance(YEAR - 1);
    expect(await here.use(token.value)).toBe('works');
    here.tenant.advance(1);
    expect(await here.use(token.value)).toBe('not_signed_in');
    expect(await here.listed(token.userId)).toMatchObject([{ expired: true, enabled: true }]);
  });

  it('a custom validity ends at its second, and use does not move it', async () => {
    const { token } = await here.owned({ expiresAt: here.at(3 * DAY) });
    here.tenant.advance(3 * DAY - 1);
    expect(await here.use(token.value)).toBe('works');
    here.tenant.advance(1);
    expect(await here.use(token.value)).toBe('not_signed_in');
  });

  it('each use of a sliding token moves the end to 365 days from it, never a year on top, once a day at most', async () => {
    const { token } = await here.owned({ extendWithUse: true });
    const expiry = async () => Date.parse((await here.listed(token.userId))[0].expiresAt);
    const fromNow = async () => ((await expiry()) - here.tenant.deps.now()) / 1000;
    here.tenant.advance(DAY - 1);
    await here.use(token.value);
    expect(await fromNow()).toBe(YEAR - DAY + 1);
    here.tenant.advance(1);
    await Promise.all([here.use(token.value), here.use(token.value), here.use(token.value)]);
    expect(await fromNow()).toBe(YEAR);
    for (let day = 0; day < 4; day++) {
      here.tenant.advance(DAY / 2);
      await here.use(token.value);
      expect(await fromNow()).toBeLessThanOrEqual(YEAR);
      expect(await fromNow()).toBeGreaterThan(YEAR - DAY);
    }
    here.tenant.advance(200 * DAY);
    await here.use(token.value);
    expect(await fromNow()).toBe(YEAR);
    here.tenant.advance(YEAR);
    expect(await here.use(token.value)).toBe('not_signed_in');
  });

  it('a short custom validity slides as well; a longer one than 365 days is never moved back', async () => {
    const short = (await here.owned({ extendWithUse: true, expiresAt: here.at(5 * DAY) })).token;
    const long = (await here.owned({ extendWithUse: true, expiresAt: here.at(2 * YEAR) })).token;
    await here.use(short.value);
    await here.use(long.value);
    expect((await here.listed(short.userId))[0].expiresAt).toBe(here.at(YEAR));
    expect((await here.listed(long.userId))[0].expiresAt).toBe(long.expiresAt);
    here.tenant.advance(YEAR + DAY);
    await here.use(long.value);
    expect((await here.listed(long.userId))[0].expiresAt).toBe(here.at(YEAR));
  });

  it('a use that has read the token before it was saved does not undo what was saved', async () => {
    for (let round = 0; round < 8; round++) {
      const { token } = await here.owned({ extendWithUse: true, expiresAt: here.at(5 * DAY) });
      const expiresAt = here.at(2 * DAY);
      const [, , changed] = await Promise.all([
        here.use(token.value),
        here.use(token.value),
        here.change(token, { extendWithUse: false, expiresAt }),
        here.use(token.value),
      ]);
      expect(changed).toMatchObject({ status: 200 });
      expect((await here.listed(token.userId))[0]).toMatchObject({ expiresAt, extendWithUse: false });
    }
  });
});

describe('S0-47 S0-53 the last use', () => {
  it('is kept with time, network and operation, written once in five minutes, and is not a saving', async () => {
    const { token } = await here.owned();
    here.tenant.advance(60);
    const usedAt = here.at(0);
    expect(await here.use(token.value, '203.0.113.9')).toBe('works');
    const last = async () => (await here.listed(token.userId))[0];
    const first = { at: usedAt, network: '203.0.113.9', operation: 'get-me' };
    expect(await last()).toMatchObject({ lastUse: first, savedAt: token.savedAt, version: 1 });
    here.tenant.advance(299);
    await here.tenant.call('list-users', { token: token.value });
    expect((await last()).lastUse).toEqual(first);
    here.tenant.advance(1);
    await here.tenant.call('list-users', { token: token.value });
    expect((await last()).lastUse).toEqual({ at: here.at(0), network: '198.51.100.7', operation: 'list-users' });
  });
});

describe('K5 what a token may do', () => {
  it('is what its owner may at the time of use, and what they did is in the audit under the token', async () => {
    const { owner, token } = await here.owned({}, { access: 'acc_agent' });
    const list = () => here.tenant.call('list-audit', { token: token.value });
    expect(await list()).toMatchObject({ status: 403, body: { code: 'not_permitted' } });
    const changed = await here.asRoot('change-user', {
      params: { userId: owner.id },
      body: { roles: ['rol_auditor'], access: 'acc_administrator' },
      headers: { 'if-match': '"1"' },
    });
    expect(changed).toMatchObject({ status: 200 });
    expect(await list()).toMatchObject({ status: 200 });
    expect((await here.tenant.call('get-me', { token: token.value })).body).toMatchObject({
      user: { id: owner.id },
      token: token.id,
      permissions: expect.arrayContaining(['users:change']),
    });
    expect((await here.tenant.call('get-me', { token: token.value })).body).not.toHaveProperty('session');
    const colleague = await here.tenant.aUser();
    const edit = { params: { userId: colleague.id }, body: { title: 'Changed' }, headers: { 'if-match': '"1"' } };
    expect(await here.tenant.call('change-user', { token: token.value, ...edit })).toMatchObject({ status: 200 });
    const entries = (await here.tenant.audit()).filter(
      ({ subject, event }) => (subject as { id: string }).id === colleague.id && event === 'user.changed',
    );
    expect(entries).toMatchObject([{ actor: owner.id, token: token.id }]);
    expect(entries[0]).not.toHaveProperty('session');
    const shown = await here.asRoot('list-audit', { query: { subject: colleague.id, event: 'user.changed' } });
    expect(shown.body.entries).toMatchObject([{ actor: owner.id, token: token.id }]);
  });

  it('is narrowed by its scopes, which give nothing that the owner lacks', async () => {
    const { token } = await here.owned({ scopes: ['users:read', 'settings:read'] }, { access: 'acc_agent' });
    expect((await here.tenant.call('get-me', { token: token.value })).body.permissions).toEqual(['users:read']);
    expect(await here.tenant.call('get-settings', { token: token.value })).toMatchObject({
      status: 403,
      body: { code: 'not_permitted', rule: 'S0-13' },
    });
    const { token: other } = await here.owned({ scopes: ['users:read'] });
    expect(await here.tenant.call('list-users', { token: other.value })).toMatchObject({ status: 200 });
    expect(await here.tenant.call('get-settings', { token: other.value })).toMatchObject({
      status: 403,
      body: { code: 'not_permitted', rule: 'K5', because: 'settings:read' },
    });
    expect((await here.owned({ scopes: [] })).token).toMatchObject({ scopes: [] });
  });

  it('of a SuperUser that is narrowed is not a SuperUser’s, and no narrowed token gets hold of its own owner', async () => {
    const scopes = ['users:read', 'users:change'];
    const { owner, token } = await here.owned({ scopes }, { superUser: true, access: undefined, rights: undefined });
    const colleague = await here.tenant.aUser();
    const change = (userId: string, body: object) =>
      here.tenant.call('change-user', {
        token: token.value,
        params: { userId },
        body,
        headers: { 'if-match': '"1"' },
      });
    const params = { userId: colleague.id };
    expect(await here.tenant.call('get-user', { token: token.value, params })).toMatchObject({ status: 200 });
    expect(await change(colleague.id, { superUser: true })).toMatchObject({ body: { code: 'grants_too_much' } });
    expect(await change(colleague.id, { access: 'acc_administrator' })).toMatchObject({
      body: { code: 'grants_too_much' },
    });
    expect(await change(here.root.id, { title: 'Mine' })).toMatchObject({ body: { code: 'outranked' } });
    expect(await change(owner.id, { authEmail: 'thief@example.com' })).toMatchObject({
      status: 403,
      body: { code: 'not_permitted', rule: 'K5' },
    });
    expect(await change(colleague.id, { title: 'Renamed' })).toMatchObject({ status: 200 });
  });

  it('is nothing that only who is signed in may do', async () => {
    const { owner, token } = await here.owned({}, { superUser: true });
    const params = { userId: owner.id };
    expect(
      await here.tenant.call('create-token', { token: token.value, params, body: { title: 'Another' } }),
    ).toMatchObject({ status: 403, body: { code: 'session_needed', remedy: expect.any(String) } });
    expect(await here.tenant.call('list-my-sessions', { token: token.value })).toMatchObject({ status: 403 });
  });
});

describe('K13 networks', () => {
  it('of the user hold at each request, by token and by session, beside those of the tenant', async () => {
    const { owner, token } = await here.owned();
    const session = await here.tenant.signIn(owner.login);
    const limited = await here.tenant.deps.table.get(userKeys.user(owner.id));
    await here.tenant.deps.table.documents.send(
      new (await import('@aws-sdk/lib-dynamodb')).PutCommand({
        TableName: here.tenant.deps.table.name,
        Item: { ...limited, allowedNetworks: ['203.0.113.0/24'] },
      }),
    );
    for (const value of [token.value, session]) {
      expect(await here.use(value, '203.0.113.5')).toBe('works');
      expect(await here.use(value, '198.51.100.7')).toBe('network_not_allowed');
    }
  });

  it('a use from where it is not allowed leaves no trace on the token and does not prolong it', async () => {
    const { token } = await here.owned(
      { extendWithUse: true, expiresAt: here.at(5 * DAY) },
      { allowedNetworks: ['203.0.113.0/24'] },
    );
    expect(await here.use(token.value)).toBe('network_not_allowed');
    expect((await here.listed(token.userId))[0]).toMatchObject({ expiresAt: token.expiresAt });
    expect((await here.listed(token.userId))[0]).not.toHaveProperty('lastUse');
  });
});

describe('G4 a refusal', () => {
  it('is the same for a token that is disabled, expired, deleted, of a deactivated owner, or made up', async () => {
    const disabled = (await here.owned({ enabled: false })).token.value;
    const expired = (await here.owned({ expiresAt: here.at(10) })).token.value;
    const { token: deleted } = await here.owned();
    const params = { userId: deleted.userId, tokenId: deleted.id };
    expect(await here.asRoot('delete-token', { params })).toMatchObject({ status: 204 });
    const { owner, token: orphan } = await here.owned();
    await here.asRoot('deactivate-user', { params: { userId: owner.id }, body: {} });
    here.tenant.advance(10);
    const good = (await here.owned()).token.value;
    const madeUp = `${good.slice(0, -2)}${good.endsWith('AA') ? 'BB' : 'AA'}`;
    const values = [disabled, expired, deleted.value, orphan.value, madeUp, `rst_${'A'.repeat(70)}`, 'rst_', '+/=~'];
    const answers = await Promise.all(values.map((token) => here.tenant.call('get-me', { token })));
    const texts = answers.map(({ status, body }) => JSON.stringify([status, { ...body, instance: '' }]));
    expect(new Set(texts).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 401, body: { code: 'not_signed_in' } });
    expect(await here.use(good)).toBe('works');
  });
});

describe('G5 K5 I5 of 1,000 requests in flight none succeeds that began after', () => {
  const race = async (value: string, stop: () => Promise<{ status: number }>) => {
    let stoppedAt = Number.POSITIVE_INFINITY;
    let begun = 0;
    const outcomes: { late: boolean; outcome: string }[] = [];
    const worker = async () => {
      while (begun < 1000) {
        const number = begun++;
        const late = performance.now() > stoppedAt;
        if (number === 300) {
          expect((await stop()).status).toBe(200);
          stoppedAt = performance.now();
        } else outcomes.push({ late, outcome: await here.use(value) });
      }
    };
    await Promise.all(Array.from({ length: 25 }, worker));
    const of = (late: boolean) => outcomes.filter((each) => each.late === late).map(({ outcome }) => outcome);
    expect(new Set(of(true))).toEqual(new Set(['not_signed_in']));
    expect(of(true).length).toBeGreaterThan(100);
    expect(of(false)).toContain('works');
  };

  it('the token was disabled', async () => {
    const { token } = await here.owned();
    await race(token.value, () => here.change(token, { enabled: false }));
  });

  it('its owner was deactivated', async () => {
    const { owner, token } = await here.owned({ extendWithUse: true, expiresAt: here.at(DAY) });
    await race(token.value, () => here.asRoot('deactivate-user', { params: { userId: owner.id }, body: {} }));
  });
});
