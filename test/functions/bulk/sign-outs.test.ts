import { isAuthenticator } from '#contract/user-types.ts';
import { recordKey, superUsersKey, userKeys } from '#table/keys.ts';
import { put } from '#table/write.ts';
import { agentGrants } from '#test/setup/tenant.ts';
import { aBulkTenant, type BulkTenant } from './bulk-edits.ts';

let tenant: BulkTenant;
beforeEach(async () => {
  tenant = await aBulkTenant();
});

const usedBy = async (kind: 'access' | 'rights', id: string) => (await tenant.read(recordKey(kind, id)))?.usedBy;
const create = async (
  operation: 'create-user-group' | 'create-group' | 'create-skill' | 'create-tag',
  body: object,
) => {
  const answer = await tenant.call(operation, { token: tenant.token, body });
  if (answer.status !== 201) throw new Error(`${operation}: ${JSON.stringify(answer.body)}`);
  return answer.body.id as string;
};

describe('C2 S1-8 S1-9 S1-34 a bulk edit of access and rights', () => {
  it('says who will be signed out, and signs them out as it takes effect: dead on the next request', async () => {
    const [busy, idle] = [await tenant.aUser(agentGrants), await tenant.aUser(agentGrants)];
    const session = await tenant.signIn(busy.login);
    const { body } = await tenant.plan({
      users: tenant.ids([busy, idle]),
      changes: { access: 'acc_supervisor', rights: 'rgt_everything' },
    });
    expect(body.counts).toMatchObject({ changes: 2, signOuts: 1 });
    const planned = await tenant.became(body.id);
    expect([planned[busy.id].signsOut, planned[idle.id].signsOut]).toEqual([true, false]);
    expect((await tenant.call('get-me', { token: session })).status).toBe(200);
    const { body: done } = await tenant.commit(body.id);
    expect(done.counts).toMatchObject({ changes: 2, signOuts: 1 });
    expect((await tenant.call('get-me', { token: session })).status).toBe(401);
    expect(await tenant.read(userKeys.user(busy.id))).toMatchObject({ access: 'acc_supervisor', epoch: 2 });
  });

  it('signs out also who signed in after it was planned', async () => {
    const user = await tenant.aUser(agentGrants);
    const { body } = await tenant.plan({ users: tenant.ids([user]), changes: { access: 'acc_supervisor' } });
    const session = await tenant.signIn(user.login);
    await tenant.commit(body.id);
    expect((await tenant.call('get-me', { token: session })).status).toBe(401);
  });

  it('leaves sessions alone where other fields change', async () => {
    const user = await tenant.aUser(agentGrants);
    const session = await tenant.signIn(user.login);
    await tenant.edit({ users: tenant.ids([user]), changes: { language: 'cs', roles: ['rol_auditor'] } });
    expect((await tenant.call('get-me', { token: session })).status).toBe(200);
  });

  it('moves the counts of what they had and have, exactly, over several chunks', async () => {
    const users = await Promise.all(Array.from({ length: 110 }, () => tenant.aUser(agentGrants)));
    const before = [await usedBy('access', 'acc_agent'), await usedBy('access', 'acc_supervisor')];
    await tenant.edit({ users: tenant.ids(users), changes: { access: 'acc_supervisor' } });
    expect(before).toEqual([110, 0]);
    expect([await usedBy('access', 'acc_agent'), await usedBy('access', 'acc_supervisor')]).toEqual([0, 110]);
  });

  it('lets what waited for the sign-out take effect with it, in the name of who queued it', async () => {
    const user = await tenant.aUser(agentGrants);
    await tenant.signIn(user.login);
    const queued = await tenant.call('change-user', {
      token: tenant.token,
      params: { userId: user.id },
      query: { when: 'nextSignOut' },
      headers: { 'if-match': '"1"' },
      body: { rights: 'rgt_everything' },
    });
    expect(queued.status).toBe(200);
    await tenant.edit({ users: tenant.ids([user]), changes: { access: 'acc_supervisor' } });
    const after = await tenant.read(userKeys.user(user.id));
    expect(after).toMatchObject({ access: 'acc_supervisor', rights: 'rgt_everything', version: 3 });
    expect(after?.queued).toBeUndefined();
    expect(after?.dpk).toBeUndefined();
    expect([await usedBy('rights', 'rgt_own'), await usedBy('rights', 'rgt_everything')]).toEqual([0, 1]);
    const applied = (await tenant.audit()).find(({ event }) => event === 'user.queued-change-applied');
    expect(applied?.changes).toEqual({ rights: { before: 'rgt_own', after: 'rgt_everything' } });
  });
});

