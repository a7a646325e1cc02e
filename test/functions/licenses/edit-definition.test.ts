import { operationSeconds } from '#contract/operation.ts';
import * as definitions from '#domain/definitions/definitions.ts';
import { granterOf } from '#domain/grants/limits.ts';
import { advance } from '#domain/jobs/jobs.ts';
import { neededBy } from '#domain/licenses/consumption.ts';
import { editByJob, waiting } from '#domain/licenses/edit-definition.ts';
import { moveLicenses } from '#domain/licenses/moving-users.ts';
import { beginMoving } from '#domain/licenses/redefining.ts';
import { seatsItem } from '#domain/licenses/seats.ts';
import { type Rights, rightsItem } from '#domain/records/record.ts';
import { readUser, type User } from '#domain/users/user.ts';
import { jobKey, licensingKey, recordKey, seatsKey, userKeys } from '#table/keys.ts';
import type { Table } from '#table/table.ts';
import { type Item, put } from '#table/write.ts';
import { deactivate, finishJobs } from '#test/setup/leaving.ts';
import { watchSeats } from '#test/setup/seat-watch.ts';
import { aTenant, type TestTenant } from '#test/setup/tenant.ts';

const queue = { voice: 'que_a00', email: 'que_b00' };
const kinds = { 'move-licenses': moveLicenses };

/** A tenant whose people all have the same rights, of no queue at first. */
async function staffed(count: number, owned: Record<string, number>) {
  const seats = Object.entries(owned).map(([license, each]) => [license, { seats: each }]);
  const tenant = await aTenant({}, { licenses: { owned: Object.fromEntries(seats) } });
  const root = await tenant.aSuperUser();
  const { token } = root;
  const queues: Record<string, string> = {};
  for (const channel of ['voice', 'email']) {
    const made = await tenant.call('create-queue', { token, body: { name: `Queue of ${channel}`, channel } });
    queues[channel] = made.body.id;
  }
  const made = await tenant.call('create-rights', { token, body: { name: 'Sales' } });
  const people: User[] = [];
  for (let n = 0; n < count; n++) people.push(await tenant.aUser({ access: 'acc_agent', rights: made.body.id }));
  const edit = (body: object, version = 1) =>
    tenant.call('change-rights', {
      ...{ token, params: { rightsId: made.body.id }, body },
      headers: { 'if-match': `"${version}"` },
    });
  return { tenant, root, token, queues: queues as typeof queue, rightsId: made.body.id as string, people, edit };
}

const seats = async (tenant: TestTenant, license: string) => seatsItem().parse(await tenant.read(seatsKey(license)));
const read = async (tenant: TestTenant, { id }: Pick<User, 'id'>) =>
  readUser((await tenant.read(userKeys.user(id))) as Item);

/** Everybody holds what they need by the definitions of the moment, no more and no less; the counts are their sum. */
async function expectSettled(tenant: TestTenant, people: readonly User[], options?: { mayOversell: boolean }) {
  const known = await definitions.latest(tenant.deps);
  expect(known.licensing.underway).toBeUndefined();
  for (const person of people) {
    const user = await read(tenant, person);
    expect(Object.keys(user.seats?.held ?? {}).sort()).toEqual([...neededBy(user, known)].sort());
  }
  expect((await watchSeats(tenant, options)).violations).toEqual([]);
}

