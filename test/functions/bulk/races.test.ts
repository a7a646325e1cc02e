import * as fc from 'fast-check';
import { outboxPartitions, recordKey, userKeys } from '#table/keys.ts';
import type { Item } from '#table/write.ts';
import { agentGrants } from '#test/setup/tenant.ts';
import { aBulkTenant, type BulkTenant, runJob, turn } from './bulk-edits.ts';

let tenant: BulkTenant;
beforeEach(async () => {
  tenant = await aBulkTenant();
});

const several = (count: number, values = {}) => Promise.all(Array.from({ length: count }, () => tenant.aUser(values)));
const entriesOf = async (event = 'user.changed') => (await tenant.audit()).filter((entry) => entry.event === event);

describe('S1-34 others change users meanwhile', () => {
  it('whoever was changed after the plan is refused, and the others of the chunk are changed', async () => {
    const users = await several(20);
    const { body } = await tenant.plan({ users: tenant.ids(users), changes: { emoji: '🎧' } });
    const overtaken = [users[3], users[17]] as typeof users;
    for (const { id } of overtaken) {
      await tenant.call('change-user', {
        token: tenant.token,
        params: { userId: id },
        headers: { 'if-match': '"1"' },
        body: { language: 'cs' },
      });
    }
    const { body: done } = await tenant.commit(body.id);
    expect(done.counts).toMatchObject({ users: 20, changes: 18, refused: 2 });
    const refused = await tenant.outcomes(body.id, { result: 'refused' });
    expect(refused.map(({ userId }) => userId)).toEqual(overtaken.map(({ id }) => id));
    expect(refused[0].problem).toMatchObject({ code: 'version_stale' });
    for (const { id } of users) expect((await tenant.read(userKeys.user(id)))?.version).toBe(2);
    expect(await entriesOf()).toHaveLength(20);
  });

  it('while it goes on, each change is either before or after: none is lost, none is half', async () => {
    const users = await several(120, agentGrants);
    const { body } = await tenant.plan({ users: tenant.ids(users), changes: { access: 'acc_supervisor' } });
    const { body: begun } = await tenant.call('commit-bulk-edit', { token: tenant.token, params: { planId: body.id } });
    const edits = users
      .filter((_user, n) => n % 4 === 0)
      .map(async ({ id }) => {
        const request = { token: tenant.token, params: { userId: id }, headers: { 'if-match': '"1"' } };
        return (await tenant.call('change-user', { ...request, body: { language: 'cs' } })).status;
      });
    const [statuses] = await Promise.all([Promise.all(edits), runJob(tenant, begun.jobId)]);
    const edited = statuses.filter((status) => status === 200).length;
    const done = (await tenant.call('get-bulk-edit', { token: tenant.token, params: { planId: body.id } })).body;
    expect(done.counts.changes + edited).toBe(120);
    expect(done.counts.refused).toBe(edited);
    for (const { id } of users) {
      const { version, access, language } = (await tenant.read(userKeys.user(id))) as Item;
      expect([version, (access === 'acc_supervisor') !== (language === 'cs')]).toEqual([2, true]);
    }
    expect((await tenant.read(recordKey('access', 'acc_supervisor')))?.usedBy).toBe(done.counts.changes);
    expect(await entriesOf()).toHaveLength(120);
  });

  it('two bulk edits of the same users: each user is changed by one of them, the other says so', async () => {
    const users = await several(150, agentGrants);
    const plans = await Promise.all(
      ['acc_supervisor', 'acc_administrator'].map((access) =>
        tenant.plan({ users: tenant.ids(users), changes: { access } }),
      ),
    );
    const done = await Promise.all(plans.map(({ body }) => tenant.commit(body.id)));
    const [one, two] = done.map(({ body }) => body.counts);
    expect(one.changes + two.changes).toBe(150);
    expect(one.refused + two.refused).toBe(150);
    const used = ['acc_agent', 'acc_supervisor', 'acc_administrator'].map(
      async (id) => (await tenant.read(recordKey('access', id)))?.usedBy,
    );
    expect(await Promise.all(used)).toEqual([0, one.changes, two.changes]);
    for (const { id } of users) expect((await tenant.read(userKeys.user(id)))?.version).toBe(2);
    expect(await entriesOf()).toHaveLength(150);
  });
});

