import { owning } from '#domain/licenses/owning.ts';
import { seatsItem } from '#domain/licenses/seats.ts';
import type { User } from '#domain/users/user.ts';
import { seatsKey } from '#table/keys.ts';
import { type People, peopleOf } from '#test/functions/users/people.ts';
import { deactivate, remove } from '#test/setup/leaving.ts';
import { streamOf, type TestStream } from '#test/setup/stream.ts';
import { agentGrants, aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let people: People;
let stream: TestStream;
let token: string;
beforeEach(async () => {
  tenant = await aTenant({}, { licenses: { owned: { voice: { seats: 100 } } } });
  people = await peopleOf(tenant);
  stream = await streamOf(tenant);
  token = people.root.token;
});

/** Moves the clock there; sessions end meanwhile. */
async function at(instant: string) {
  tenant.advance((Date.parse(instant) - tenant.deps.now()) / 1000);
  token = await tenant.signIn(people.root.user.login);
}
const history = (query: Record<string, string> = {}, by = token) =>
  tenant.call('get-license-history', { token: by, query });
const holders = (licenseId: string, query: Record<string, string> = {}, by = token) =>
  tenant.call('list-license-holders', { token: by, params: { licenseId }, query });
const ids = (answer: { body: { holders: { user: { id: string } }[] } }) =>
  answer.body.holders.map(({ user }) => user.id);
const seatsOf = async (license: string) => seatsItem().parse(await tenant.read(seatsKey(license)));

describe('GET /licenses/history', () => {
  it('tells use, peak and owned of each day: of those with a snapshot from it, of today and others from the ledger', async () => {
    // Beside the one who asks.
    const [one, two] = [await tenant.aUser(agentGrants), await tenant.aUser(agentGrants)];
    await stream.deliver();
    await at('2026-03-03T00:15:00Z');
    await tenant.react('snapshot-licenses', { scheduledAt: '2026-03-03T00:15:00Z' });
    await deactivate(tenant, token, one.id);
    await at('2026-03-04T10:00:00Z');
    await tenant.deps.table.transact(owning(tenant.deps, await seatsOf('voice'), { owned: 6, force: false }));
    await deactivate(tenant, token, two.id);
    await at('2026-03-05T08:00:00Z');
    await tenant.call('restore-user', { token, params: { userId: one.id }, body: {} });
    await stream.deliver();
    const voice = { id: 'voice', name: 'Voice' };
    const days = [
      { day: '2026-03-02', used: 3, peak: 3, owned: 100 },
      { day: '2026-03-03', used: 2, peak: 3, owned: 100, provisional: true },
      { day: '2026-03-04', used: 1, peak: 2, owned: 6, provisional: true },
      { day: '2026-03-05', used: 2, peak: 2, owned: 6, provisional: true },
    ];
    expect(await history({ license: 'voice' })).toMatchObject({
      status: 200,
      body: { licenses: [{ ...voice, days }] },
    });
    const two3 = await history({ license: 'voice', from: '2026-03-03', to: '2026-03-04' });
    expect(two3.body.licenses[0].days).toEqual(days.slice(1, 3));
    await tenant.react('snapshot-licenses', { scheduledAt: '2026-03-05T00:15:00Z' });
    const taken = (await history({ license: 'voice' })).body.licenses[0].days;
    expect(taken).toEqual([...days.slice(0, 3).map(({ provisional: _, ...day }) => day), days[3]]);
  });

  it('tells it of every license of the catalogue, and of days before there was one or that are still to come nothing', async () => {
    const { licenses } = (await history({ from: '2026-02-01', to: '2026-12-31' })).body;
    expect(licenses).toHaveLength(11);
    for (const { days } of licenses) expect(days).toMatchObject([{ day: '2026-03-02', provisional: true }]);
  });

  it('reads of a year with snapshots and today no more than these', async () => {
    await stream.deliver();
    for (let n = 0; n < 3; n++) {
      await at(new Date(tenant.deps.now() + 86_400_000).toISOString());
      await tenant.react('snapshot-licenses', {});
    }
    const { table } = tenant.deps;
    const query = table.query.bind(table);
    let read = 0;
    table.query = async (options) => {
      const page = await query(options);
      if (options.partition.startsWith('LEDGER#')) read += page.items.length;
      return page;
    };
    expect((await history({ license: 'voice' })).body.licenses[0].days).toHaveLength(4);
    // Who asks has held theirs since before the last snapshot.
    expect(read).toBe(0);
  });

  it.each([
    [{ from: '2026-03-02', to: '2026-03-01' }, 'after `to`'],
    [{ from: '2025-01-01', to: '2026-03-01' }, '425 days'],
    [{ from: '2027-01-01' }, 'is still to come'],
    [{ from: '2026-03-03' }, 'is still to come'],
    [{ from: '2027-01-01', to: '2027-01-01' }, 'is still to come'],
    [{ to: '2027-01-01' }, 'is still to come'],
  ])('refuses the range %j, with what would do', async (range, words) => {
    const { status, body } = await history(range as Record<string, string>);
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'range_too_long' });
    expect(body.detail).toContain(words);
    const pointer = 'from' in range ? '/query/from' : '/query/to';
    expect(body.errors).toEqual([{ pointer, detail: expect.any(String) }]);
    expect(body.remedy).toContain('400 days');
  });

  it('takes 400 days, and refuses what is no day or no license', async () => {
    expect((await history({ from: '2025-01-27', to: '2026-03-02' })).status).toBe(200);
    expect((await history({ from: '2025-01-26', to: '2026-03-02' })).status).toBe(422);
    for (const from of ['2026-02-30', 'yesterday', '2026-03-02T08:00:00Z']) {
      expect((await history({ from })).body).toMatchObject({
        code: 'invalid_input',
        errors: [{ pointer: '/query/from' }],
      });
    }
    const { status, body } = await history({ license: 'vioce' });
    expect({ status, body }).toMatchObject({
      status: 404,
      body: { code: 'license_not_found', because: 'vioce', errors: [{ pointer: '/query/license' }] },
    });
  });

  it('S0-57 C17 needs access to Licensing', async () => {
    const without = await people.person(['users:read', 'users:read-details', 'audit:read']);
    expect(await history({}, without.token)).toMatchObject({ status: 403, body: { code: 'not_permitted' } });
    expect(await holders('voice', {}, without.token)).toMatchObject({ status: 403, body: { code: 'not_permitted' } });
    const withIt = await people.person(['licenses:read']);
    expect((await history({}, withIt.token)).status).toBe(200);
    expect((await holders('voice', {}, withIt.token)).status).toBe(200);
  });
});