describe('S0-14 an edit of rights by which 70 users take other licenses', () => {
  it('takes their seats before it is in force, answers with the new record, and is audited once', async () => {
    const { tenant, queues, people, edit, rightsId } = await staffed(70, { voice: 80, email: 70 });
    const edited = await edit({ queues: [queues.email, queues.voice] });
    expect(edited).toMatchObject({ status: 200, body: { version: 2, queues: [queues.email, queues.voice] } });
    expect(edited.body.preparing).toBeUndefined();
    expect(await seats(tenant, 'email')).toMatchObject({ used: 70, free: 0 });
    await expectSettled(tenant, people);
    const told = (await tenant.audit()).filter(({ event }) => event === 'rights.changed');
    expect(told).toMatchObject([
      { subject: { type: 'rights', id: rightsId }, changes: { version: { before: 1, after: 2 } } },
    ]);
    // And frees them once they are needed no more.
    expect((await edit({ queues: [queues.voice] }, 2)).status).toBe(200);
    expect(await seats(tenant, 'email')).toMatchObject({ used: 0, free: 70 });
    await expectSettled(tenant, people);
  }, 60_000);

  it('S0-5 changes nothing when seats run out on the way, and says which', async () => {
    const { tenant, queues, people, edit } = await staffed(70, { voice: 80, email: 69 });
    const refused = await edit({ queues: [queues.email, queues.voice] });
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'license_exhausted', because: { license: 'email', owned: 69 } },
    });
    expect(await seats(tenant, 'email')).toMatchObject({ used: 0, free: 69 });
    await expectSettled(tenant, people);
    expect((await tenant.audit()).filter(({ event }) => event === 'rights.changed')).toEqual([]);
    expect((await edit({ name: 'Sales and more' })).status).toBe(200);
  }, 60_000);

  it('is at once where nobody takes others by it, or nobody has them', async () => {
    const { tenant, token, queues, people, edit } = await staffed(2, {});
    const before = (await definitions.latest(tenant.deps)).licensing.edition;
    // No queue at all takes voice as well.
    expect((await edit({ categories: ['Complaints'] })).status).toBe(200);
    expect((await definitions.latest(tenant.deps)).licensing.edition).toBe(before);
    const unused = await tenant.call('create-rights', { token, body: { name: 'Nobody has them' } });
    const params = { rightsId: unused.body.id };
    const headers = { 'if-match': '"1"' };
    const edited = await tenant.call('change-rights', { token, params, headers, body: { queues: [queues.email] } });
    expect(edited.status).toBe(200);
    expect((await definitions.latest(tenant.deps)).licensing.edition).toBe(before + 1);
    expect((await tenant.jobs()).filter(({ kind }) => kind === 'move-licenses')).toEqual([]);
    await expectSettled(tenant, people);
  });

  it.each([
    ['an access', 'accesses', 'access', 'acc_agent', { permissions: ['users:read', 'crm:use'] }],
    ['a role within a role', 'roles', 'role', undefined, { permissions: ['crm:use'] }],
  ] as const)('S0-13 goes for %s alike', async (_what, _kind, kind, id, body) => {
    const { tenant, token, people } = await staffed(3, { crm: 10 });
    let changed = id as string;
    let version = 1;
    if (kind === 'role') {
      const inner = await tenant.call('create-role', { token, body: { name: 'Inner', permissions: ['users:read'] } });
      const outer = await tenant.call('create-role', {
        token,
        body: { name: 'Outer', permissions: [], includes: [inner.body.id] },
      });
      people.push(await tenant.aUser({ access: 'acc_supervisor', rights: 'rgt_own', roles: [outer.body.id] }));
      changed = inner.body.id;
      version = inner.body.version;
    }
    const params: Record<string, string> = kind === 'access' ? { accessId: changed } : { roleId: changed };
    const headers = { 'if-match': `"${version}"` };
    const edited = await tenant.call(`change-${kind}`, { token, params, headers, body });
    expect({ status: edited.status, code: edited.body.code }).toEqual({ status: 200, code: undefined });
    expect(await seats(tenant, 'crm')).toMatchObject({ used: kind === 'access' ? 3 : 1 });
    await expectSettled(tenant, people);
  });
});