describe('a worker that dies', () => {
  /** Lets so many writes through, and fails at all after them, as a killed process does. */
  const dying = (writes: number) => {
    const { documents } = tenant.deps.table;
    let left = writes;
    documents.middlewareStack.add(
      (next, context) => async (args) => {
        const isWrite = /TransactWrite|Put|Update|Delete|ExecuteStatement/.test(String(context.commandName));
        if (isWrite && left-- <= 0) throw new Error('killed');
        return next(args);
      },
      { step: 'initialize', name: 'dying' },
    );
    return () => documents.middlewareStack.remove('dying');
  };

  it('at any write of planning, commit or delivery: what is repeated changes nobody twice', async () => {
    const users = await several(100, agentGrants);
    const answer = await tenant.call('plan-bulk-edit', {
      token: tenant.token,
      body: { users: tenant.ids(users), changes: { access: 'acc_supervisor' } },
    });
    const planId = answer.body.id as string;
    const perish = async (work: () => Promise<unknown>, after: number) => {
      const revive = dying(after);
      await expect(work()).rejects.toThrow('did not answer');
      revive();
    };
    await perish(() => turn(tenant, answer.body.jobId), 0);
    await runJob(tenant, answer.body.jobId);
    const begun = await tenant.call('commit-bulk-edit', { token: tenant.token, params: { planId } });
    for (const after of [0, 1, 2]) await perish(() => turn(tenant, begun.body.jobId), after);
    await runJob(tenant, begun.body.jobId);
    for (const { id } of users) expect((await tenant.read(userKeys.user(id)))?.version).toBe(2);
    const { body } = await tenant.call('get-bulk-edit', { token: tenant.token, params: { planId } });
    expect(body).toMatchObject({ state: 'done', done: 100, counts: { changes: 100, refused: 0 } });
    expect((await tenant.read(recordKey('access', 'acc_supervisor')))?.usedBy).toBe(100);
    const waiting = (await tenant.allOf(outboxPartitions)).filter(({ type }) => type === 'entries');
    expect(waiting.length).toBeGreaterThan(1);
    // A full chunk: its entries take two inserts, and its removal a third write.
    const full = waiting.find(({ chunk }) => chunk === 0) as Item;
    for (const after of [0, 1, 2]) {
      const { pk, sk } = full;
      const revive = dying(after);
      await tenant.react('deliver-outbox', {
        Records: [{ dynamodb: { Keys: { pk: { S: pk }, sk: { S: sk } }, SequenceNumber: '1' } }],
      });
      revive();
    }
    expect(await tenant.read(full)).toBeDefined();
    expect(await entriesOf()).toHaveLength(100);
  });

  it('is replaced by the sweep when the stream has given up', async () => {
    const users = await several(3);
    const { body } = await tenant.call('plan-bulk-edit', {
      token: tenant.token,
      body: { users: tenant.ids(users), changes: { language: 'cs' } },
    });
    const sweep = async () => ((await tenant.react('expire-tokens', {})) as { jobs: number }).jobs;
    expect(await sweep()).toBe(0);
    tenant.advance(5 * 60);
    expect(await sweep()).toBe(1);
    // Woken is not stalled: the stream has a record again.
    expect(await sweep()).toBe(0);
    await runJob(tenant, body.jobId);
    tenant.advance(5 * 60);
    expect(await sweep()).toBe(0);
  });
});

describe('S1-34 the plan is what happens', () => {
  const access = fc.constantFrom('acc_agent', 'acc_supervisor', 'acc_administrator');
  const type = fc.constantFrom('contact-center', 'back-office', 'passive', 'system', 'ai-coworker', 'cloudphone');
  const person = fc.record({
    userType: type,
    access: fc.option(access, { nil: undefined }),
    language: fc.option(fc.constantFrom('cs', 'en'), { nil: undefined }),
    secondFactor: fc.constantFrom('off', 'email-otp', 'authenticator-optional'),
    superUser: fc.option(fc.constant(true), { nil: undefined }),
    state: fc.constantFrom('active', 'invited', 'deactivated'),
  });
  const changes = fc
    .record(
      {
        access,
        language: fc.constantFrom('cs', 'de', null),
        secondFactor: fc.constantFrom('off', 'email-otp', 'authenticator-enforced'),
        superUser: fc.boolean(),
        emoji: fc.constantFrom('🎧', null),
        description: fc.constantFrom('Nights', null),
        roles: fc.constantFrom([], ['rol_auditor']),
        recording: fc.constantFrom('off', 'from-call-start'),
      },
      { requiredKeys: [] },
    )
    .filter((fields) => Object.keys(fields).length > 0);

  it('for random people and random changes: values before and after, refusals, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(person, { minLength: 1, maxLength: 12 }), changes, async (people, fields) => {
        const users = await Promise.all(people.map((values) => tenant.aUser(values as object)));
        const read = async () =>
          Promise.all(
            users.map(async ({ id }) => {
              const { body } = await tenant.call('get-user', { token: tenant.token, params: { userId: id } });
              return body as Record<string, unknown>;
            }),
          );
        const before = await read();
        const { body } = await tenant.plan({ users: tenant.ids(users), changes: fields });
        const planned = await tenant.outcomes(body.id);
        expect(await read()).toEqual(before);
        await tenant.commit(body.id);
        const after = await read();
        const became = await tenant.became(body.id);
        for (const [n, { id }] of users.entries()) {
          const plan = planned[n];
          const [was, is] = [before[n] as Record<string, unknown>, after[n] as Record<string, unknown>];
          if (plan.result !== 'planned') {
            expect([is, became[id].result]).toEqual([was, plan.result]);
            continue;
          }
          expect(became[id].result).toBe('changed');
          const differing = [...new Set([...Object.keys(was), ...Object.keys(is)])]
            .filter((field) => field !== 'version' && field !== 'updatedAt')
            .filter((field) => JSON.stringify(was[field]) !== JSON.stringify(is[field]));
          const said = differing.map((field) => [field, { before: was[field], after: is[field] }]);
          // Licenses are no field of a user; seats.test.ts looks at them.
          const { licenses: _licenses, ...fieldsChanged } = plan.changes;
          expect(fieldsChanged).toEqual(JSON.parse(JSON.stringify(Object.fromEntries(said))));
          expect(is.version).toBe((was.version as number) + 1);
        }
      }),
      { numRuns: 12 },
    );
  }, 120_000);
});
