import * as sessions from '#domain/sessions/sessions.ts';
import type { User } from '#domain/users/user.ts';
import * as users from '#domain/users/users.ts';
import { aTenant, type Called, password, type TestTenant } from '#test/setup/tenant.ts';

const signIn = (tenant: TestTenant, { login }: User): Promise<Called> =>
  tenant.call('sign-in', { body: { login, password } });
const live = async (tenant: TestTenant, { id }: User) =>
  sessions.live(tenant.deps, (await users.byId(tenant.deps, id)) as User);

describe('S4-22 K4 I4 as many sessions as the user may have', () => {
  it('never more than three live ones after 50 parallel sign-ins, which all succeed', async () => {
    const tenant = await aTenant({ maxSessions: 3 });
    const user = await tenant.aUser();
    const answers = await Promise.all(Array.from({ length: 50 }, () => signIn(tenant, user)));
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200));
    expect(await live(tenant, user)).toHaveLength(3);
  });

  it('ends the oldest, which is refused from then on', async () => {
    const tenant = await aTenant({ maxSessions: 2 });
    const user = await tenant.aUser();
    const tokens: string[] = [];
    for (let n = 0; n < 3; n++) {
      tokens.push((await signIn(tenant, user)).body.next.token);
      tenant.advance(1);
    }
    const statuses = await Promise.all(tokens.map(async (token) => (await tenant.call('get-me', { token })).status));
    expect(statuses).toEqual([401, 200, 200]);
  });

  it('or refuses the next, saying what would lift it; exactly three of 50 parallel ones get in', async () => {
    const tenant = await aTenant({ maxSessions: 3, atSessionLimit: 'refuse' });
    const user = await tenant.aUser();
    const answers = await Promise.all(Array.from({ length: 50 }, () => signIn(tenant, user)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    const refused = answers.find(({ status }) => status !== 200);
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'too_many_sessions', because: { sessions: 3, max: 3 } },
    });
    const token = answers.find(({ status }) => status === 200)?.body.next.token;
    await tenant.call('sign-out', { token });
    expect(await signIn(tenant, user)).toMatchObject({ status: 200 });
  });

  it('as the user’s own limit says, before the tenant’s', async () => {
    const tenant = await aTenant({ maxSessions: 1 });
    const user = await tenant.aUser({ maxSessions: 2 });
    for (let n = 0; n < 4; n++) await signIn(tenant, user);
    expect(await live(tenant, user)).toHaveLength(2);
  });

  it('any number by default', async () => {
    const tenant = await aTenant();
    const user = await tenant.aUser();
    for (let n = 0; n < 12; n++) await signIn(tenant, user);
    expect(await live(tenant, user)).toHaveLength(12);
  });
});

it('S4-21 a session lasts as long as its user’s own limit says, to the second', async () => {
  const tenant = await aTenant({ idleMinutes: 1440 });
  const user = await tenant.aUser({ sessionSeconds: 5000 });
  const { token, expiresAt } = (await signIn(tenant, user)).body.next;
  expect(Date.parse(expiresAt) - tenant.deps.now()).toBe(5_000_000);
  tenant.advance(4999);
  expect(await tenant.call('get-me', { token })).toMatchObject({ status: 200 });
  tenant.advance(1);
  expect(await tenant.call('get-me', { token })).toMatchObject({ status: 401 });
});