describe('while it is being prepared', () => {
  /** The job begun, and no turn of it done. */
  async function begun(count: number, owned: Record<string, number>) {
    const given = await staffed(count, owned);
    const { tenant, root, token, rightsId, queues } = given;
    const before = rightsItem().parse(await tenant.read(recordKey('rights', rightsId)));
    const wanted: Rights = {
      ...before,
      version: before.version + 1,
      queues: [queues.email],
      channels: { email: { queue: queues.email, count: 1 } },
    };
    const known = await definitions.latest(tenant.deps);
    const told = { event: 'rights.changed', actor: root.user.id };
    const { jobId, writes } = beginMoving(tenant.deps, known.licensing, wanted, { before, told });
    // As another process: this one still knows the definitions of before.
    await tenant.deps.table.transact(writes);
    return { ...given, token, jobId, before, wanted };
  }

  it('who saves waits for less than a request may take, and hears what is still being prepared', async () => {
    expect(waiting.patienceMs + waiting.turnMs).toBeLessThan(operationSeconds * 1000 * 0.7);
    const { tenant, root, people, queues, rightsId } = await staffed(3, {});
    const before = rightsItem().parse(await tenant.read(recordKey('rights', rightsId)));
    const channels = { email: { queue: queues.email, count: 1 } };
    const after: Rights = { ...before, version: before.version + 1, queues: [queues.email], channels };
    const told = { event: 'rights.changed', actor: root.user.id };
    const known = await definitions.latest(tenant.deps);
    const none = { patienceMs: 0, turnMs: 0 };
    const caller = granterOf(root.user, known);
    const { outcome } = await editByJob(tenant.deps, known, { caller, before, after, told }, none);
    expect(outcome).toBe('preparing');
    expect(await tenant.read(recordKey('rights', rightsId))).toMatchObject({ version: before.version, queues: [] });
    await finishJobs(tenant);
    expect(await tenant.read(recordKey('rights', rightsId))).toMatchObject({ queues: [queues.email] });
    await expectSettled(tenant, people);
  });

  it('another such edit waits its turn and is told for what', async () => {
    const { tenant, token, jobId } = await begun(1, {});
    const params = { accessId: 'acc_agent' };
    const body = { permissions: ['users:read', 'crm:use'] };
    const edited = await tenant.call('change-access', { token, params, headers: { 'if-match': '"1"' }, body });
    expect(edited).toMatchObject({ status: 409, body: { code: 'licenses_moving', because: jobId } });
    expect(edited.body.remedy).toContain(`/v1/jobs/${jobId}`);
    await finishJobs(tenant);
    expect((await tenant.call('change-access', { token, params, headers: { 'if-match': '"1"' }, body })).status).toBe(
      200,
    );
  });

  it('who is created takes the seats of before and after, also by a process that has not heard of it', async () => {
    const { tenant, token, rightsId, people } = await begun(2, {});
    const body = { login: 'new', title: 'New', type: 'contact-center', authEmail: 'new@example.com', language: 'en' };
    const made = await tenant.call('create-user', { token, body: { ...body, access: 'acc_agent', rights: rightsId } });
    expect(made.status).toBe(201);
    expect(Object.keys((await read(tenant, made.body)).seats?.held ?? {}).sort()).toEqual(['email', 'voice']);
    await finishJobs(tenant);
    expect(Object.keys((await read(tenant, made.body)).seats?.held ?? {})).toEqual(['email']);
    await expectSettled(tenant, [...people, made.body]);
  });

  it('users are created, changed, deactivated and restored beside it, and several workers do it at once', async () => {
    const { tenant, token, rightsId, people, jobId } = await begun(80, { voice: 200, email: 200 });
    const made: { id: string }[] = [];
    const traffic = async () => {
      for (let n = 0; n < 12; n++) {
        const body = { login: `new${n}`, title: 'New', type: 'contact-center', authEmail: `new${n}@example.com` };
        const grants = { access: 'acc_agent', rights: n % 2 ? rightsId : 'rgt_own' };
        const answer = await tenant.call('create-user', { token, body: { ...body, language: 'en', ...grants } });
        expect(answer.status).toBe(201);
        made.push(answer.body);
        const person = await read(tenant, people[n * 5] as User);
        const call = (body: object) =>
          tenant.call('change-user', {
            ...{ token, params: { userId: person.id }, body },
            headers: { 'if-match': `"${person.version}"` },
          });
        expect([200, 412]).toContain(
          (await call(n % 3 ? { rights: 'rgt_own' } : { recording: 'after-bridged' })).status,
        );
      }
    };
    const worker = async () => {
      while ((await tenant.read(jobKey(jobId)))?.state === 'running') await advance(tenant.deps, jobId, kinds);
    };
    await Promise.all([traffic(), leaving(), worker(), worker(), worker()]);
    async function leaving() {
      for (const person of people.slice(60, 70)) {
        expect((await deactivate(tenant, token, person.id)).status).toBe(200);
        const params = { userId: person.id };
        expect((await tenant.call('restore-user', { token, params, body: {} })).status).toBe(200);
      }
    }
    await expectSettled(tenant, [...people, ...(made as User[])]);
  }, 60_000);

  it('is given up when the record was changed meanwhile, with nothing left of it', async () => {
    const { tenant, edit, people, jobId } = await begun(3, {});
    expect((await edit({ name: 'Renamed' })).status).toBe(200);
    await finishJobs(tenant);
    // Everybody whose edits wait for it may ask, not only who began it.
    const other = await tenant.aUser({ access: 'acc_agent', rights: 'rgt_own' });
    const asked = { token: await tenant.signIn(other.login), params: { jobId } };
    expect((await tenant.call('get-job', asked)).body).toMatchObject({
      ...{ kind: 'move-licenses', state: 'done' },
      refusal: { code: 'version_stale', detail: expect.any(String) },
    });
    expect(await seats(tenant, 'email')).toMatchObject({ used: 0 });
    await expectSettled(tenant, people);
  });

  it('G8 a worker may be killed at any of its writes', async () => {
    const { tenant, people, jobId, rightsId } = await begun(7, { email: 7, voice: 8 });
    const real = tenant.deps.table;
    for (let kill = 1, isOver = false; !isOver; kill++) {
      let count = 0;
      // Now before the write, now after it.
      const cut = <A extends unknown[], R>(write: (...given: A) => Promise<R>) => {
        return async (...given: A): Promise<R> => {
          if (++count === 2 && kill % 2) throw new Error('killed');
          const result = await write(...given);
          if (count === 2) throw new Error('killed');
          return result;
        };
      };
      const table = Object.assign(Object.create(real) as Table, {
        attempt: cut(real.attempt.bind(real)),
        transact: cut(real.transact.bind(real)),
      });
      await advance({ ...tenant.deps, table }, jobId, kinds).catch((error) => expect(error.message).toBe('killed'));
      isOver = (await tenant.read(jobKey(jobId)))?.state === 'done';
      expect(kill).toBeLessThan(50);
    }
    expect(await tenant.read(recordKey('rights', rightsId))).toMatchObject({ version: 2 });
    expect(await seats(tenant, 'email')).toMatchObject({ used: 7 });
    expect((await tenant.audit()).filter(({ event }) => event === 'rights.changed')).toHaveLength(1);
    await expectSettled(tenant, people);
  }, 60_000);
});

