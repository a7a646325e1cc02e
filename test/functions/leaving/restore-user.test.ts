import type { Permission } from '#contract/permissions.ts';
import type { User } from '#domain/users/user.ts';
import { userKeys } from '#table/keys.ts';
import { put, remove as removeItem } from '#table/write.ts';
import { entriesAbout, type People, peopleOf } from '#test/functions/users/people.ts';
import { deactivate } from '#test/setup/leaving.ts';
import { agentGrants, aTenant, password, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let people: People;
let token: string;
beforeAll(async () => {
  tenant = await aTenant();
  people = await peopleOf(tenant);
  token = people.root.token;
});

const restore = (userId: string, changes?: object, by = token) =>
  tenant.call('restore-user', { token: by, params: { userId }, body: changes === undefined ? {} : { changes } });
const gone = (values: Partial<User> = {}) => tenant.aUser({ ...agentGrants, state: 'deactivated', ...values });
const settings = async (changes: object) => {
  const { version } = (await tenant.call('get-settings', { token })).body;
  const answer = await tenant.call('change-settings', {
    token,
    headers: { 'if-match': `"${version}"` },
    body: changes,
  });
  expect(answer.status).toBe(200);
};

describe('S0-56 restoring a deactivated user', () => {
  it('makes them active again, with all that they had and by what they prove who they are', async () => {
    const user = await tenant.aUser({ ...agentGrants, title: 'Jana', numericId: '501', roles: ['rol_auditor'] });
    const session = await tenant.signIn(user.login);
    const before = await people.now(user.id);
    await deactivate(tenant, token, user.id);
    const answer = await restore(user.id);
    expect(answer).toMatchObject({ status: 200, body: { state: 'active', tokensWorking: 0 } });
    const { version: _v, updatedAt: _u, lastSignInAt: _l, ...same } = before;
    expect(answer.body).toMatchObject(same);
    expect(await tenant.call('get-me', { token: session })).toMatchObject({ status: 401 });
    expect(await tenant.signIn(user.login)).toMatch(/^rses_/);
    expect(await entriesAbout(tenant, user.id, 'user.restored')).toHaveLength(1);
  });

  it('lets API tokens that have not expired work again, and says so in the answer and the audit', async () => {
    const user = await tenant.aUser(agentGrants);
    const params = { userId: user.id };
    const aToken = async (body: object) => (await tenant.call('create-token', { token, params, body })).body.value;
    const live = await aToken({ title: 'CRM' });
    const off = await aToken({ title: 'Off', enabled: false });
    await deactivate(tenant, token, user.id);
    expect(await tenant.call('get-me', { token: live })).toMatchObject({ status: 401 });
    expect(await restore(user.id)).toMatchObject({ body: { tokensWorking: 1 } });
    expect(await tenant.call('get-me', { token: live })).toMatchObject({ status: 200 });
    expect(await tenant.call('get-me', { token: off })).toMatchObject({ status: 401 });
    const [entry] = await entriesAbout(tenant, user.id, 'user.restored');
    expect(entry?.changes).toMatchObject({ tokensWorking: { after: 1 } });
  });

  it('invites who never had a password anew; the invite of before is dead', async () => {
    const body = {
      title: 'New',
      login: 'never-in',
      type: 'passive',
      authEmail: 'never-in@example.com',
      ...agentGrants,
    };
    const { id } = (await tenant.call('create-user', { token, body })).body;
    const linkOf = async () => (await tenant.mails()).findLast(({ to }) => to === body.authEmail)?.data.link as string;
    const first = await linkOf();
    await deactivate(tenant, token, id);
    const accept = (link: string) => tenant.call('accept-invite', { body: { token: link.split('#')[1], password } });
    expect(await accept(first)).toMatchObject({ status: 410 });
    tenant.advance(1);
    expect(await restore(id)).toMatchObject({ status: 200, body: { state: 'invited' } });
    expect(await accept(first)).toMatchObject({ status: 410 });
    expect((await accept(await linkOf())).status).toBeLessThan(300);
  });

  it('sends the new invite to the address that comes with it', async () => {
    const user = await gone();
    await tenant.deps.table.write(removeItem(userKeys.password(user.id)));
    tenant.advance(1);
    expect(await restore(user.id, { authEmail: 'moved-on@example.com' })).toMatchObject({ body: { state: 'invited' } });
    expect((await tenant.mails()).at(-1)).toMatchObject({ to: 'moved-on@example.com', template: 'invite' });
  });

  it('takes what a user of the type must have: refused without, with pointers into the request, and accepted with it', async () => {
    const user = await tenant.aUser({ state: 'deactivated', authEmail: undefined });
    const refused = await restore(user.id);
    expect(refused).toMatchObject({ status: 422, body: { code: 'invalid_input', rule: 'S0-7' } });
    expect(refused.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/body/changes/authEmail',
      '/body/changes/access',
      '/body/changes/rights',
    ]);
    expect((await people.now(user.id)).state).toBe('deactivated');
    const changes = { authEmail: 'back@example.com', ...agentGrants, title: 'Back again' };
    expect(await restore(user.id, changes)).toMatchObject({
      status: 200,
      body: { state: 'active', title: 'Back again' },
    });
  });

  it('a SuperUser needs neither access nor rights', async () => {
    const user = await tenant.aUser({ superUser: true, state: 'deactivated' });
    expect(await restore(user.id)).toMatchObject({ status: 200, body: { superUser: true } });
  });

  it('refuses a second factor or a verify type that the tenant does not allow any more, until it is changed', async () => {
    const [factor, verify] = [await gone({ secondFactor: 'email-otp' }), await gone({ verifyType: 'google' })];
    await settings({ secondFactors: ['off'] });
    expect(await restore(factor.id)).toMatchObject({
      status: 422,
      body: { rule: 'K2', errors: [{ pointer: '/body/changes/secondFactor' }] },
    });
    expect(await restore(factor.id, { secondFactor: 'off' })).toMatchObject({ status: 200 });
    await settings({ secondFactors: ['off', 'email-otp', 'authenticator-optional', 'authenticator-enforced'] });
    expect(await restore(verify.id)).toMatchObject({
      status: 422,
      body: { rule: 'S1-10', errors: [{ pointer: '/body/changes/verifyType' }] },
    });
    expect(await restore(verify.id, { verifyType: 'password' })).toMatchObject({ status: 200 });
  });

  it('removes the authenticator for good where another factor comes with it', async () => {
    const user = await gone({ secondFactor: 'authenticator-enforced' });
    const authenticator = { type: 'authenticator', v: 1, key: 'sealed', lastStep: 1, setUpAt: 1 };
    await tenant.deps.table.write(put({ ...userKeys.authenticator(user.id), ...authenticator }));
    expect(await restore(user.id, { secondFactor: 'off' })).toMatchObject({ status: 200 });
    expect(await tenant.read(userKeys.authenticator(user.id))).toBeUndefined();
  });

  it('S4-10 refuses active dates that are over, until they are changed', async () => {
    const user = await gone({ activeUntil: tenant.deps.now() - 1 });
    expect(await restore(user.id)).toMatchObject({
      status: 422,
      body: { rule: 'S4-10', errors: [{ pointer: '/body/changes/activeUntil' }] },
    });
    expect(await restore(user.id, { activeUntil: null })).toMatchObject({ status: 200 });
  });

  it('refuses what the contact policy wants by now and is not there', async () => {
    const user = await gone({ authEmail: undefined, mobile: '+420601999001' });
    expect(await restore(user.id)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/body/changes/authEmail' }] },
    });
    await settings({ contact: 'email_or_mobile' });
    expect(await restore(user.id)).toMatchObject({ status: 200 });
    await settings({ contact: 'email' });
  });

  it('C12 by somebody who could not grant what they hold is refused; also what comes with it', async () => {
    const permissions: Permission[] = ['users:read', 'users:read-details', 'users:deactivate', 'users:change'];
    const few = await people.person(permissions);
    const more = await gone({ access: await people.access('users:read', 'users:delete') });
    expect(await restore(more.id, undefined, few.token)).toMatchObject({ status: 403, body: { code: 'outranked' } });
    const less = await gone({ access: await people.access('users:read') });
    expect(await restore(less.id, { access: more.access }, few.token)).toMatchObject({
      status: 403,
      body: { code: 'grants_too_much', errors: [{ pointer: '/body/changes/access' }] },
    });
    expect(await restore(less.id, { superUser: true }, few.token)).toMatchObject({ status: 403 });
    expect(await restore(less.id, undefined, few.token)).toMatchObject({ status: 200 });
  });

  it('refuses references that are not there, and addresses and numbers that are somebody else’s', async () => {
    const other = await tenant.aUser({ mobile: '+420601999002' });
    await people.change(other.id, { numericId: '777' });
    const user = await gone();
    expect(await restore(user.id, { groups: ['grp_000000000000'] })).toMatchObject({
      status: 422,
      body: { code: 'prerequisites_missing', errors: [{ pointer: '/body/changes/groups/0' }] },
    });
    expect(await restore(user.id, { authEmail: other.authEmail })).toMatchObject({ body: { code: 'email_taken' } });
    expect(await restore(user.id, { mobile: '+420601999002' })).toMatchObject({ body: { code: 'mobile_taken' } });
    expect(await restore(user.id, { numericId: '777' })).toMatchObject({ body: { code: 'number_taken' } });
    expect(await restore(user.id, { login: 'other' })).toMatchObject({ status: 422 });
    expect((await people.now(user.id)).state).toBe('deactivated');
  });

  it('is refused for who is active, is not there or is out of sight', async () => {
    const user = await tenant.aUser();
    expect(await restore(user.id)).toMatchObject({ status: 409, body: { code: 'not_deactivated' } });
    expect(await restore('usr_000000000000000000000000')).toMatchObject({ status: 404 });
    const rights = await people.rights({ users: { types: ['cloudphone'] } });
    const blind = await people.person(['users:read', 'users:deactivate'], { rights });
    expect(await restore((await gone()).id, undefined, blind.token)).toMatchObject({ status: 404 });
  });

  it('happens once for 30 at once', async () => {
    const user = await gone();
    const answers = await Promise.all(Array.from({ length: 30 }, () => restore(user.id)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const { status } of answers) expect([200, 409, 503]).toContain(status);
    expect(await entriesAbout(tenant, user.id, 'user.restored')).toHaveLength(1);
  });
});

describe('S0-56 who is deactivated is changed only by being restored', () => {
  it('a change is refused, and says how', async () => {
    const user = await gone();
    expect(await people.change(user.id, { title: 'Other' })).toMatchObject({
      status: 409,
      body: {
        code: 'user_deactivated',
        rule: 'S0-56',
        remedy: expect.stringContaining(`/v1/users/${user.id}/restore`),
      },
    });
  });
});
