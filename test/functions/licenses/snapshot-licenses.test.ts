import { owning } from '#domain/licenses/owning.ts';
import { seatsItem } from '#domain/licenses/seats.ts';
import { readUser, type User } from '#domain/users/user.ts';
import { leaseKey, licenseKeys, type Shelf, seatsKey, snapshotKey, userKeys } from '#table/keys.ts';
import { type Item, put, update } from '#table/write.ts';
import { seatViolations } from '#test/setup/seats.ts';
import { streamOf, type TestStream } from '#test/setup/stream.ts';
import { agentGrants, aTenant, type TestTenant } from '#test/setup/tenant.ts';

const DAY_S = 86_400;

let tenant: TestTenant;
let stream: TestStream;
beforeEach(async () => {
  // It is March 2nd, eight o'clock.
  tenant = await aTenant({}, { licenses: { owned: { voice: { seats: 10 }, email: { seats: 5 } } } });
  stream = await streamOf(tenant);
});

/** As EventBridge Scheduler does it, a quarter of an hour into the day. */
const fire = (day: string) => tenant.react('snapshot-licenses', { scheduledAt: `${day}T00:15:00Z` });
/** Moves the clock there. */
const at = (instant: string) => tenant.advance((Date.parse(instant) - tenant.deps.now()) / 1000);
const snapshots = () => tenant.allOf(['SNAPSHOT']);
const said = (event: string) => tenant.logged.findLast((line) => line.event === event);
const days = async (license: string) =>
  (await tenant.allOf([licenseKeys.partition(license)]))
    .filter(({ type }) => type === 'license-day')
    .map(({ day, used, peak, owned }) => ({ day, used, peak, owned }));
const seatsOf = async (license: string) => seatsItem().parse(await tenant.read(seatsKey(license)));
const userOf = async ({ id }: Pick<User, 'id'>) => readUser((await tenant.read(userKeys.user(id))) as Item);
/** Frees or takes what the user holds, as the gate would. */
async function hold(user: User, licenses: readonly string[]) {
  const before = await userOf(user);
  const edition = before.seats?.edition ?? 0;
  const held = Object.fromEntries(licenses.map((id) => [id, before.seats?.held[id] ?? tenant.deps.now()]));
  const had = before.seats?.held ?? {};
  const set = { seats: { edition, held }, version: before.version + 1, updatedAt: tenant.deps.now() };
  const moved = (id: string, by: number) => update(seatsKey(id), { increase: { used: by, free: -by, moves: 1 } });
  await tenant.deps.table.transact([
    update(userKeys.user(user.id), { set }),
    ...licenses.filter((id) => !(id in had)).map((id) => moved(id, 1)),
    ...Object.keys(had)
      .filter((id) => !licenses.includes(id))
      .map((id) => moved(id, -1)),
  ]);
}