describe('definitions that are seconds old', () => {
  it('do not decide: the seats follow from those of the moment', async () => {
    const { tenant, token, queues, edit, rightsId } = await staffed(1, {});
    const known = (await definitions.current(tenant.deps)) && tenant.deps.definitions.known;
    expect((await edit({ queues: [queues.email] })).status).toBe(200);
    tenant.deps.definitions.known = known;
    const body = { login: 'new', title: 'New', type: 'contact-center', authEmail: 'new@example.com', language: 'en' };
    const made = await tenant.call('create-user', { token, body: { ...body, access: 'acc_agent', rights: rightsId } });
    expect(made.status).toBe(201);
    expect(Object.keys((await read(tenant, made.body)).seats?.held ?? {})).toEqual(['email']);
  });

  it('are read anew when the record is older than the edition that it made', async () => {
    const { tenant, queues, edit, rightsId, people } = await staffed(1, {});
    expect((await edit({ queues: [queues.email] })).status).toBe(200);
    const item = (await tenant.read(licensingKey)) as Item;
    // A reader that meets the next edition before the record does not decide by the two.
    await tenant.deps.table.write(put({ ...item, last: { id: rightsId, version: 3 } }));
    await expect(definitions.latest(tenant.deps)).rejects.toMatchObject({ code: 'try_again' });
    await tenant.deps.table.write(put(item));
    await expectSettled(tenant, people);
  });
});
