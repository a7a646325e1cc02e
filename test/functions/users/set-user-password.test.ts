import { verifyPassword } from '#domain/passwords/hash.ts';
import type { User } from '#domain/users/user.ts';
import { userKeys } from '#table/keys.ts';
import { aSession, everythingKept, tally } from '#test/functions/me/a-session.ts';
import { entriesAbout, type People, peopleOf } from '#test/functions/users/people.ts';
import { agentGrants, aTenant, password, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let people: People;
let token: string;
beforeAll(async () => {
  tenant = await aTenant({ verifyTypes: ['password', 'google'] });
  people = await peopleOf(tenant);
  token = people.root.token;
});

const given = 'under the old stone bridge';
const set = (userId: string, body: object = { password: given }, by = token) =>
  tenant.call('set-user-password', { token: by, params: { userId }, body });
const signIn = (login: string, typed: string) => tenant.call('sign-in', { body: { login, password: typed } });

describe('S0-17 C3 K3 a password set by an administrator', () => {
  it('must be changed at the first sign-in, is good for 72 hours, and ends all sessions', async () => {
    const user = await tenant.aUser();
    const session = await aSession(tenant, user);
    const answer = await set(user.id);
    expect(answer).toMatchObject({ status: 200, body: { expiresAt: expect.any(String) } });
    expect(Date.parse(answer.body.expiresAt) - tenant.deps.now()).toBe(72 * 3_600_000);
    expect(answer.body).not.toHaveProperty('password');
    expect(await tenant.call('get-me', { token: session })).toMatchObject({ status: 401 });
    expect((await signIn(user.login, given)).body.next.step).toBe('new-password');
    expect(await signIn(user.login, password)).toMatchObject({ status: 401 });
  });

  it('is made where none is given, shown only here, and signs in', async () => {
    const user = await tenant.aUser();
    const { body } = await set(user.id, {});
    expect(body.password).toMatch(/^[a-zA-Z2-9-]{16,}$/);
    expect((await signIn(user.login, body.password)).body.next.step).toBe('new-password');
  });

  it('activates who was invited, and the invite is dead', async () => {
    const body = { title: 'New', login: 'new-one', type: 'passive', ...agentGrants, authEmail: 'new-one@example.com' };
    const { body: invited } = await tenant.call('create-user', { token, body });
    const [mail] = (await tenant.mails()).filter(({ to }) => to === body.authEmail);
    expect(await set(invited.id)).toMatchObject({ status: 200 });
    expect(await people.now(invited.id)).toMatchObject({ state: 'active' });
    const accepting = { token: mail?.data.link?.split('#')[1], password: 'another walk by the river' };
    expect(await tenant.call('accept-invite', { body: accepting })).toMatchObject({ status: 410 });
  });

  it('is told to the user, and to the audit, by whom; never the password', async () => {
    const user = await tenant.aUser();
    await set(user.id);
    const [told] = (await tenant.mails()).filter(({ to }) => to === user.authEmail);
    expect(told).toMatchObject({ template: 'temporary-password-set', data: { by: people.root.user.title, hours: 72 } });
    const [entry] = await entriesAbout(tenant, user.id, 'password.set-temporary');
    expect(entry).toMatchObject({ actor: people.root.user.id });
    expect(JSON.stringify([told, entry])).not.toContain(given);
  });

  it('I13 stands nowhere in clear, given or made, also when the request may be repeated', async () => {
    const small = await aTenant();
    const admin = await small.aSuperUser();
    const user = await small.aUser();
    const call = (body: object, key: string) =>
      small.call('set-user-password', {
        token: admin.token,
        params: { userId: user.id },
        body,
        headers: { 'idempotency-key': key },
      });
    const made = (await call({}, 'made')).body.password;
    expect((await call({}, 'made')).body.password).toBe(made);
    await call({ password: given }, 'given');
    const kept = await everythingKept(small);
    for (const secret of [made, given]) expect(kept).not.toContain(secret);
  });

  it('K1 meets the policy', async () => {
    const user = await tenant.aUser();
    expect(await set(user.id, { password: 'football' })).toMatchObject({
      status: 422,
      body: { code: 'password_refused', errors: [{ pointer: '/body/password' }, { pointer: '/body/password' }] },
    });
    expect(await signIn(user.login, password)).toMatchObject({ status: 200 });
  });

  it('is refused for who signs in elsewhere or never, is deactivated, is not there, and for oneself', async () => {
    const nobodys: Partial<User>[] = [{ userType: 'api' }, { verifyType: 'google' }, { state: 'deactivated' }];
    for (const values of nobodys) {
      const user = await tenant.aUser(values);
      expect(await set(user.id)).toMatchObject({ status: 409, body: { code: 'not_invitable' } });
    }
    expect(await set(people.root.user.id)).toMatchObject({ status: 409, body: { because: 'yourself' } });
    expect(await set('usr_000000000000000000000000')).toMatchObject({ status: 404 });
  });

  it('C12 is refused for who holds more than the administrator', async () => {
    const helper = await people.person(['users:read', 'users:read-details', 'users:change']);
    const superUser = await tenant.aUser({ superUser: true });
    expect(await set(superUser.id, {}, helper.token)).toMatchObject({ status: 403, body: { code: 'outranked' } });
    const reader = await people.person(['users:read']);
    expect(await set((await tenant.aUser()).id, {}, reader.token)).toMatchObject({ body: { code: 'not_permitted' } });
  });

  it('G2 of five at once leaves exactly the one that is stored', async () => {
    const user = await tenant.aUser();
    const answers = await Promise.all(Array.from({ length: 5 }, () => set(user.id, {})));
    const made = answers.filter(({ status }) => status === 200).map(({ body }) => body.password);
    expect(Object.keys(tally(answers)).filter((outcome) => !['200', 'try_again'].includes(outcome))).toEqual([]);
    const stored = await tenant.read(userKeys.password(user.id));
    expect(stored).toHaveProperty('temporaryUntil');
    // Compared with what is stored: trying them all at the sign-in would meet its limit of wrong passwords.
    const matching = await Promise.all(made.map((typed) => verifyPassword(typed, stored?.phc as string)));
    const standing = made.filter((_, n) => matching[n]);
    expect(standing).toHaveLength(1);
    expect(await signIn(user.login, standing[0] as string)).toMatchObject({ status: 200 });
  });
});
