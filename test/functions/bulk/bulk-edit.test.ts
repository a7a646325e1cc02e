import { randomBytes } from 'node:crypto';
import { userKeys } from '#table/keys.ts';
import { agentGrants } from '#test/setup/tenant.ts';
import { aBulkTenant, type BulkTenant, runJob } from './bulk-edits.ts';

let tenant: BulkTenant;
beforeEach(async () => {
  tenant = await aBulkTenant();
});

const unknown = () => `usr_${randomBytes(12).toString('hex')}`;
const several = (count: number, values = {}) => Promise.all(Array.from({ length: count }, () => tenant.aUser(values)));

describe('S1-34 a bulk edit', () => {
  it('plans first: values before and after, and nobody is changed by it', async () => {
    const users = await several(3, { language: 'en' });
    const { body } = await tenant.plan({ users: tenant.ids(users), changes: { language: 'cs', emoji: '🎧' } });
    expect(body).toMatchObject({
      state: 'ready',
      done: 3,
      counts: { users: 3, changes: 3, unchanged: 0, refused: 0, signOuts: 0 },
    });
    expect(await tenant.outcomes(body.id)).toEqual(
      users.map(({ id, title }) => ({
        userId: id,
        title,
        result: 'planned',
        changes: { language: { before: 'en', after: 'cs' }, emoji: { after: '🎧' } },
      })),
    );
    for (const { id } of users) expect(await tenant.read(userKeys.user(id))).toMatchObject({ version: 1 });
  });

  it('then does exactly that, once: each user a version further, one audit entry each', async () => {
    const users = await several(60, { language: 'en' });
    const done = await tenant.edit({
      users: tenant.ids(users),
      changes: { language: 'cs', description: 'Nights', timeZone: 'Europe/Prague' },
    });
    expect(done).toMatchObject({ state: 'done', done: 60, counts: { users: 60, changes: 60, refused: 0 } });
    for (const { id } of users) {
      const { body } = await tenant.call('get-user', { token: tenant.token, params: { userId: id } });
      expect(body).toMatchObject({ version: 2, language: 'cs', description: 'Nights', timeZone: 'Europe/Prague' });
    }
    const entries = (await tenant.audit()).filter(({ event }) => event === 'user.changed');
    expect(entries.map(({ subject }) => (subject as { id: string }).id).sort()).toEqual(
      users.map(({ id }) => id).sort(),
    );
    expect(entries[0]).toMatchObject({
      actor: tenant.admin.id,
      changes: {
        version: { before: 1, after: 2 },
        language: { before: 'en', after: 'cs' },
        description: { after: 'Nights' },
        timeZone: { after: 'Europe/Prague' },
      },
    });
    const request = (await tenant.audit()).find(({ event }) => event === 'bulk-edit.committed');
    expect(new Set(entries.map((entry) => entry.request))).toEqual(new Set([request?.request]));
  });

  it('tells of unknown ids, of users out of sight alike, and changes the others', async () => {
    const [seen] = await several(1);
    const [hidden] = await several(1, { userType: 'back-office' });
    const { body: rights } = await tenant.call('create-rights', {
      token: tenant.token,
      body: {
        name: 'Contact center',
        queues: [],
        categories: [],
        groups: [],
        databases: [],
        users: { types: ['contact-center'], rights: [], ids: [] },
      },
    });
    const planner = await tenant.aUser({ access: 'acc_administrator', rights: rights.id });
    const by = await tenant.signIn(planner.login);
    const ghost = unknown();
    const users = { ids: [seen?.id, hidden?.id, ghost] };
    const { body } = await tenant.plan({ users, changes: { language: 'cs' } }, by);
    expect(body.counts).toMatchObject({ users: 3, changes: 1, refused: 2 });
    const listed = await tenant.outcomes(body.id, {}, by);
    expect(listed.map(({ userId, result, title, problem }) => [userId, result, title, problem?.code])).toEqual([
      [seen?.id, 'planned', seen?.title, undefined],
      [hidden?.id, 'refused', undefined, 'user_not_found'],
      [ghost, 'refused', undefined, 'user_not_found'],
    ]);
    await tenant.commit(body.id, by);
    expect(await tenant.read(userKeys.user(seen?.id as string))).toMatchObject({ language: 'cs', version: 2 });
    expect(await tenant.read(userKeys.user(hidden?.id as string))).toMatchObject({ version: 1 });
  });

  it('takes 10,000 ids, turn by turn, however few of them there are', async () => {
    const users = await several(2);
    const ids = [...Array.from({ length: 9998 }, unknown), ...users.map(({ id }) => id)];
    const { body } = await tenant.call('plan-bulk-edit', {
      token: tenant.token,
      body: { users: { ids }, changes: { language: 'cs' } },
    });
    // What one turn holds in memory does not grow with what was asked.
    expect(await runJob(tenant, body.jobId)).toBeGreaterThan(6);
    const { body: done } = await tenant.commit(body.id);
    expect(done).toMatchObject({ done: 10_000, counts: { users: 10_000, changes: 2, refused: 9998 } });
    const changed = await tenant.outcomes(body.id, { result: 'changed' });
    expect(changed.map(({ userId }) => userId)).toEqual(users.map(({ id }) => id));
  }, 60_000);

  it('refuses nobody, somebody twice and more than 10,000 with a pointer', async () => {
    const { id } = await tenant.aUser();
    const tooMany = Array.from({ length: 10_001 }, unknown);
    for (const [ids, detail] of [
      [[], 'must name at least one user'],
      [[id, id], 'names one twice'],
      [tooMany, 'names more than 10,000 users; use a filter, or several bulk edits'],
    ] as const) {
      const { status, body } = await tenant.plan({ users: { ids }, changes: { language: 'cs' } });
      expect([status, body.errors]).toEqual([422, [{ pointer: '/body/users/ids', detail }]]);
    }
  });

  it('refuses what belongs to one user alone, field by field', async () => {
    const { id } = await tenant.aUser();
    const changes = {
      login: 'jana',
      authEmail: 'a@example.com',
      mobile: '+420601234567',
      numericId: '4711',
      extension: '217',
      calDavToken: 'secretsecret',
      queued: null,
      userGroup: 'ugr_default',
      signature: 'x',
    };
    const { status, body } = await tenant.plan({ users: { ids: [id] }, changes });
    expect(status).toBe(422);
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(
      expect.arrayContaining(Object.keys(changes).map((field) => `/body/changes/${field}`)),
    );
    const { status: password } = await tenant.plan({ users: { ids: [id] }, changes: { password: 'x'.repeat(20) } });
    expect(password).toBe(422);
  });

  it('refuses each user whose type does not have a field, and says which', async () => {
    const [agent, robot] = [await tenant.aUser(), await tenant.aUser({ userType: 'system', authEmail: undefined })];
    const { body } = await tenant.plan({ users: tenant.ids([agent, robot]), changes: { language: 'cs' } });
    const became = await tenant.became(body.id);
    expect(became[agent.id].result).toBe('planned');
    expect(became[robot.id]).toMatchObject({
      result: 'refused',
      problem: { code: 'invalid_input', pointer: '/body/changes/language' },
    });
  });

  it('counts who is so already as unchanged, and writes nothing of them', async () => {
    const users = await several(2, { language: 'cs' });
    const done = await tenant.edit({ users: tenant.ids(users), changes: { language: 'cs' } });
    expect(done.counts).toMatchObject({ users: 2, changes: 0, unchanged: 2 });
    for (const { id } of users) expect(await tenant.read(userKeys.user(id))).toMatchObject({ version: 1 });
    expect((await tenant.audit()).filter(({ event }) => event === 'user.changed')).toEqual([]);
  });

  it('means all in sight whom a filter finds, page after page', async () => {
    const agents = await several(230, { ...agentGrants });
    await several(5, { access: 'acc_supervisor', rights: 'rgt_own' });
    const done = await tenant.edit({ users: { filter: { access: 'acc_agent' } }, changes: { language: 'cs' } });
    expect(done.counts).toMatchObject({ users: 230, changes: 230 });
    const outcomes = await tenant.outcomes(done.id);
    expect(outcomes.map(({ userId }) => userId).sort()).toEqual(agents.map(({ id }) => id).sort());
  });

  it('refuses who is deactivated: they are judged anew when they come back', async () => {
    const user = await tenant.aUser({ state: 'deactivated' });
    const { body } = await tenant.plan({ users: tenant.ids([user]), changes: { language: 'cs' } });
    expect((await tenant.outcomes(body.id))[0].problem.code).toBe('user_deactivated');
  });

  it('S0-13 filters for nothing that its planner may not see', async () => {
    const { body: access } = await tenant.call('create-access', {
      token: tenant.token,
      body: { name: 'Blind', permissions: ['users:read', 'users:change'] },
    });
    const planner = await tenant.aUser({ access: access.id, rights: 'rgt_everything' });
    const by = await tenant.signIn(planner.login);
    const user = await tenant.aUser({ language: 'en' });
    const refused = await tenant.plan({ users: { filter: { superUser: true } }, changes: { emoji: '🎧' } }, by);
    expect([refused.body.code, refused.body.errors[0].pointer]).toEqual([
      'not_permitted',
      '/body/users/filter/superUser',
    ]);
    // Nor does the plan show what they may not see.
    const { body } = await tenant.plan({ users: tenant.ids([user]), changes: { emoji: '🎧', language: 'cs' } }, by);
    expect((await tenant.outcomes(body.id, {}, by))[0].changes).toEqual({ emoji: { after: '🎧' } });
  });

  it('comes to an end also when a filter finds nobody', async () => {
    const done = await tenant.edit({ users: { filter: { access: 'acc_agent' } }, changes: { language: 'cs' } });
    expect(done).toMatchObject({ state: 'done', counts: { users: 0 } });
  });

  it('lists only what is asked for, page by page', async () => {
    const users = await several(30);
    const { body } = await tenant.plan({
      users: { ids: [...users.map(({ id }) => id), unknown()] },
      changes: { language: 'cs' },
    });
    expect(await tenant.outcomes(body.id, { result: 'refused' })).toHaveLength(1);
    expect(await tenant.outcomes(body.id, { limit: '7' })).toHaveLength(31);
    const { status } = await tenant.call('list-bulk-edit-users', {
      token: tenant.token,
      params: { planId: body.id },
      query: { cursor: 'x' },
    });
    expect(status).toBe(400);
  });
});