describe('C12 who may not be changed, or not like that, is refused one by one', () => {
  const administrator = { access: 'acc_administrator', rights: 'rgt_everything' };

  it('who holds more than whoever asks', async () => {
    const planner = await tenant.aUser(administrator);
    const by = await tenant.signIn(planner.login);
    const user = await tenant.aUser(agentGrants);
    const { body } = await tenant.plan({ users: tenant.ids([tenant.admin, user]), changes: { language: 'cs' } }, by);
    const became = await tenant.became(body.id);
    expect(became[tenant.admin.id].problem.code).toBe('outranked');
    expect(became[user.id].result).toBe('planned');
  });

  it('the last active SuperUser, whoever else would go in the same bulk edit', async () => {
    const others = await Promise.all([1, 2, 3].map(() => tenant.aUser({ superUser: true, ...agentGrants })));
    const users = tenant.ids([...others, tenant.admin]);
    const { body } = await tenant.plan({ users, changes: { superUser: false } });
    // The planner themselves would lose all permissions; of the others each could go.
    expect((await tenant.became(body.id))[tenant.admin.id].problem.code).toBe('would_lose_own_permission');
    await tenant.commit(body.id);
    expect(await tenant.read(superUsersKey)).toMatchObject({ ids: new Set([tenant.admin.id]) });
  });

  it('the last active SuperUser, when it is planned', async () => {
    // For a time only, so not among those one of whom stays.
    const { token } = await tenant.aSuperUser({ activeFrom: 1 });
    const other = await tenant.aUser({ superUser: true });
    const { body } = await tenant.plan(
      { users: tenant.ids([other, tenant.admin]), changes: { superUser: false } },
      token,
    );
    expect(body.counts).toMatchObject({ changes: 1, refused: 1 });
    expect((await tenant.became(body.id))[tenant.admin.id].problem.code).toBe('last_superuser');
  });

  it('the last who would leave, when others left between plan and commit', async () => {
    const [first, second, third] = await Promise.all([1, 2, 3].map(() => tenant.aUser({ superUser: true })));
    const all = [first, second, third] as { id: string; login: string }[];
    const { body } = await tenant.plan({ users: tenant.ids(all), changes: { superUser: false } });
    // The planner stays; make them the only other one impossible: they are taken off the roll.
    await tenant.deps.table.write(
      put({ ...superUsersKey, type: 'superusers', v: 1, ids: new Set(all.map(({ id }) => id)) }),
    );
    const { body: done } = await tenant.commit(body.id);
    expect(done.counts).toMatchObject({ changes: 2, refused: 1 });
    const refused = await tenant.outcomes(body.id, { result: 'refused' });
    expect(refused.map(({ userId, problem }) => [userId, problem.code])).toEqual([[third?.id, 'last_superuser']]);
    expect(await tenant.read(superUsersKey)).toMatchObject({ ids: new Set([third?.id]) });
  });

  it('oneself, where one would lose a permission, one’s factor or the way in', async () => {
    const planner = await tenant.aUser(administrator);
    const by = await tenant.signIn(planner.login);
    const codes: string[] = [];
    for (const changes of [
      { access: 'acc_agent' },
      { rights: 'rgt_own' },
      { secondFactor: 'authenticator-optional' },
      { allowedNetworks: ['203.0.113.0/24'] },
    ]) {
      const { body } = await tenant.plan({ users: tenant.ids([planner]), changes }, by);
      codes.push((await tenant.outcomes(body.id, {}, by))[0].problem.code);
    }
    expect(codes).toEqual([
      'would_lose_own_permission',
      'would_lose_own_permission',
      'reauthentication_needed',
      'would_lock_yourself_out',
    ]);
  });

  it('K5 the owner of a narrowed API token that plans, or commits', async () => {
    const planner = await tenant.aUser(administrator);
    const other = await tenant.aUser(agentGrants);
    const { body: made } = await tenant.call('create-token', {
      token: tenant.token,
      params: { userId: planner.id },
      body: { title: 'Bulk', scopes: ['users:read', 'users:read-details', 'users:change'] },
    });
    const users = tenant.ids([planner, other]);
    const planned = await tenant.plan({ users, changes: { emoji: '🎧' } }, made.value);
    expect((await tenant.became(planned.body.id))[planner.id].problem.code).toBe('not_permitted');
    const by = await tenant.signIn(planner.login);
    const { body } = await tenant.plan({ users, changes: { emoji: '🎧' } }, by);
    const committed = await tenant.commit(body.id, made.value);
    // What it was judged by is more than the token holds.
    expect(committed.body.code).toBe('caller_changed');
  });
});

