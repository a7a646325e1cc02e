import { aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
beforeAll(async () => {
  tenant = await aTenant();
});

describe('S4-21 K4 K11 sessions end', () => {
  it('with the sign-out: the next request is refused', async () => {
    const user = await tenant.aUser();
    const [token, other] = [await tenant.signIn(user.login), await tenant.signIn(user.login)];
    expect(await tenant.call('sign-out', { token })).toMatchObject({ status: 204, body: null });
    expect(await tenant.call('get-me', { token })).toMatchObject({ status: 401, body: { code: 'not_signed_in' } });
    expect(await tenant.call('get-me', { token: other })).toMatchObject({ status: 200 });
    const entries = (await tenant.audit()).filter(({ actor, event }) => actor === user.id && event === 'session.ended');
    expect(entries).toHaveLength(1);
  });

  it('everywhere at once, where that is asked for', async () => {
    const user = await tenant.aUser();
    const tokens = [await tenant.signIn(user.login), await tenant.signIn(user.login)];
    const query = { everywhere: 'true' };
    expect(await tenant.call('sign-out', { token: tokens[0] as string, query })).toMatchObject({ status: 204 });
    for (const token of tokens) expect(await tenant.call('get-me', { token })).toMatchObject({ status: 401 });
  });

  it('after twelve hours, however busy', async () => {
    const token = await tenant.signIn((await tenant.aUser()).login);
    for (let hour = 0; hour < 23; hour++) {
      tenant.advance(1800);
      expect(await tenant.call('get-me', { token })).toMatchObject({ status: 200 });
    }
    tenant.advance(1799);
    expect(await tenant.call('get-me', { token })).toMatchObject({ status: 200 });
    tenant.advance(1);
    expect(await tenant.call('get-me', { token })).toMatchObject({ status: 401 });
  });

  it('after an hour without a request', async () => {
    const token = await tenant.signIn((await tenant.aUser()).login);
    tenant.advance(3599);
    expect(await tenant.call('get-me', { token })).toMatchObject({ status: 200 });
    tenant.advance(3600);
    expect(await tenant.call('get-me', { token })).toMatchObject({ status: 401 });
  });

  it('write when they were last seen at most every five minutes', async () => {
    const writes: string[] = [];
    const metered = await aTenant({}, { meter: ({ command, writeUnits }) => writeUnits > 0 && writes.push(command) });
    const token = await metered.signIn((await metered.aUser()).login);
    writes.length = 0;
    for (let n = 0; n < 5; n++) await metered.call('get-me', { token });
    expect(writes).toEqual([]);
    metered.advance(300);
    for (let n = 0; n < 5; n++) await metered.call('get-me', { token });
    expect(writes).toEqual(['UpdateItem']);
  });
});