describe('GET /licenses/{licenseId}/holders', () => {
  it('tells who held a seat at an instant, since when, until when, and why; also of who is gone', async () => {
    const queue = await people.queue('email');
    const name = (await tenant.call('get-queue', { token, params: { queueId: queue } })).body.name;
    const rights = await people.rights({ queues: [queue] });
    const [made, gone] = [await tenant.aUser({ ...agentGrants, rights, title: 'Ada' }), await tenant.aUser({ rights })];
    const since = new Date(tenant.deps.now()).toISOString();
    await at('2026-03-02T09:00:00Z');
    await remove(tenant, token, gone.id);
    const until = new Date(tenant.deps.now()).toISOString();
    await stream.deliver();
    await at('2026-03-02T10:00:00Z');
    const before = await holders('email', { at: '2026-03-02T08:59:59.999Z' });
    expect(before.body.holders).toEqual([
      { user: { id: gone.id }, since, until, causes: [expect.objectContaining({ field: 'rights' })] },
      {
        user: { id: made.id, title: 'Ada' },
        since,
        causes: [
          {
            field: 'rights',
            text: expect.stringContaining(`include queue ${name}`),
            ids: { rights, queue, queues: 1 },
          },
        ],
      },
    ]);
    expect(ids(await holders('email', { at: '2026-03-02T09:00:00.000Z' }))).toEqual([made.id]);
    expect(await holders('email')).toMatchObject({
      body: { at: '2026-03-02T10:00:00.000Z', holders: [{ user: { id: made.id } }] },
    });
    expect(ids(await holders('email', { at: '2026-03-02T07:59:59.999Z' }))).toEqual([]);
  });

  it('gives pages that hold everybody once, of the instant that the first one was of', async () => {
    const users: User[] = [];
    for (let n = 0; n < 23; n++) users.push(await tenant.aUser(agentGrants));
    await stream.deliver();
    tenant.advance(60);
    for (const { id } of users.slice(0, 9)) await deactivate(tenant, token, id);
    await stream.deliver();
    const found: string[] = [];
    const first = await holders('voice', { at: '2026-03-02T08:00:30.000Z', limit: '5' });
    let { body } = first;
    for (;;) {
      found.push(...ids({ body }));
      expect(body.at).toBe('2026-03-02T08:00:30.000Z');
      if (!body.next) break;
      tenant.advance(60);
      await tenant.aUser(agentGrants);
      await stream.deliver();
      body = (await holders('voice', { at: '2026-03-02T08:00:30.000Z', limit: '5', cursor: body.next })).body;
    }
    expect(found.toSorted()).toEqual([...users.map(({ id }) => id), people.root.user.id].sort());
    const other = await holders('email', { cursor: first.body.next });
    expect(other).toMatchObject({ status: 400, body: { code: 'invalid_cursor' } });
  });

  it('refuses an instant to come, and a license that there is not', async () => {
    expect(await holders('voice', { at: '2026-03-02T09:00:00.000Z' })).toMatchObject({
      status: 422,
      body: { code: 'invalid_input', errors: [{ pointer: '/query/at' }], remedy: expect.any(String) },
    });
    expect(await holders('vioce')).toMatchObject({
      status: 404,
      body: { code: 'license_not_found', errors: [{ pointer: '/path/licenseId' }] },
    });
  });

  it('names what no longer has a name by its id', async () => {
    const queue = await people.queue('email');
    const rights = await people.rights({ queues: [queue] });
    const user = await tenant.aUser({ ...agentGrants, rights });
    await stream.deliver();
    const then = new Date(tenant.deps.now()).toISOString();
    tenant.advance(60);
    await people.change(user.id, { rights: 'rgt_own' });
    const { version } = (await tenant.call('get-rights', { token, params: { rightsId: rights } })).body;
    const headers = { 'if-match': `"${version}"` };
    expect((await tenant.call('delete-rights', { token, params: { rightsId: rights }, headers })).status).toBeLessThan(
      300,
    );
    tenant.advance(6);
    await stream.deliver();
    const [held] = (await holders('email', { at: then })).body.holders;
    expect(held.causes[0]).toMatchObject({ text: expect.stringContaining(rights), ids: { rights, queue } });
  });
});
