import { ifMatch } from '#test/functions/users/people.ts';
import { deactivate, remove } from '#test/setup/leaving.ts';
import { aTenant, password, type TestTenant } from '#test/setup/tenant.ts';

const REQUESTS = 1000;
const AT_ONCE = 50;

let tenant: TestTenant;
beforeAll(async () => {
  tenant = await aTenant();
});

/** Keeps requests in flight while `change` runs; tells how many began after its answer and still succeeded. */
async function raced(token: string, change: () => Promise<unknown>) {
  let changedAt = Number.POSITIVE_INFINITY;
  let left = REQUESTS;
  let before = 0;
  let late = 0;
  const worker = async () => {
    while (left-- > 0) {
      const startedAt = performance.now();
      const { status } = await tenant.call('get-me', { token });
      if (status !== 200) continue;
      if (startedAt > changedAt) late++;
      else before++;
    }
  };
  const workers = Array.from({ length: AT_ONCE }, worker);
  await new Promise((resolve) => setTimeout(resolve, 50));
  await change();
  changedAt = performance.now();
  await Promise.all(workers);
  return { before, late };
}

describe('G5 I5 with 1,000 requests in flight, none succeeds after the answer to', () => {
  it.each([
    ['a sign-out by an administrator', 'sign-out-user', {}],
    ['another address', 'change-user', { headers: ifMatch(1), body: { authEmail: 'moved@example.com' } }],
    ['another second factor', 'change-user', { headers: ifMatch(1), body: { secondFactor: 'email-otp' } }],
    ['networks that leave it out', 'change-user', { headers: ifMatch(1), body: { allowedNetworks: [] } }],
    ['a temporary password', 'set-user-password', { body: {} }],
  ] as const)('%s', async (_, operation, options) => {
    const user = await tenant.aUser();
    const admin = await tenant.aSuperUser();
    const token = await tenant.signIn(user.login);
    const { before, late } = await raced(token, async () => {
      const answer = await tenant.call(operation, { token: admin.token, params: { userId: user.id }, ...options });
      expect(answer.status).toBeLessThan(300);
    });
    expect(before).toBeGreaterThan(0);
    expect(late).toBe(0);
  });

  it.each([
    ['a deactivation', deactivate],
    ['a deletion', remove],
  ] as const)('S0-54 C14 %s that was confirmed, for a session and for an API token', async (_, leave) => {
    for (const by of ['session', 'token'] as const) {
      const user = await tenant.aUser();
      const admin = await tenant.aSuperUser();
      const body = { title: 'In flight' };
      const params = { userId: user.id };
      const token =
        by === 'session'
          ? await tenant.signIn(user.login)
          : (await tenant.call('create-token', { token: admin.token, params, body })).body.value;
      const { before, late } = await raced(token, async () => {
        expect((await leave(tenant, admin.token, user.id)).status).toBe(200);
      });
      expect(before).toBeGreaterThan(0);
      expect(late).toBe(0);
    }
  });

  it('one’s own new password, for the other sessions; one’s own goes on', async () => {
    const user = await tenant.aUser();
    const [own, other] = [await tenant.signIn(user.login), await tenant.signIn(user.login)];
    const { before, late } = await raced(other, async () => {
      const body = { currentPassword: password, password: 'stones under a slow green sea' };
      expect(await tenant.call('change-my-password', { token: own, body })).toMatchObject({ status: 204 });
    });
    expect(before).toBeGreaterThan(0);
    expect(late).toBe(0);
    expect(await tenant.call('get-me', { token: own })).toMatchObject({ status: 200 });
  });
});
