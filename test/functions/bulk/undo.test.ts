import { recordKey, userKeys } from '#table/keys.ts';
import { agentGrants } from '#test/setup/tenant.ts';
import { aBulkTenant, type BulkTenant } from './bulk-edits.ts';

let tenant: BulkTenant;
beforeEach(async () => {
  tenant = await aBulkTenant();
});

const shown = async (id: string) => {
  const { body } = await tenant.call('get-user', { token: tenant.token, params: { userId: id } });
  const { version: _version, updatedAt: _updatedAt, ...fields } = body;
  return fields;
};

describe('S1-34 the undo of a bulk edit', () => {
  it('gives each user back just what the bulk edit has taken, as a plan of its own', async () => {
    const group = await tenant.call('create-group', { token: tenant.token, body: { name: 'Sales' } });
    const users = await Promise.all([
      tenant.aUser({ ...agentGrants, language: 'en', groups: [group.body.id] }),
      tenant.aUser({ access: 'acc_supervisor', rights: 'rgt_everything', emoji: '🎧' }),
      tenant.aUser({ activeFrom: 1, recording: 'from-call-start' }),
    ]);
    const before = await Promise.all(users.map(({ id }) => shown(id)));
    const done = await tenant.edit({
      users: tenant.ids(users),
      changes: {
        ...{ access: 'acc_administrator', language: 'cs', emoji: '🌙', superUser: true, recording: 'after-bridged' },
        ...{ description: 'Nights', allTags: true, activeFrom: null, assignLeads: true },
      },
      groups: { remove: [group.body.id] },
    });
    expect(done.counts).toMatchObject({ changes: 3, refused: 0 });
    expect(await Promise.all(users.map(({ id }) => shown(id)))).not.toEqual(before);
    const undone = await tenant.edit({ undo: done.id });
    expect(undone).toMatchObject({ undoes: done.id, counts: { users: 3, changes: 3, refused: 0 } });
    expect(await Promise.all(users.map(({ id }) => shown(id)))).toEqual(before);
    expect((await tenant.read(recordKey('access', 'acc_administrator')))?.usedBy).toBe(0);
    expect((await tenant.read(recordKey('access', 'acc_agent')))?.usedBy).toBe(1);
    // And back again.
    const again = await tenant.edit({ undo: undone.id });
    expect(again.counts).toMatchObject({ changes: 3 });
    expect(await shown(users[0]?.id as string)).toMatchObject({ access: 'acc_administrator', description: 'Nights' });
  });

  it('leaves alone who was changed since, and says what is there now; other fields may have changed', async () => {
    const [same, other, elsewhere] = await Promise.all([1, 2, 3].map(() => tenant.aUser({ language: 'en' })));
    const users = [same, other, elsewhere] as { id: string }[];
    const done = await tenant.edit({ users: tenant.ids(users), changes: { language: 'cs' } });
    const change = (id: string | undefined, body: object) =>
      tenant.call('change-user', {
        token: tenant.token,
        params: { userId: id as string },
        headers: { 'if-match': '"2"' },
        body,
      });
    await change(other?.id, { language: 'de' });
    await change(elsewhere?.id, { emoji: '🎧' });
    const undone = await tenant.edit({ undo: done.id });
    expect(undone.counts).toMatchObject({ users: 3, changes: 2, refused: 1 });
    const became = await tenant.became(undone.id);
    expect(became[other?.id as string].problem).toMatchObject({ code: 'version_stale' });
    expect(became[other?.id as string].problem.detail).toContain('language is "de"');
    const languages = users.map(async ({ id }) => (await tenant.read(userKeys.user(id)))?.language);
    expect(await Promise.all(languages)).toEqual(['en', 'de', 'en']);
  });

  it('is for those only who were changed', async () => {
    const [changed, unchanged] = [await tenant.aUser(), await tenant.aUser({ language: 'cs' })];
    const done = await tenant.edit({ users: tenant.ids([changed, unchanged]), changes: { language: 'cs' } });
    const { body } = await tenant.plan({ undo: done.id });
    expect((await tenant.outcomes(body.id)).map(({ userId }) => userId)).toEqual([changed.id]);
  });

  it('waits until what it takes back is done, and is open to whoever planned that, and to SuperUsers', async () => {
    const user = await tenant.aUser();
    const { body } = await tenant.plan({ users: tenant.ids([user]), changes: { language: 'cs' } });
    expect((await tenant.plan({ undo: body.id })).body.code).toBe('plan_not_ready');
    await tenant.commit(body.id);
    const stranger = await tenant.aUser({ access: 'acc_administrator', rights: 'rgt_everything' });
    const by = await tenant.signIn(stranger.login);
    expect((await tenant.plan({ undo: body.id }, by)).body.code).toBe('plan_not_found');
    const { token } = await tenant.aSuperUser();
    expect((await tenant.plan({ undo: body.id }, token)).status).toBe(200);
    tenant.advance(30 * 86_400);
    const again = await tenant.signIn(tenant.admin.login);
    expect((await tenant.plan({ undo: body.id }, again)).body.code).toBe('plan_not_found');
  });

  it('grants nothing back that its planner does not hold', async () => {
    const user = await tenant.aUser({ access: 'acc_administrator', rights: 'rgt_own' });
    const { body: narrow } = await tenant.call('create-access', {
      token: tenant.token,
      body: { name: 'Changes users', permissions: ['users:read', 'users:read-details', 'users:change'] },
    });
    const planner = await tenant.aUser({ access: 'acc_administrator', rights: 'rgt_everything' });
    const by = await tenant.signIn(planner.login);
    const done = await tenant.edit({ users: tenant.ids([user]), changes: { access: narrow.id } }, by);
    await tenant.call('change-user', {
      token: tenant.token,
      params: { userId: planner.id },
      query: { when: 'signOutNow' },
      headers: { 'if-match': '"1"' },
      body: { access: narrow.id },
    });
    const demoted = await tenant.signIn(planner.login);
    const { body } = await tenant.plan({ undo: done.id }, demoted);
    const [outcome] = await tenant.outcomes(body.id, {}, demoted);
    expect([outcome.result, outcome.problem.code]).toEqual(['refused', 'grants_too_much']);
  });
});