describe('who asked loses what they held', () => {
  it('before the commit: nothing of the plan is done', async () => {
    const planner = await tenant.aUser({ access: 'acc_administrator', rights: 'rgt_everything' });
    const by = await tenant.signIn(planner.login);
    const user = await tenant.aUser(agentGrants);
    const { body } = await tenant.plan({ users: tenant.ids([user]), changes: { language: 'cs' } }, by);
    const granted = await tenant.call('change-access', {
      token: tenant.token,
      params: { accessId: 'acc_agent' },
      headers: { 'if-match': '"1"' },
      body: { permissions: ['users:read', 'settings:change'] },
    });
    expect(granted.status).toBe(200);
    expect((await tenant.commit(body.id, by)).body.code).toBe('plan_over');
  });

  it('while it is done: the rest is refused, and says why', async () => {
    const planner = await tenant.aUser({ access: 'acc_administrator', rights: 'rgt_everything' });
    const by = await tenant.signIn(planner.login);
    const user = await tenant.aUser(agentGrants);
    const { body } = await tenant.plan({ users: tenant.ids([user]), changes: { language: 'cs' } }, by);
    const { status, body: begun } = await tenant.call('commit-bulk-edit', { token: by, params: { planId: body.id } });
    expect(status).toBe(202);
    const demoted = await tenant.call('change-user', {
      token: tenant.token,
      params: { userId: planner.id },
      query: { when: 'signOutNow' },
      headers: { 'if-match': '"1"' },
      body: { access: 'acc_agent' },
    });
    expect(demoted.status).toBe(200);
    const { runJob } = await import('./bulk-edits.ts');
    await runJob(tenant, begun.jobId);
    const [outcome] = await tenant.outcomes(body.id);
    expect([outcome.result, outcome.problem.code]).toEqual(['refused', 'caller_changed']);
    expect(await tenant.read(userKeys.user(user.id))).toMatchObject({ version: 1 });
  });
});

describe('S0-18 S0-23 a bulk edit of the second factor', () => {
  it('ends sessions, removes the authenticator and tells the user, as a single change does', async () => {
    const user = await tenant.aUser({ secondFactor: 'authenticator-enforced', language: 'cs' });
    await tenant.deps.table.write(put({ ...userKeys.authenticator(user.id), type: 'authenticator', v: 1, key: 'x' }));
    const { body } = await tenant.plan({ users: tenant.ids([user]), changes: { secondFactor: 'email-otp' } });
    const [planned] = await tenant.outcomes(body.id);
    expect(planned.warnings).toEqual(['The authenticator is removed; another one has to be set up']);
    await tenant.commit(body.id);
    const after = await tenant.read(userKeys.user(user.id));
    expect(after).toMatchObject({ secondFactor: 'email-otp', epoch: 2, version: 2 });
    expect(isAuthenticator(after?.secondFactor as 'off')).toBe(false);
    expect(await tenant.read(userKeys.authenticator(user.id))).toBeUndefined();
    const told = (await tenant.mails()).filter(({ to }) => to === user.authEmail);
    expect(told.map(({ template, language }) => [template, language])).toEqual([['second-factor-changed', 'cs']]);
  });

  it('refuses a factor that the tenant does not allow at once (K2)', async () => {
    const strict = await aBulkTenant({ secondFactors: ['off', 'authenticator-enforced'] });
    const user = await strict.aUser();
    const { status, body } = await strict.plan({ users: strict.ids([user]), changes: { secondFactor: 'email-otp' } });
    expect([status, body.errors[0].pointer]).toEqual([422, '/body/changes/secondFactor']);
  });
});

