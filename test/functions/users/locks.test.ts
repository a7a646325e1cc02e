import { applyDue } from '#domain/users/queued.ts';
import { entriesAbout, ifMatch, type People, peopleOf } from '#test/functions/users/people.ts';
import { deactivate } from '#test/setup/leaving.ts';
import { aTenant, password, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let people: People;
let old: string;
let next: string;
beforeAll(async () => {
  tenant = await aTenant();
  people = await peopleOf(tenant);
});
beforeEach(async () => {
  old = await people.access('users:read');
  next = await people.access('users:read', 'audit:read');
});

const APPLIED = 'user.queued-change-applied';
const signedIn = async () => {
  const user = await tenant.aUser({ access: old, rights: 'rgt_own' });
  return { user, token: await tenant.signIn(user.login) };
};
/** Signed in, with another access waiting for the sign-out. */
const waiting = async () => {
  const made = await signedIn();
  expect(await people.change(made.user.id, { access: next }, 'nextSignOut')).toMatchObject({ status: 200 });
  return made;
};
const mayAudit = async (token: string) => (await tenant.call('list-audit', { token })).status === 200;
const counts = async () => [await people.usedBy(old), await people.usedBy(next)];
const expectApplied = async (userId: string) => {
  const user = await people.now(userId);
  expect(user).toMatchObject({ access: next });
  expect(user).not.toHaveProperty('queued');
  expect(await entriesAbout(tenant, userId, APPLIED)).toMatchObject([
    { actor: people.root.user.id, changes: { access: { before: old, after: next } } },
  ]);
  expect(await counts()).toEqual([0, 1]);
};

describe('C2 S1-8 S1-9 access and rights of who is signed in', () => {
  it.each([
    ['access', { access: 'acc_supervisor' }, ['access']],
    ['rights', { rights: 'rgt_everything' }, ['rights']],
    [
      'both, beside the title',
      { title: 'N', access: 'acc_supervisor', rights: 'rgt_everything' },
      ['access', 'rights'],
    ],
  ])('are not changed without a choice: %s', async (_title, body, fields) => {
    const { user } = await signedIn();
    const refused = await people.change(user.id, body);
    expect(refused).toMatchObject({
      status: 409,
      body: {
        code: 'user_signed_in',
        rule: 'C2',
        because: { fields, sessions: 1 },
        offers: ['signOutNow', 'nextSignOut'],
        remedy: expect.stringContaining('when=signOutNow'),
      },
    });
    expect(await people.now(user.id)).toMatchObject({ version: 1, title: user.title, access: old });
    expect(await entriesAbout(tenant, user.id, 'user.changed')).toEqual([]);
  });

  it('are changed at once with a sign-out', async () => {
    const { user, token } = await signedIn();
    const changed = await people.change(user.id, { access: next }, 'signOutNow');
    expect(changed).toMatchObject({ status: 200, body: { access: next } });
    expect(await tenant.call('get-me', { token })).toMatchObject({ status: 401 });
    expect(await mayAudit(await tenant.signIn(user.login))).toBe(true);
    expect(await counts()).toEqual([0, 1]);
    expect(await entriesAbout(tenant, user.id, APPLIED)).toEqual([]);
  });

  it('wait for the next sign-out: nothing before, all of it after', async () => {
    const { user, token } = await waiting();
    const shown = await people.now(user.id);
    expect(shown).toMatchObject({ access: old, queued: { access: next, by: people.root.user.id } });
    expect(await mayAudit(token)).toBe(false);
    expect(await tenant.call('list-users', { token })).toMatchObject({ status: 200 });
    expect(await counts()).toEqual([1, 1]);
    await tenant.call('sign-out', { token });
    await expectApplied(user.id);
    expect(await mayAudit(await tenant.signIn(user.login))).toBe(true);
  });

  it('need no choice when they stay as they are, nor do other fields, which change live', async () => {
    const { user, token } = await signedIn();
    expect(await people.change(user.id, { access: old, title: 'Live' })).toMatchObject({ status: 200 });
    expect(await people.change(user.id, { roles: ['rol_auditor'] })).toMatchObject({ status: 200 });
    expect(await mayAudit(token)).toBe(true);
  });

  it('change at once for who is not signed in, whatever was chosen', async () => {
    for (const when of [undefined, 'signOutNow', 'nextSignOut']) {
      const user = await tenant.aUser({ access: old });
      const changed = await people.change(user.id, { access: next }, when);
      expect(changed).toMatchObject({ status: 200, body: { access: next } });
      expect(changed.body).not.toHaveProperty('queued');
    }
    const { user, token } = await signedIn();
    await tenant.call('sign-out', { token });
    expect(await people.change(user.id, { access: next })).toMatchObject({ status: 200, body: { access: next } });
  });

  it('refuse another choice', async () => {
    const { user } = await signedIn();
    expect(await people.change(user.id, { access: next }, 'tomorrow')).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/query/when' }] },
    });
  });
});