describe('the day’s snapshot', () => {
  it('has of each license what was used at its end, the most at a time, and what was owned', async () => {
    const users = await Promise.all(Array.from({ length: 4 }, () => tenant.aUser()));
    at('2026-03-02T12:00:00Z');
    await hold(users[0] as User, []);
    await hold(users[1] as User, []);
    at('2026-03-02T18:00:00Z');
    await hold(users[0] as User, ['voice', 'email']);
    await tenant.deps.table.transact(owning(tenant.deps, await seatsOf('voice'), { owned: 8, force: false }));
    at('2026-03-03T00:10:00Z');
    // Of the next day.
    await hold(users[2] as User, []);
    await tenant.deps.table.transact(owning(tenant.deps, await seatsOf('voice'), { owned: 7, force: false }));
    await stream.deliver();
    at('2026-03-03T00:15:00Z');
    expect(await fire('2026-03-03')).toEqual({ taken: ['2026-03-02'] });
    expect(await days('voice')).toEqual([{ day: '2026-03-02', used: 3, peak: 4, owned: 8 }]);
    expect(await days('email')).toEqual([{ day: '2026-03-02', used: 1, peak: 1, owned: 5 }]);
    expect(await days('chat')).toEqual([{ day: '2026-03-02', used: 0, peak: 0, owned: 1_000_000 }]);
  });

  it('counts users by type and state, and holds nothing of any user', async () => {
    for (let n = 0; n < 3; n++) await tenant.aUser();
    const off = await tenant.aUser({ userType: 'back-office', state: 'deactivated' });
    at('2026-03-03T00:15:00Z');
    await fire('2026-03-03');
    expect(await tenant.read(snapshotKey('2026-03-02'))).toMatchObject({
      day: '2026-03-02',
      users: { 'contact-center active': 3, 'back-office deactivated': 1 },
    });
    const written = JSON.stringify([await snapshots(), await tenant.allOf([licenseKeys.partition('voice')])]);
    expect(written).not.toContain('usr_');
    expect(written).not.toContain(off.login);
  });

  it('is written once a day and license, however often and parallel the schedule fires', async () => {
    at('2026-03-03T00:15:00Z');
    const answers = await Promise.all(Array.from({ length: 10 }, () => fire('2026-03-03')));
    expect(answers).toContainEqual({ taken: ['2026-03-02'] });
    await tenant.aUser();
    expect(await fire('2026-03-03')).toEqual({ taken: ['2026-03-02'] });
    expect(await tenant.react('snapshot-licenses', { scheduledAt: '2026-03-03T07:00:00Z' })).toEqual({ taken: [] });
    expect(await snapshots()).toMatchObject([{ day: '2026-03-02', users: {} }]);
    expect(await days('voice')).toHaveLength(1);
  });

  it('is taken of the day that has ended when nobody says for when', async () => {
    expect(await tenant.react('snapshot-licenses', {})).toEqual({ taken: ['2026-03-01'] });
    // There was no license then.
    expect(await days('voice')).toEqual([]);
  });
});

describe('days that the schedule missed', () => {
  it('G8 are caught up by the next run, each as it was and once a license, and it says how many they were', async () => {
    const users = await Promise.all(Array.from({ length: 4 }, () => tenant.aUser()));
    at('2026-03-03T00:15:00Z');
    await stream.deliver();
    await fire('2026-03-03');
    expect(said('snapshots_taken')).toMatchObject({ metric: 'ScheduledRunsMissed', value: 0 });
    at('2026-03-03T09:00:00Z');
    await hold(users[0] as User, []);
    at('2026-03-04T09:00:00Z');
    await hold(users[1] as User, []);
    at('2026-03-04T10:00:00Z');
    await hold(users[0] as User, ['voice']);
    at('2026-03-06T00:05:00Z');
    await hold(users[2] as User, []);
    await stream.deliver();
    at('2026-03-06T00:15:00Z');
    await Promise.all(Array.from({ length: 5 }, () => fire('2026-03-06')));
    await fire('2026-03-06');
    const all = ['2026-03-02', '2026-03-03', '2026-03-04', '2026-03-05'];
    expect((await snapshots()).map(({ day }) => day)).toEqual(all);
    expect(await days('voice')).toEqual([
      { day: '2026-03-02', used: 4, peak: 4, owned: 10 },
      { day: '2026-03-03', used: 3, peak: 4, owned: 10 },
      { day: '2026-03-04', used: 3, peak: 3, owned: 10 },
      { day: '2026-03-05', used: 3, peak: 3, owned: 10 },
    ]);
    expect(said('snapshots_taken')).toMatchObject({ metric: 'ScheduledRunsMissed', value: 2 });
  });

  it('keep what they have: a run that dies between two of them is finished by its repeat', async () => {
    at('2026-03-03T00:15:00Z');
    await fire('2026-03-03');
    at('2026-03-06T00:15:00Z');
    const { table } = tenant.deps;
    const transact = table.transact.bind(table);
    let writes = 0;
    table.transact = async (members) => {
      if (++writes === 2) throw new Error('The power went out');
      await transact(members);
    };
    await expect(fire('2026-03-06')).rejects.toThrow('The power went out');
    table.transact = transact;
    expect((await snapshots()).map(({ day }) => day)).toEqual(['2026-03-02', '2026-03-03']);
    await tenant.aUser();
    expect(await fire('2026-03-06')).toEqual({ taken: ['2026-03-04', '2026-03-05'] });
    expect((await snapshots()).map(({ users }) => users)).toEqual([
      {},
      {},
      { 'contact-center active': 1 },
      { 'contact-center active': 1 },
    ]);
    expect((await days('voice')).map(({ used }) => used)).toEqual([0, 0, 0, 0]);
  });

  it('are not written by a run that has lost its lease', async () => {
    at('2026-03-03T00:15:00Z');
    await fire('2026-03-03');
    at('2026-03-06T00:15:00Z');
    const { table } = tenant.deps;
    const transact = table.transact.bind(table);
    table.transact = async (members) => {
      table.transact = transact;
      // As if another run had taken over in between.
      await table.write(update(leaseKey('snapshot-licenses'), { increase: { fence: 1 } }));
      await transact(members);
    };
    expect(await fire('2026-03-06')).toEqual({ skipped: 'lease-lost' });
    expect(await snapshots()).toHaveLength(1);
    expect(tenant.logged.filter(({ level, event }) => level === 'warn' && event === 'lease_lost')).toHaveLength(1);
  });

  it('may be taken by hand, for a day before the last that was done', async () => {
    at('2026-03-03T00:15:00Z');
    await fire('2026-03-03');
    expect(await tenant.react('snapshot-licenses', { scheduledAt: '2026-01-01T00:00:00.000Z' })).toEqual({
      taken: ['2026-01-01'],
    });
    tenant.advance(DAY_S);
    expect(await fire('2026-03-04')).toEqual({ taken: ['2026-03-03'] });
  });
});

