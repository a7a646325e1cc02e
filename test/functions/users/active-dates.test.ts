import { deactivateDue } from '#domain/users/ending.ts';
import { superUsersKey, userKeys } from '#table/keys.ts';
import { entriesAbout, ifMatch, type People, peopleOf } from '#test/functions/users/people.ts';
import { agentGrants, aTenant, password, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let people: People;
let token: string;
beforeEach(async () => {
  tenant = await aTenant({ sessionSeconds: 2_592_000, idleMinutes: 1440 });
  people = await peopleOf(tenant);
  token = people.root.token;
});

const HOUR = 3600;
const at = (seconds: number) => new Date(tenant.deps.now() + seconds * 1000).toISOString();
const me = async (as: string) => (await tenant.call('get-me', { token: as })).status;
const signIn = (login: string) => tenant.call('sign-in', { body: { login, password } });
const sweep = () => tenant.react('expire-tokens', {});
const aToken = async (userId: string) =>
  (await tenant.call('create-token', { token, params: { userId }, body: { title: 'CRM' } })).body.value as string;

/** Signed in, with a token, for one more hour. */
const endingSoon = async (values: object = {}) => {
  const user = await tenant.aUser({ access: 'acc_agent', rights: 'rgt_own', ...values });
  const session = await tenant.signIn(user.login);
  const apiToken = await aToken(user.id);
  expect(await people.change(user.id, { activeUntil: at(HOUR) })).toMatchObject({ status: 200 });
  return { user, session, apiToken };
};

describe('S4-10 after the active dates', () => {
  it('nothing of the user is accepted, from that very instant on', async () => {
    const { user, session, apiToken } = await endingSoon();
    tenant.advance(HOUR - 0.001);
    expect([await me(session), await me(apiToken), (await signIn(user.login)).status]).toEqual([200, 200, 200]);
    tenant.advance(0.001);
    expect([await me(session), await me(apiToken)]).toEqual([401, 401]);
    expect(
      await tenant.call('change-me', { token: session, body: { language: 'cs' }, headers: ifMatch(2) }),
    ).toMatchObject({
      status: 401,
    });
  });

  it('sign-in answers as for who does not exist, and a sign-in under way is over', async () => {
    const user = await tenant.aUser({ secondFactor: 'email-otp', activeUntil: tenant.deps.now() + 60_000 });
    const { challenge } = (await signIn(user.login)).body.next;
    const code = (await tenant.mails()).at(-1)?.data.code;
    tenant.advance(60);
    const strip = ({ status, body }: Awaited<ReturnType<typeof signIn>>) => ({ status, ...body, instance: undefined });
    expect(strip(await signIn(user.login))).toEqual(strip(await signIn('nobody-at-all')));
    expect(await tenant.call('verify-code', { body: { challenge, code } })).toMatchObject({
      status: 401,
      body: { code: 'challenge_over' },
    });
    expect(await tenant.call('resend-code', { body: { challenge } })).toMatchObject({
      body: { code: 'challenge_over' },
    });
  });

  it('a new password is not sent, and one that was is not redeemed', async () => {
    const user = await tenant.aUser({ activeUntil: tenant.deps.now() + 60_000 });
    await tenant.call('request-password-reset', { body: { login: user.login } });
    const link = (await tenant.mails()).find(({ to }) => to === user.authEmail)?.data.link as string;
    tenant.advance(60);
    const redeemed = { token: link.split('#')[1], password: 'under the old bridge' };
    expect(await tenant.call('complete-password-reset', { body: redeemed })).toMatchObject({
      status: 410,
      body: { code: 'link_over' },
    });
    expect(await tenant.call('request-password-reset', { body: { login: user.login } })).toMatchObject({ status: 202 });
    expect((await tenant.mails()).filter(({ to }) => to === user.authEmail)).toHaveLength(1);
  });

  it('the sweep deactivates them, once, in the name of the system', async () => {
    const { user } = await endingSoon();
    tenant.advance(HOUR - 1);
    expect(await sweep()).toMatchObject({ deactivated: 0 });
    tenant.advance(1);
    // Without the lease that keeps sweeps apart.
    const { deps } = tenant;
    const ended = await Promise.all([deactivateDue(deps), deactivateDue(deps), deactivateDue(deps)]);
    expect(ended.toSorted()).toEqual([0, 0, 1]);
    expect(await sweep()).toMatchObject({ deactivated: 0 });
    expect(await people.now(user.id)).toMatchObject({ state: 'deactivated' });
    expect(await entriesAbout(tenant, user.id, 'user.deactivated')).toMatchObject([
      { actor: 'system', changes: { state: { before: 'active', after: 'deactivated' } } },
    ]);
    expect(await tenant.read(userKeys.ending(user.id))).toBeUndefined();
  });

  it('the sweep finds who was invited as well, and nobody whose dates were moved or taken away', async () => {
    const invited = await tenant.call('create-user', {
      token,
      body: {
        title: 'Late',
        login: 'late',
        type: 'passive',
        ...agentGrants,
        authEmail: 'late@example.com',
        activeUntil: at(HOUR),
      },
    });
    const [moved, freed] = [await endingSoon(), await endingSoon()];
    await people.change(moved.user.id, { activeUntil: at(3 * HOUR) });
    await people.change(freed.user.id, { activeUntil: null });
    tenant.advance(HOUR);
    expect(await sweep()).toMatchObject({ deactivated: 1 });
    const late = await people.now(invited.body.id);
    expect(late).toMatchObject({ state: 'deactivated' });
    expect(late).not.toHaveProperty('inviteExpiresAt');
    expect([await me(moved.session), await me(freed.session)]).toEqual([200, 200]);
    tenant.advance(2 * HOUR);
    expect(await sweep()).toMatchObject({ deactivated: 1 });
    expect(await me(freed.session)).toBe(200);
  });

  it('is no way round deactivating: an end that is over is refused', async () => {
    const user = await tenant.aUser();
    expect(await people.change(user.id, { activeUntil: at(0) })).toMatchObject({
      status: 422,
      body: { rule: 'S4-10', remedy: 'POST /v1/users/{userId}/deactivate' },
    });
    expect(await people.change(user.id, { activeUntil: at(1) })).toMatchObject({ status: 200 });
    // What ended while nobody looked does not stand against another change.
    tenant.advance(2);
    expect(await people.change(user.id, { description: 'Left on Friday' })).toMatchObject({ status: 200 });
  });
});

describe('S4-10 before the active dates', () => {
  it('nothing of the user is accepted, from the first instant everything', async () => {
    const user = await tenant.aUser({ ...agentGrants, activeFrom: tenant.deps.now() + HOUR * 1000 });
    const apiToken = await aToken(user.id);
    tenant.advance(HOUR - 0.001);
    expect([await me(apiToken), (await signIn(user.login)).status]).toEqual([401, 401]);
    tenant.advance(0.001);
    expect([await me(apiToken), (await signIn(user.login)).status]).toEqual([200, 200]);
  });

  it('ends the sessions of who is to begin later', async () => {
    const user = await tenant.aUser();
    const session = await tenant.signIn(user.login);
    await people.change(user.id, { activeFrom: at(HOUR) });
    expect(await me(session)).toBe(401);
  });

  it('S3-7 an invite waits for the first day, and is good for as long as any other from then on', async () => {
    const days = 10;
    const { body } = await tenant.call('create-user', {
      token,
      body: {
        title: 'Next month',
        login: 'next-month',
        type: 'contact-center',
        ...agentGrants,
        authEmail: 'next-month@example.com',
        activeFrom: at(days * 24 * HOUR),
      },
    });
    expect(body.inviteExpiresAt).toBe(at((days + 7) * 24 * HOUR));
    const link = (await tenant.mails()).find(({ to }) => to === body.authEmail)?.data.link as string;
    const accept = () => tenant.call('accept-invite', { body: { token: link.split('#')[1], password } });
    const early = await accept();
    expect(early).toMatchObject({ status: 410, body: { code: 'link_over', rule: 'S4-10' } });
    expect(early.body.detail).toContain(body.activeFrom);
    tenant.advance(days * 24 * HOUR);
    expect(await accept()).toMatchObject({ status: 200, body: { login: 'next-month' } });
  });

  it('K3 a temporary password is good for 72 hours from the first day', async () => {
    const given = {
      title: 'Later',
      login: 'later',
      type: 'contact-center',
      ...agentGrants,
      authEmail: 'l@example.com',
    };
    await tenant.call('create-user', {
      token,
      body: { ...given, password: 'under the old bridge', activeFrom: at(96 * HOUR) },
    });
    const enter = () => tenant.call('sign-in', { body: { login: 'later', password: 'under the old bridge' } });
    expect((await enter()).status).toBe(401);
    tenant.advance(96 * HOUR + 71 * HOUR);
    expect(await enter()).toMatchObject({ status: 200, body: { next: { step: 'new-password' } } });
  });
});

describe('S4-10 I6 SuperUsers for a time', () => {
  it('are none that the tenant could rely on: the last one gets neither beginning nor end', async () => {
    const { user } = people.root;
    for (const dates of [{ activeUntil: at(HOUR) }, { activeFrom: at(-HOUR) }]) {
      expect(await people.change(user.id, dates)).toMatchObject({
        status: 409,
        body: { code: 'last_superuser', rule: 'I6' },
      });
    }
    const helper = await tenant.aSuperUser({ activeUntil: tenant.deps.now() + HOUR * 1000 });
    expect((await tenant.read(superUsersKey))?.ids).toEqual(new Set([user.id]));
    expect(await people.change(user.id, { superUser: false })).toMatchObject({ body: { code: 'last_superuser' } });
    // The helper may all that a SuperUser may, and goes by the clock.
    expect(await me(helper.token)).toBe(200);
    tenant.advance(HOUR);
    expect(await sweep()).toMatchObject({ deactivated: 1 });
    expect(await me(token)).toBe(200);
  });

  it('of two who give one another an end at the same moment, one remains', async () => {
    const other = await tenant.aSuperUser();
    const end = (by: string, userId: string) =>
      tenant.call('change-user', {
        token: by,
        params: { userId },
        body: { activeUntil: at(HOUR) },
        headers: ifMatch(1),
      });
    const answers = await Promise.all([end(token, other.user.id), end(other.token, people.root.user.id)]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    tenant.advance(HOUR);
    await sweep();
    expect((await tenant.read(superUsersKey))?.ids).toHaveProperty('size', 1);
  });
});
