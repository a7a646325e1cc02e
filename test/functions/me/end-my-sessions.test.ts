import { userKeys } from '#table/keys.ts';
import { aSession, tally } from '#test/functions/me/a-session.ts';
import { aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
beforeAll(async () => {
  tenant = await aTenant();
});

describe('S4+ ending all sessions but this one', () => {
  it('ends the others at once, and not those of others', async () => {
    const [user, stranger] = [await tenant.aUser(), await tenant.aUser()];
    const [token, second, third] = [
      await aSession(tenant, user),
      await aSession(tenant, user),
      await aSession(tenant, user),
    ];
    const theirs = await aSession(tenant, stranger);
    expect(await tenant.call('end-my-sessions', { token })).toMatchObject({ status: 204 });
    for (const [each, status] of [
      [token, 200],
      [second, 401],
      [third, 401],
      [theirs, 200],
    ] as const) {
      expect(await tenant.call('list-my-sessions', { token: each })).toMatchObject({ status });
    }
    expect((await tenant.audit()).filter(({ actor }) => actor === user.id)).toMatchObject([
      { event: 'user.signed-out' },
    ]);
  });

  it('asked for from two sessions at once leaves one, and none that was ended comes back', async () => {
    const user = await tenant.aUser();
    const tokens = await Promise.all(Array.from({ length: 8 }, () => aSession(tenant, user)));
    const answers = await Promise.all(tokens.map((token) => tenant.call('end-my-sessions', { token })));
    expect(tally(answers)).toEqual({ 204: 1, not_signed_in: 7 });
    const live = await Promise.all(tokens.map((token) => tenant.call('list-my-sessions', { token })));
    expect(live.map(({ status }) => status)).toEqual(answers.map(({ status }) => (status === 204 ? 200 : 401)));
  });

  it('asked for many times at once by the same session keeps it', async () => {
    const user = await tenant.aUser();
    const token = await aSession(tenant, user);
    const answers = await Promise.all([1, 2, 3].map(() => tenant.call('end-my-sessions', { token })));
    expect(tally(answers)).toEqual({ 204: 3 });
    expect(await tenant.call('list-my-sessions', { token })).toMatchObject({ status: 200 });
    expect(await tenant.read(userKeys.user(user.id))).toMatchObject({ epoch: 4 });
  });

  it('is for who is signed in', async () => {
    expect(await tenant.call('end-my-sessions')).toMatchObject({ status: 401 });
  });
});
