import { claimKey } from '#table/keys.ts';
import { deactivate } from '#test/setup/leaving.ts';
import { aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let token: string;
beforeAll(async () => {
  tenant = await aTenant();
  token = (await tenant.aSuperUser()).token;
});

const change = (userId: string, body: unknown, ifMatch?: string) =>
  tenant.call('change-user', { token, params: { userId }, body, ...(ifMatch && { headers: { 'if-match': ifMatch } }) });

describe('S1-28 changing a user', () => {
  it('changes what is named, keeps the rest and counts the version', async () => {
    const user = await tenant.aUser({ emoji: '🎧' });
    const answer = await change(user.id, { title: 'Jana Černá', emoji: null, language: 'cs' }, '"1"');
    expect(answer).toMatchObject({
      status: 200,
      headers: { etag: '"2"' },
      body: { title: 'Jana Černá', language: 'cs', version: 2, login: user.login },
    });
    expect(answer.body).not.toHaveProperty('emoji');
    const [entry] = (await tenant.audit()).filter(
      ({ event, subject }) => event === 'user.changed' && (subject as { id: string }).id === user.id,
    );
    expect(entry?.changes).toMatchObject({
      title: { before: user.title, after: 'Jana Černá' },
      emoji: { before: '🎧' },
    });
    expect(entry?.changes).not.toHaveProperty('login');
  });

  it('S0-9 never changes the login, and says so', async () => {
    const user = await tenant.aUser();
    const answer = await change(user.id, { login: 'another' }, '"1"');
    expect(answer).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/body/login', detail: expect.stringContaining('cannot be changed') }] },
    });
  });

  it('C15 never moves a user to another user group, and points at the field', async () => {
    const user = await tenant.aUser();
    const answer = await change(user.id, { userGroup: 'ugr_1' }, '"1"');
    expect(answer).toMatchObject({
      status: 422,
      body: { errors: expect.arrayContaining([{ pointer: '/body/userGroup', detail: expect.any(String) }]) },
    });
  });

  it('wants If-Match, and shows the current user when it is stale', async () => {
    const user = await tenant.aUser();
    expect(await change(user.id, { title: 'B' })).toMatchObject({ status: 428, body: { code: 'version_missing' } });
    await change(user.id, { title: 'B' }, '"1"');
    expect(await change(user.id, { title: 'C' }, '"1"')).toMatchObject({
      status: 412,
      body: { code: 'version_stale', current: { title: 'B', version: 2 } },
    });
    expect(await change(user.id, { title: 'C' }, 'latest')).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/headers/if-match' }] },
    });
  });

  it('loses no update to 50 parallel ones: one wins, the others are told', async () => {
    const user = await tenant.aUser();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => change(user.id, { title: `Title ${n}` }, '"1"')),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 412)).toHaveLength(49);
    const winner = answers.find(({ status }) => status === 200);
    expect(await tenant.call('get-user', { token, params: { userId: user.id } })).toMatchObject({
      body: { title: winner?.body.title, version: 2 },
    });
  });

  it('refuses a change of nothing, and of a user that is not there', async () => {
    const user = await tenant.aUser();
    expect(await change(user.id, {}, '"1"')).toMatchObject({ status: 422 });
    expect(await change('usr_000000000000000000000000', { title: 'B' }, '"1"')).toMatchObject({
      status: 404,
      body: { code: 'user_not_found' },
    });
    expect(await change('usr_1', { title: 'B' }, '"1"')).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/path/userId' }] },
    });
  });
});

describe('C5 S0-25 changing the authentication email', () => {
  it('moves the claim: the new address signs in, the old one is free again', async () => {
    const user = await tenant.aUser();
    await change(user.id, { authEmail: `new-${user.authEmail}` }, '"1"');
    await tenant.signIn(`new-${user.authEmail}`);
    expect(await tenant.read(claimKey('sign-in-name', user.authEmail as string))).toBeUndefined();
    expect(await change((await tenant.aUser()).id, { authEmail: user.authEmail }, '"1"')).toMatchObject({
      status: 200,
    });
  });

  it('refuses an address that signs somebody else in', async () => {
    const [a, b] = [await tenant.aUser(), await tenant.aUser()];
    expect(await change(a.id, { authEmail: b.authEmail?.toUpperCase() }, '"1"')).toMatchObject({
      status: 409,
      body: { code: 'email_taken' },
    });
    expect(await change(a.id, { authEmail: b.login.includes('@') ? b.login : b.authEmail }, '"1"')).toMatchObject({
      status: 409,
    });
  });

  it('keeps the claim when only the spelling changes', async () => {
    const user = await tenant.aUser();
    expect(await change(user.id, { authEmail: user.authEmail?.toUpperCase() }, '"1"')).toMatchObject({ status: 200 });
    expect(await tenant.read(claimKey('sign-in-name', user.authEmail as string))).toMatchObject({ userId: user.id });
  });

  it('ends the user’s sessions, as a change of the factor does; a change of the title does not', async () => {
    const user = await tenant.aUser();
    const session = await tenant.signIn(user.login);
    await change(user.id, { title: 'Other' }, '"1"');
    expect(await tenant.call('get-me', { token: session })).toMatchObject({ status: 200 });
    await change(user.id, { secondFactor: 'email-otp' }, '"2"');
    expect(await tenant.call('get-me', { token: session })).toMatchObject({ status: 401 });
  });
});

describe('S4-20 I6 the last active SuperUser', () => {
  it('cannot be demoted or deactivated, also not by themselves', async () => {
    const alone = await aTenant();
    const { user, token } = await alone.aSuperUser();
    const params = { userId: user.id };
    const demotion = await alone.call('change-user', {
      token,
      params,
      headers: { 'if-match': '1' },
      body: { superUser: false },
    });
    expect(demotion).toMatchObject({ status: 409, body: { code: 'last_superuser' } });
    expect(await alone.call('deactivate-user', { token, params, body: {} })).toMatchObject({
      status: 409,
      body: { code: 'last_superuser' },
    });
  });

  it('does not count invited ones', async () => {
    const alone = await aTenant();
    const { user, token } = await alone.aSuperUser();
    await alone.aUser({ superUser: true, state: 'invited' });
    expect(await deactivate(alone, token, user.id)).toMatchObject({ status: 409, body: { code: 'last_superuser' } });
  });

  it('remains through 25 rounds of two who demote each other at once', async () => {
    for (let round = 0; round < 25; round++) {
      const pair = await aTenant();
      const [a, b] = [await pair.aSuperUser(), await pair.aSuperUser()];
      const demote = (by: typeof a, whom: typeof a) =>
        pair.call('change-user', {
          token: by.token,
          params: { userId: whom.user.id },
          headers: { 'if-match': '1' },
          body: { superUser: false },
        });
      const answers = await Promise.all([demote(a, b), demote(b, a)]);
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    }
  });
});