describe('S3-12 S3-13 C13 a bulk move to another user group', () => {
  it('keeps own values, ends sessions, counts and tells; who is there already is unchanged', async () => {
    const sales = await create('create-user-group', { name: 'Sales' });
    const [user, there] = [await tenant.aUser(), await tenant.aUser({ userGroup: sales })];
    await tenant.deps.table.write(put({ ...userKeys.details(user.id), type: 'details', v: 1, wrapUpSeconds: 60 }));
    const session = await tenant.signIn(user.login);
    const { body } = await tenant.plan({ users: tenant.ids([user, there]), userGroup: sales });
    expect(body.counts).toMatchObject({ changes: 1, unchanged: 1, signOuts: 1 });
    await tenant.commit(body.id);
    expect(await tenant.read(userKeys.user(user.id))).toMatchObject({ userGroup: sales, version: 2 });
    expect(await tenant.read(userKeys.details(user.id))).toMatchObject({ wrapUpSeconds: 60 });
    expect((await tenant.call('get-me', { token: session })).status).toBe(401);
    expect((await tenant.read(recordKey('user-group', sales)))?.usedBy).toBe(2);
    expect((await tenant.mails()).filter(({ to }) => to === user.authEmail).map(({ template }) => template)).toEqual([
      'moved',
    ]);
  });

  it('refuses who is logged on to a queue, also between plan and commit', async () => {
    const sales = await create('create-user-group', { name: 'Sales' });
    const [on, later, off] = await Promise.all([tenant.aUser(), tenant.aUser(), tenant.aUser()]);
    const logOn = (id: string) =>
      tenant.deps.table.write(put({ ...userKeys.work(id), type: 'work', v: 1, queues: ['invoices'] }));
    await logOn(on.id);
    const { body } = await tenant.plan({ users: tenant.ids([on, later, off]), userGroup: sales });
    await logOn(later.id);
    await tenant.commit(body.id);
    const became = await tenant.became(body.id);
    expect([on, later, off].map(({ id }) => became[id].problem?.code ?? became[id].result)).toEqual([
      'logged_on_to_queue',
      'logged_on_to_queue',
      'changed',
    ]);
  });
});

describe('S4-24 S1-29 memberships', () => {
  it('are taken out of and put into what each user has', async () => {
    const [sales, support] = [
      await create('create-group', { name: 'Sales' }),
      await create('create-group', { name: 'Support' }),
    ];
    const tag = await create('create-tag', { name: 'Night' });
    const skill = await create('create-skill', { name: 'German' });
    const [one, two] = [
      await tenant.aUser({ groups: [sales], skills: [{ skill, level: 2 }] }),
      await tenant.aUser({ groups: [support] }),
    ];
    await tenant.edit({
      users: tenant.ids([one, two]),
      groups: { add: [support], remove: [sales] },
      tags: { add: [tag] },
      skills: { add: [{ skill, level: 7 }] },
    });
    for (const { id } of [one, two]) {
      const after = { groups: [support], tags: [tag], skills: [{ skill, level: 7 }], version: 2 };
      expect(await tenant.read(userKeys.user(id))).toMatchObject(after);
    }
    const counts = [sales, support].map(async (id) => (await tenant.read(recordKey('group', id)))?.usedBy);
    expect(await Promise.all(counts)).toEqual([0, 2]);
    expect((await tenant.read(recordKey('skill', skill)))?.usedBy).toBe(2);
  });

  it('of a group that is deleted between plan and commit: who would get it is refused, the others go on', async () => {
    const group = await create('create-group', { name: 'Sales' });
    const users = await Promise.all([tenant.aUser(), tenant.aUser()]);
    const { body } = await tenant.plan({ users: tenant.ids(users), groups: { add: [group] } });
    const gone = await tenant.call('delete-group', {
      token: tenant.token,
      params: { groupId: group },
      headers: { 'if-match': '"1"' },
    });
    expect(gone.status).toBe(204);
    const { body: done } = await tenant.commit(body.id);
    expect(done).toMatchObject({ state: 'done', counts: { changes: 0, refused: 2 } });
    expect((await tenant.outcomes(body.id))[0].problem.code).toBe('prerequisites_missing');
  });
});