describe('C2 K11 what waits for a sign-out', () => {
  it('takes effect when the user ends their last session, not while another is live', async () => {
    const { user, token } = await waiting();
    const second = await tenant.signIn(user.login);
    const { sessions } = (await tenant.call('list-my-sessions', { token: second })).body;
    const first = sessions.find(({ current }: { current?: boolean }) => !current);
    await tenant.call('end-my-session', { token: second, params: { sessionId: first.id } });
    expect(await tenant.call('get-me', { token })).toMatchObject({ status: 401 });
    expect(await people.now(user.id)).toMatchObject({ access: old, queued: { access: next } });
    const own = (await tenant.call('list-my-sessions', { token: second })).body.sessions[0];
    expect(await tenant.call('end-my-session', { token: second, params: { sessionId: own.id } })).toMatchObject({
      status: 204,
    });
    await expectApplied(user.id);
  });

  it('does not take effect by a sign-out while another session is live', async () => {
    const { user, token } = await waiting();
    const second = await tenant.signIn(user.login);
    await tenant.call('sign-out', { token });
    expect(await people.now(user.id)).toMatchObject({ access: old });
    await tenant.call('sign-out', { token: second });
    await expectApplied(user.id);
  });

  it('takes effect when an administrator signs the user out', async () => {
    const { user } = await waiting();
    await tenant.call('sign-out-user', { token: people.root.token, params: { userId: user.id } });
    await expectApplied(user.id);
  });

  it('takes effect when the user chooses a new password', async () => {
    const { user } = await waiting();
    await tenant.call('request-password-reset', { body: { login: user.login } });
    const link = (await tenant.mails()).filter(({ to }) => to === user.authEmail).at(-1)?.data.link;
    const body = { token: link?.split('#')[1], password: 'a different walk up the hill' };
    expect(await tenant.call('complete-password-reset', { body })).toMatchObject({ status: 204 });
    await expectApplied(user.id);
  });

  it('takes effect when the user is deactivated', async () => {
    const { user } = await waiting();
    await deactivate(tenant, people.root.token, user.id);
    await expectApplied(user.id);
  });

  it('takes effect when another address or factor ends the sessions', async () => {
    for (const body of [{ authEmail: `moved-${Math.random()}@example.com` }, { secondFactor: 'email-otp' }]) {
      old = await people.access('users:read');
      next = await people.access('users:create');
      const { user } = await waiting();
      expect(await people.change(user.id, body)).toMatchObject({ status: 200 });
      await expectApplied(user.id);
    }
  });

  it('takes effect at the next sign-in after the sessions ran out, and is in force in it', async () => {
    const own = await aTenant();
    const outer = { tenant, people };
    tenant = own;
    people = await peopleOf(own);
    old = await people.access('users:read');
    next = await people.access('users:read', 'audit:read');
    const { user } = await waiting();
    own.advance(43_201);
    const token = await own.signIn(user.login);
    expect(await mayAudit(token)).toBe(true);
    people = { ...people, ...(await peopleOf(own)), root: people.root };
    expect(await entriesAbout(own, user.id, APPLIED)).toMatchObject([{ actor: people.root.user.id }]);
    ({ tenant, people } = outer);
  });

  it('takes effect by the sweep once the sessions have run out, once, and not before', async () => {
    const own = await aTenant();
    const ownPeople = await peopleOf(own);
    const [a, b] = [await ownPeople.access('users:read'), await ownPeople.access('users:create')];
    const user = await own.aUser({ access: a });
    await own.signIn(user.login);
    await ownPeople.change(user.id, { access: b }, 'nextSignOut');
    expect(await own.react('expire-tokens', {})).toMatchObject({ queued: 0 });
    own.advance(43_201);
    // Without the lease that keeps sweeps apart.
    const applied = await Promise.all([applyDue(own.deps), applyDue(own.deps)]);
    expect(applied.toSorted()).toEqual([0, 1]);
    const { token } = await own.aSuperUser();
    const { body } = await own.call('get-user', { token, params: { userId: user.id } });
    expect(body.access).toBe(b);
    expect(body).not.toHaveProperty('queued');
    expect(await entriesAbout(own, user.id, APPLIED)).toMatchObject([{ actor: ownPeople.root.user.id }]);
  });

  it('waits on when the sweep finds a later session live, and takes effect when that has run out', async () => {
    const own = await aTenant({ idleMinutes: 720 });
    const ownPeople = await peopleOf(own);
    const [a, b] = [await ownPeople.access('users:read'), await ownPeople.access('users:create')];
    const user = await own.aUser({ access: a });
    await own.signIn(user.login);
    await ownPeople.change(user.id, { access: b }, 'nextSignOut');
    own.advance(1800);
    await own.signIn(user.login);
    own.advance(43_200 - 1800);
    expect(await own.react('expire-tokens', {})).toMatchObject({ queued: 0 });
    expect(await own.react('expire-tokens', {})).toMatchObject({ queued: 0 });
    own.advance(1800);
    expect(await own.react('expire-tokens', {})).toMatchObject({ queued: 1 });
    expect(await entriesAbout(own, user.id, APPLIED)).toHaveLength(1);
  });

  it('is taken back by queued: null, and counts as if it had never been', async () => {
    const { user, token } = await waiting();
    expect(await people.change(user.id, { queued: null })).toMatchObject({ status: 200 });
    expect(await people.now(user.id)).not.toHaveProperty('queued');
    expect(await counts()).toEqual([1, 0]);
    await tenant.call('sign-out', { token });
    expect(await people.now(user.id)).toMatchObject({ access: old });
    expect(await entriesAbout(tenant, user.id, APPLIED)).toEqual([]);
  });

  it('is replaced by what is queued later, field by field', async () => {
    const { user, token } = await waiting();
    const third = await people.access('users:create');
    await people.change(user.id, { access: third }, 'nextSignOut');
    await people.change(user.id, { rights: 'rgt_everything' }, 'nextSignOut');
    expect(await people.now(user.id)).toMatchObject({ queued: { access: third, rights: 'rgt_everything' } });
    expect([...(await counts()), await people.usedBy(third)]).toEqual([1, 0, 1]);
    await tenant.call('sign-out', { token });
    expect(await people.now(user.id)).toMatchObject({ access: third, rights: 'rgt_everything' });
    expect(await entriesAbout(tenant, user.id, APPLIED)).toHaveLength(1);
    expect([...(await counts()), await people.usedBy(third)]).toEqual([0, 0, 1]);
  });

  it('does not come back over what was changed at once after it', async () => {
    const third = await people.access('users:create');
    const { user } = await waiting();
    expect(await people.change(user.id, { access: third }, 'signOutNow')).toMatchObject({ body: { access: third } });
    await tenant.signIn(user.login);
    expect(await people.now(user.id)).toMatchObject({ access: third });
    expect(await people.now(user.id)).not.toHaveProperty('queued');
    expect(await entriesAbout(tenant, user.id, APPLIED)).toEqual([]);
    expect([...(await counts()), await people.usedBy(third)]).toEqual([0, 0, 1]);
  });

  it('takes effect with the sign-out by which another field changes at once', async () => {
    const { user } = await waiting();
    await people.change(user.id, { rights: 'rgt_everything' }, 'signOutNow');
    expect(await people.now(user.id)).toMatchObject({ access: next, rights: 'rgt_everything' });
    await expectApplied(user.id);
  });

  it('keeps its access from being deleted, and the one before only until then', async () => {
    const { token } = await waiting();
    const drop = (accessId: string) =>
      tenant.call('delete-access', { token: people.root.token, params: { accessId }, headers: ifMatch(1) });
    expect(await drop(next)).toMatchObject({ status: 409, body: { code: 'record_in_use' } });
    expect(await drop(old)).toMatchObject({ status: 409, body: { code: 'record_in_use' } });
    await tenant.call('sign-out', { token });
    expect(await drop(old)).toMatchObject({ status: 204 });
  });

  it('S0-18 takes effect before a session that begins with a code', async () => {
    const own = await aTenant();
    const ownPeople = await peopleOf(own);
    const [a, b] = [await ownPeople.access('users:read'), await ownPeople.access('audit:read')];
    const user = await own.aUser({ access: a, secondFactor: 'email-otp' });
    await own.signIn(user.login);
    await ownPeople.change(user.id, { access: b }, 'nextSignOut');
    own.advance(43_201);
    const token = await own.signIn(user.login);
    expect(await own.call('list-audit', { token })).toMatchObject({ status: 200 });
    expect(await entriesAbout(own, user.id, APPLIED)).toHaveLength(1);
  });

  it('is applied once, also when all sessions end at the same moment', async () => {
    const { user, token } = await waiting();
    const others = await Promise.all(Array.from({ length: 4 }, () => tenant.signIn(user.login)));
    await Promise.all([token, ...others].map((each) => tenant.call('sign-out', { token: each })));
    const signedInAgain = await tenant.call('sign-in', { body: { login: user.login, password } });
    expect(signedInAgain).toMatchObject({ status: 200 });
    await expectApplied(user.id);
  });
});