describe('I2 the recount', () => {
  const repaired = async () => (await tenant.audit()).filter(({ event }) => event === 'seats.repaired');

  it('says at each run that nothing differs, and of each license what is used and owned', async () => {
    await tenant.aUser();
    await fire('2026-03-02');
    expect(said('seats_recounted')).toMatchObject({ level: 'info', metric: 'SeatDrift', value: 0, busy: [] });
    expect(said('seats_recounted')?.licenses).toContainEqual({ license: 'voice', used: 1, owned: 10 });
    expect(await repaired()).toEqual([]);
  });

  it('finds counters that drifted, says by how much, repairs them once, and writes it into the audit', async () => {
    for (let n = 0; n < 3; n++) await tenant.aUser();
    await tenant.deps.table.write(update(seatsKey('voice'), { increase: { used: 2, free: -2 } }));
    await tenant.deps.table.write(update(seatsKey('email'), { increase: { free: 1 } }));
    expect(await seatViolations(tenant)).toHaveLength(2);
    await Promise.all(Array.from({ length: 5 }, () => tenant.react('snapshot-licenses', {})));
    expect(tenant.logged.find(({ event, value }) => event === 'seats_recounted' && value !== 0)).toMatchObject({
      level: 'warn',
      metric: 'SeatDrift',
      value: 3,
    });
    expect(await seatViolations(tenant)).toEqual([]);
    const entries = await repaired();
    expect(entries).toHaveLength(2);
    expect(entries).toContainEqual(
      expect.objectContaining({
        actor: 'system',
        subject: { type: 'license', id: 'voice' },
        changes: { used: { before: 5, after: 3 }, free: { before: 5, after: 7 } },
      }),
    );
    await tenant.react('snapshot-licenses', {});
    expect(said('seats_recounted')).toMatchObject({ value: 0 });
    expect(await repaired()).toHaveLength(2);
  });

  it('gives a user the seats that they need and lack, and takes those that they do not', async () => {
    const lacking = await tenant.aUser();
    const tooMany = await tenant.aUser();
    await hold(lacking, []);
    await hold(tooMany, ['voice', 'email']);
    await tenant.react('snapshot-licenses', {});
    expect(said('seats_recounted')).toMatchObject({ value: 2, unseated: [] });
    expect(Object.keys((await userOf(lacking)).seats?.held ?? {})).toEqual(['voice']);
    expect(Object.keys((await userOf(tooMany)).seats?.held ?? {})).toEqual(['voice']);
    expect((await repaired()).map(({ subject }) => (subject as { id: string }).id).sort()).toEqual(
      [lacking.id, tooMany.id].sort(),
    );
    expect(await seatViolations(tenant)).toEqual([]);
  });

  it('frees what a deactivated user still holds', async () => {
    const user = await tenant.aUser();
    await tenant.deps.table.write(update(userKeys.user(user.id), { set: { state: 'deactivated' } }));
    await tenant.react('snapshot-licenses', {});
    expect((await userOf(user)).seats?.held).toEqual({});
    expect(await seatViolations(tenant)).toEqual([]);
  });

  it('S0-5 sells no seat for that: who gets none is told of, at each run', async () => {
    const user = await tenant.aUser();
    await hold(user, []);
    await tenant.deps.table.transact(owning(tenant.deps, await seatsOf('voice'), { owned: 0, force: false }));
    for (let n = 0; n < 2; n++) {
      await tenant.react('snapshot-licenses', {});
      expect(said('seats_recounted')).toMatchObject({ level: 'warn', value: 1, unseated: [user.id] });
    }
    expect(await seatsOf('voice')).toMatchObject({ owned: 0, used: 0, free: 0 });
    expect(await repaired()).toEqual([]);
  });

  it('claims no drift where seats move all the time: it counts five times, and says that it was too busy', async () => {
    await tenant.aUser();
    const { table } = tenant.deps;
    const query = table.query.bind(table);
    let moves = 0;
    table.query = async (options) => {
      if (options.index === 'users' && options.partition.endsWith('#0') && options.partition.includes('#agents')) {
        moves++;
        await table.write(update(seatsKey('voice'), { increase: { moves: 1 } }));
      }
      return query(options);
    };
    await tenant.react('snapshot-licenses', {});
    table.query = query;
    expect(moves).toBe(5);
    expect(said('seats_recounted')).toMatchObject({ level: 'warn', value: 0, busy: ['voice'] });
    expect(await repaired()).toEqual([]);
  });

  it('takes nobody for missing whom the list shows a moment late', async () => {
    const user = await tenant.aUser();
    const row = (await tenant.read(userKeys.user(user.id))) as Item;
    const { table } = tenant.deps;
    const batchGet = table.batchGet.bind(table);
    let isFirst = true;
    table.batchGet = async (keys, options) => {
      const found = await batchGet(keys, options);
      if (!isFirst || !keys.some(({ sk }) => sk === '#USER')) return found;
      isFirst = false;
      return found.map((item) => (item?.pk === row.pk ? undefined : item));
    };
    await tenant.react('snapshot-licenses', {});
    expect(said('seats_recounted')).toMatchObject({ value: 0, busy: [] });
    expect(await seatsOf('voice')).toMatchObject({ used: 1 });
  });

  it('I2 takes nobody for gone whom the list shows seconds late: it waits before it counts again', async () => {
    const user = await tenant.aUser();
    const { table } = tenant.deps;
    const query = table.query.bind(table);
    let waited = 0;
    tenant.deps.pause = async (ms) => {
      waited += ms;
    };
    table.query = async (options) => {
      const page = await query(options);
      if (options.index !== 'users' || waited >= 5000) return page;
      return { ...page, items: page.items.filter(({ pk }) => pk !== userKeys.partition(user.id)) };
    };
    await tenant.react('snapshot-licenses', {});
    expect(waited).toBeGreaterThanOrEqual(5000);
    expect(await seatsOf('voice')).toMatchObject({ used: 1, free: 9 });
    expect(said('seats_recounted')).toMatchObject({ value: 0, busy: [] });
    // And waits for nothing where nothing differs.
    waited = 5000;
    await tenant.react('snapshot-licenses', {});
    expect(waited).toBe(5000);
  });

  it('S0-5 begins with who frees a seat, and goes on past all who find none', async () => {
    const lacking: string[] = [];
    for (let n = 0; n < 10; n++) {
      lacking.push(...(await Promise.all(Array.from({ length: 25 }, () => aCheapUser({ held: {} })))));
    }
    // The list shows both behind all others.
    const freeing = await aCheapUser({ held: { voice: 1 }, state: 'deactivated', shelf: 'deactivated-agents' });
    const other = await aCheapUser({ held: {}, userType: 'ai-coworker', shelf: 'deactivated-ai-coworkers' });
    const voice = { owned: 1, used: 1, free: 0 };
    await tenant.deps.table.write(update(seatsKey('voice'), { set: voice }));
    await tenant.react('snapshot-licenses', {});
    expect((await userOf({ id: freeing })).seats?.held).toEqual({});
    expect(Object.keys((await userOf({ id: other })).seats?.held ?? {})).toEqual(['ai-coworker']);
    expect(await seatsOf('voice')).toMatchObject(voice);
    const seated = (await Promise.all(lacking.map((id) => userOf({ id })))).filter((each) => each.seats?.held.voice);
    expect(seated).toHaveLength(1);
    // All of them, of whom the log names some.
    expect(said('seats_recounted')).toMatchObject({ value: 252 });
    expect(said('seats_recounted')?.unseated).toHaveLength(100);
    expect(await seatViolations(tenant)).toEqual([]);
  });

  it('counts whom the list shows twice once', async () => {
    await tenant.aUser();
    const { table } = tenant.deps;
    const query = table.query.bind(table);
    table.query = async (options) => {
      const page = await query(options);
      return options.index === 'users' ? { ...page, items: [...page.items, ...page.items] } : page;
    };
    await tenant.react('snapshot-licenses', {});
    expect(said('seats_recounted')).toMatchObject({ value: 0, busy: [] });
    expect(said('seats_recounted')?.licenses).toContainEqual({ license: 'voice', used: 1, owned: 10 });
  });

  it('S1-35 counts and frees seats of a license that left the catalogue, too', async () => {
    const user = await tenant.aUser();
    const desk = { ...(await seatsOf('voice')), license: 'desk', edition: 0, owned: 5, used: 1, free: 4 };
    await tenant.deps.table.write(put({ ...desk, ...seatsKey('desk') }));
    await hold(user, ['voice', 'desk']);
    expect(await seatViolations(tenant)).toEqual(['1 users hold desk, and 2 are counted']);
    await tenant.react('snapshot-licenses', {});
    expect(said('seats_recounted')).toMatchObject({ level: 'warn', value: 2, busy: [], unseated: [] });
    expect(said('seats_recounted')?.licenses).toContainEqual({ license: 'desk', used: 0, owned: 5 });
    expect(Object.keys((await userOf(user)).seats?.held ?? {})).toEqual(['voice']);
    expect(await seatViolations(tenant)).toEqual([]);
  });

  it('tells of who cannot be seated by the definitions of the moment, at each run', async () => {
    const user = await tenant.aUser();
    const lacking = await tenant.aUser();
    await hold(lacking, []);
    // The counter was not taken along when they were edited.
    await tenant.deps.table.write(update(seatsKey('voice'), { set: { edition: 0 } }));
    for (let n = 0; n < 2; n++) {
      await tenant.react('snapshot-licenses', {});
      expect(said('seats_recounted')).toMatchObject({ level: 'warn', value: 1, unseated: [lacking.id] });
    }
    expect((await userOf(lacking)).seats?.held).toEqual({});
    expect((await userOf(user)).seats?.held).toHaveProperty('voice');
    expect(await repaired()).toEqual([]);
  });

  it('reads more users than one read can get, each once', async () => {
    for (let n = 0; n < 12; n++) await Promise.all(Array.from({ length: 25 }, () => aCheapUser()));
    await tenant.deps.table.write(update(seatsKey('voice'), { increase: { used: 300, free: -300, owned: 0 } }));
    const { table } = tenant.deps;
    const batchGet = table.batchGet.bind(table);
    const read: string[] = [];
    table.batchGet = async (keys, options) => {
      read.push(...keys.filter(({ sk }) => sk === '#USER').map(({ pk }) => pk));
      return batchGet(keys, options);
    };
    await tenant.react('snapshot-licenses', {});
    expect(said('seats_recounted')).toMatchObject({ value: 0 });
    expect(read).toHaveLength(300);
    expect(new Set(read).size).toBe(300);
  });

  let count = 0;
  interface Cheap {
    held?: Record<string, number>;
    shelf?: Shelf;
    userType?: string;
    state?: string;
  }
  async function aCheapUser({
    held = { voice: tenant.deps.now() },
    shelf = 'agents',
    userType = 'contact-center',
    state = 'active',
  }: Cheap = {}) {
    const id = `usr_${String(++count).padStart(24, '0')}`;
    const seats = { edition: 1, held };
    const common = { type: 'user', v: 1, version: 1, userType, state, secondFactor: 'off' };
    const dated = { epoch: 1, createdAt: 0, updatedAt: 0 };
    const named = { login: `cheap-${count}`, title: `Cheap ${count}` };
    const keys = { ...userKeys.user(id), ...userKeys.list(shelf, id, named.title) };
    await tenant.deps.table.write(put({ ...common, ...dated, ...named, ...agentGrants, ...keys, seats }));
    return id;
  }
});