describe('S0-5 what nobody could be given', () => {
  it('is refused at once, with a pointer to each', async () => {
    const { id } = await tenant.aUser();
    const users = { ids: [id] };
    const missing = await tenant.plan({ users, changes: { access: 'acc_gone' }, groups: { add: ['grp_gone'] } });
    expect([missing.status, missing.body.code]).toEqual([422, 'prerequisites_missing']);
    expect(missing.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/body/changes/access',
      '/body/groups/add/0',
    ]);
    const planner = await tenant.aUser({ access: 'acc_administrator', rights: 'rgt_everything' });
    const by = await tenant.signIn(planner.login);
    const superUser = await tenant.plan({ users, changes: { superUser: true } }, by);
    expect([superUser.status, superUser.body.code, superUser.body.errors[0].pointer]).toEqual([
      403,
      'grants_too_much',
      '/body/changes/superUser',
    ]);
  });
});

describe('a plan', () => {
  it('is committed once, however many ask for it at the same time', async () => {
    const users = await several(5);
    const { body } = await tenant.plan({ users: tenant.ids(users), changes: { language: 'cs' } });
    const answers = await Promise.all(
      Array.from({ length: 6 }, () =>
        tenant.call('commit-bulk-edit', { token: tenant.token, params: { planId: body.id } }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(202));
    const jobs = new Set(answers.map((answer) => answer.body.jobId));
    expect(jobs.size).toBe(1);
    const [jobId] = jobs;
    // Delivered to several workers at once, too.
    await Promise.all([1, 2, 3].map(() => runJob(tenant, jobId)));
    for (const { id } of users) expect(await tenant.read(userKeys.user(id))).toMatchObject({ version: 2 });
    const entries = (await tenant.audit()).filter(({ event }) => event === 'user.changed');
    expect(entries).toHaveLength(5);
    expect((await tenant.audit()).filter(({ event }) => event === 'bulk-edit.committed')).toHaveLength(1);
  });

  it('cannot be committed before it is ready, nor a day later, nor by somebody else', async () => {
    const { id } = await tenant.aUser();
    const early = await tenant.call('plan-bulk-edit', {
      token: tenant.token,
      body: { users: { ids: [id] }, changes: { language: 'cs' } },
    });
    const params = { planId: early.body.id };
    const commit = (token: string) => tenant.call('commit-bulk-edit', { token, params });
    expect((await commit(tenant.token)).body.code).toBe('plan_not_ready');
    await runJob(tenant, early.body.jobId);
    const other = await tenant.aSuperUser();
    expect((await commit(other.token)).body.code).toBe('not_permitted');
    tenant.advance(86_400);
    const again = await tenant.signIn(tenant.admin.login);
    expect((await commit(again)).body.code).toBe('plan_over');
  });

  it('and its job show only to whoever made it, and to SuperUsers', async () => {
    const { id } = await tenant.aUser();
    const administrator = { access: 'acc_administrator', rights: 'rgt_everything' };
    const [planner, other] = [await tenant.aUser(administrator), await tenant.aUser(administrator)];
    const [by, others] = [await tenant.signIn(planner.login), await tenant.signIn(other.login)];
    const { body } = await tenant.plan({ users: { ids: [id] }, changes: { language: 'cs' } }, by);
    const ask = async (token: string) => {
      const plan = await tenant.call('get-bulk-edit', { token, params: { planId: body.id } });
      const job = await tenant.call('get-job', { token, params: { jobId: body.jobId } });
      const list = await tenant.call('list-bulk-edit-users', { token, params: { planId: body.id } });
      return [plan, job, list].map(({ status, body }) => (status === 200 ? 200 : body.code));
    };
    expect(await ask(by)).toEqual([200, 200, 200]);
    expect(await ask(tenant.token)).toEqual([200, 200, 200]);
    expect(await ask(others)).toEqual(['plan_not_found', 'job_not_found', 'plan_not_found']);
  });
});
