import { randomInt } from 'node:crypto';
import type { DynamoDBRecord } from 'aws-lambda';
import type { User } from '#domain/users/user.ts';
import { ledgerKeys, seatsKey, userKeys } from '#table/keys.ts';
import { type Item, put, remove as writeRemoval } from '#table/write.ts';
import { ifMatch, type People, peopleOf } from '#test/functions/users/people.ts';
import { inOrder } from '#test/setup/entries.ts';
import { deactivate, finishJobs, remove } from '#test/setup/leaving.ts';
import { heldIn, intervalsOf, ledgerViolations, seatViolations } from '#test/setup/seats.ts';
import { streamOf, type TestStream } from '#test/setup/stream.ts';
import { agentGrants, aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let people: People;
let stream: TestStream;
beforeEach(async () => {
  tenant = await aTenant();
  people = await peopleOf(tenant);
  stream = await streamOf(tenant);
});

const root = () => people.root.token;
const now = () => tenant.deps.now();
/** Once the jobs are done too. */
async function settled() {
  await stream.deliver();
  await finishJobs(tenant);
  await stream.deliver();
}
const restore = (userId: string) => tenant.call('restore-user', { token: root(), params: { userId }, body: {} });
const restoreDeleted = (userId: string) =>
  tenant.call('restore-deleted-user', { token: root(), params: { userId }, body: {} });
const of = async ({ id }: Pick<User, 'id'>) =>
  (await intervalsOf(tenant))
    .filter(({ user }) => user === id)
    .map(({ license, from, to }) => ({ license, from, to }))
    .sort((a, b) => a.license.localeCompare(b.license) || a.from - b.from);

describe('G8 the ledger', () => {
  it('has an interval for each time that a user held a seat, through deactivation and deletion and back, to the millisecond', async () => {
    const user = await tenant.aUser(agentGrants);
    const at: number[] = [now()];
    const then = async (act: () => Promise<{ status: number }>) => {
      tenant.advance(60);
      expect((await act()).status).toBeLessThan(300);
      at.push(now());
      await settled();
    };
    await then(() => deactivate(tenant, root(), user.id));
    await then(() => restore(user.id));
    await then(() => remove(tenant, root(), user.id));
    await then(() => restoreDeleted(user.id));
    const [made, off, back, deleted, restored] = at;
    expect(await of(user)).toEqual([
      { license: 'voice', from: made, to: off },
      { license: 'voice', from: back, to: deleted },
      { license: 'voice', from: restored, to: undefined },
    ]);
    expect(await ledgerViolations(tenant)).toEqual([]);
  });

  it('knows when somebody was deleted who cannot be restored, or who is back by the time that it hears of it', async () => {
    await tenant.call('change-settings', { token: root(), body: { deletedDays: 0 }, headers: ifMatch(1) });
    tenant.advance(6);
    const gone = await tenant.aUser(agentGrants);
    tenant.advance(60);
    expect((await remove(tenant, root(), gone.id)).status).toBe(200);
    const end = now();
    tenant.advance(60);
    await settled();
    expect(await of(gone)).toEqual([{ license: 'voice', from: end - 60_000, to: end }]);
  });

  it('says why, as it was when the seat was taken', async () => {
    const queue = await people.queue('email');
    const rights = await people.rights({ queues: [queue] });
    const user = await tenant.aUser({ ...agentGrants, rights, recording: 'after-bridged' });
    await settled();
    const causes = {
      email: [{ field: 'rights', rights, queue, queues: 1 }],
      'call-recording': [{ field: 'recording' }],
    };
    const told = async () =>
      Object.fromEntries(
        (await intervalsOf(tenant)).filter((each) => each.user === user.id).map((each) => [each.license, each]),
      );
    for (const [license, why] of Object.entries(causes)) expect((await told())[license]).toMatchObject({ causes: why });
    await people.change(user.id, { recording: 'off' });
    await settled();
    expect((await told())['call-recording']).toMatchObject({ to: now(), causes: causes['call-recording'] });
  });

  it('is the same when the stream repeats what it has told, all of it or a part, one by one or at once', async () => {
    const user = await tenant.aUser(agentGrants);
    for (const act of [() => deactivate(tenant, root(), user.id), () => restore(user.id)]) {
      tenant.advance(60);
      await act();
    }
    const records = await stream.records();
    await stream.handle(records);
    const first = await intervalsOf(tenant);
    expect(await of(user)).toHaveLength(2);
    await stream.handle(records);
    for (let n = 0; n < records.length; n++) await stream.handle(records.slice(n));
    await Promise.all(Array.from({ length: 4 }, () => stream.handle(records)));
    expect(inOrder(await intervalsOf(tenant))).toEqual(inOrder(first));
    expect(await ledgerViolations(tenant)).toEqual([]);
  });

  it('keeps nobody as a holder whose record comes late, after the one that ended it', async () => {
    const user = await tenant.aUser(agentGrants);
    tenant.advance(60);
    await deactivate(tenant, root(), user.id);
    const isTaking = ({ dynamodb, eventName }: DynamoDBRecord) =>
      eventName === 'INSERT' && dynamodb?.Keys?.pk?.S === userKeys.partition(user.id);
    const records = await stream.records();
    await stream.handle(records.filter((record) => !isTaking(record)));
    await stream.handle(records.filter(isTaking));
    expect(await of(user)).toEqual([{ license: 'voice', from: now() - 60_000, to: now() }]);
  });

  it('writes nothing for a change by which nobody takes or frees a seat', async () => {
    const user = await tenant.aUser(agentGrants);
    await settled();
    const before = await intervalsOf(tenant);
    await people.change(user.id, { title: 'Somebody else' });
    await settled();
    expect(await intervalsOf(tenant)).toEqual(before);
  });
});

/** LEDGER_OPERATIONS=300 is a long run, for who has changed how the ledger follows users. */
const OPERATIONS = Number(process.env.LEDGER_OPERATIONS ?? 80);

describe(`I2 G8 over ${OPERATIONS} random operations`, () => {
  it('who held which seat at any instant is what the users themselves said then, and its sum what the counters were', async () => {
    const kinds = ['voice', 'email', 'chat'] as const;
    const rights = await Promise.all(kinds.map(async (kind) => people.rights({ queues: [await people.queue(kind)] })));
    const any = <T>(some: readonly T[]) => some[randomInt(some.length)] as T;
    const states = new Map<string, 'active' | 'deactivated' | 'deleted'>();
    const those = (state: string) => [...states].filter(([, each]) => each === state).map(([id]) => id);
    const act = async () => {
      const [active, off, deleted] = [those('active'), those('deactivated'), those('deleted')];
      const dice = randomInt(10);
      if (active.length < 4 || dice === 0) {
        const { id } = await tenant.aUser({ ...agentGrants, rights: any(rights) });
        return states.set(id, 'active');
      }
      const id = any(active);
      if (dice < 4) return expectDone(await people.change(id, { rights: any(rights) }));
      if (dice < 5) return expectDone(await people.change(id, { recording: any(['after-bridged', 'off']) }));
      if (dice < 6) return expectDone(await deactivate(tenant, root(), id)) && states.set(id, 'deactivated');
      if (dice < 7) return expectDone(await remove(tenant, root(), id)) && states.set(id, 'deleted');
      if (dice < 9 && off.length > 0) {
        const back = any(off);
        return expectDone(await restore(back)) && states.set(back, 'active');
      }
      if (deleted.length === 0) return;
      const back = any(deleted);
      const answer = await restoreDeleted(back);
      // Its copy may not be whole yet, as the job that makes it waits for the stream.
      if (answer.status < 300) states.set(back, 'active');
    };
    const samples: { at: number; held: Record<string, string[]>; counters: Record<string, number> }[] = [];
    for (let n = 0; n < OPERATIONS; n++) {
      tenant.advance(1 + randomInt(20));
      await act();
      samples.push(await sample(those('active')));
      if (randomInt(8) === 0) await (n % 5 === 0 ? settled() : stream.deliver());
    }
    await settled();
    const intervals = await intervalsOf(tenant);
    for (const { at, held, counters } of samples) {
      const told = heldIn(intervals, at);
      expect({ at, told }).toEqual({ at, told: held });
      for (const [license, used] of Object.entries(counters)) expect(told[license]?.length ?? 0).toBe(used);
    }
    for (const { at, held } of Array.from({ length: 10 }, () => any(samples))) {
      for (const license of kinds) expect(await askedFor(license, at)).toEqual(held[license] ?? []);
    }
    expect(await ledgerViolations(tenant)).toEqual([]);
    expect(await seatViolations(tenant)).toEqual([]);
  }, 120_000);

  function expectDone({ status, body }: { status: number; body: unknown }) {
    if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
    return true;
  }

  /** As users and counters themselves say at this moment. */
  async function sample(ids: readonly string[]) {
    const all = [...ids, people.root.user.id];
    const items = [];
    for (let n = 0; n < all.length; n += 100) {
      items.push(...(await tenant.deps.table.batchGet(all.slice(n, n + 100).map(userKeys.user))));
    }
    const held: Record<string, string[]> = {};
    for (const [n, item] of items.entries()) {
      for (const license of Object.keys((item?.seats as { held?: object } | undefined)?.held ?? {})) {
        held[license] = [...(held[license] ?? []), all[n] as string];
      }
    }
    for (const some of Object.values(held)) some.sort();
    const counters: Record<string, number> = {};
    for (const license of ['voice', 'email', 'chat', 'call-recording']) {
      counters[license] = (await tenant.read(seatsKey(license)))?.used as number;
    }
    return { at: now(), held, counters };
  }

  /** All pages of three. */
  async function askedFor(license: string, at: number): Promise<string[]> {
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const { body } = await tenant.call('list-license-holders', {
        token: root(),
        params: { licenseId: license },
        query: { at: new Date(at).toISOString(), limit: '3', ...(cursor && { cursor }) },
      });
      found.push(...body.holders.map(({ user }: { user: { id: string } }) => user.id));
      cursor = body.next;
    } while (cursor);
    return found.sort();
  }
});

it('a record that the stream gave up is found missing by the recount, and the ledger gets it', async () => {
  const user = await tenant.aUser(agentGrants);
  const taken = now();
  // Nobody tells the ledger.
  expect(await of(user)).toEqual([]);
  await tenant.react('snapshot-licenses', {});
  expect(await of(user)).toEqual([]);
  tenant.advance(2 * 3600);
  await tenant.react('snapshot-licenses', {});
  expect(await of(user)).toEqual([{ license: 'voice', from: taken, to: undefined }]);
});

describe('G8 a record that frees a seat and that the stream gave up', () => {
  const HOUR = 3600;
  beforeEach(async () => {
    // Sessions outlast the hours that go by.
    tenant = await aTenant({ sessionSeconds: 2_592_000, idleMinutes: 1440 });
    people = await peopleOf(tenant);
    stream = await streamOf(tenant);
  });
  const recount = () => tenant.react('snapshot-licenses', {});
  /** Nobody tells the ledger of what has happened since. */
  const given = () => stream.records();

  async function aHolder() {
    const user = await tenant.aUser(agentGrants);
    await settled();
    tenant.advance(2 * HOUR);
    return { user, taken: now() - 2 * HOUR * 1000 };
  }

  it('is made up for by the recount: nobody stays a holder who is none, and causes stay as they were', async () => {
    const { user, taken } = await aHolder();
    await deactivate(tenant, root(), user.id);
    const freed = now();
    await given();
    tenant.advance(HOUR - 1);
    // Until then the stream may still tell of it.
    await recount();
    expect(await of(user)).toEqual([{ license: 'voice', from: taken, to: undefined }]);
    tenant.advance(2);
    await recount();
    expect(await of(user)).toEqual([{ license: 'voice', from: taken, to: freed }]);
    expect((await intervalsOf(tenant)).find((each) => each.user === user.id)?.causes).toMatchObject([
      { field: 'type', isMinimum: true },
    ]);
    const holders = { token: root(), params: { licenseId: 'voice' }, query: { at: new Date(now()).toISOString() } };
    const { body } = await tenant.call('list-license-holders', holders);
    expect(body.holders.map((each: { user: { id: string } }) => each.user.id)).toEqual([people.root.user.id]);
    expect(await ledgerViolations(tenant)).toEqual([]);
  });

  it('of who was deleted: it ends with them, whenever it is found', async () => {
    const { user, taken } = await aHolder();
    await remove(tenant, root(), user.id);
    const freed = now();
    await given();
    tenant.advance(20 * HOUR);
    await recount();
    expect(await of(user)).toEqual([{ license: 'voice', from: taken, to: freed }]);
  });

  it('of who has left no trace: it ends now', async () => {
    const { user, taken } = await aHolder();
    await tenant.deps.table.write(writeRemoval(userKeys.user(user.id)));
    await given();
    await recount();
    expect(await of(user)).toEqual([{ license: 'voice', from: taken, to: now() }]);
  });

  it('of who has taken a seat again: it ends before that, be it held still or freed since', async () => {
    const { user, taken } = await aHolder();
    await deactivate(tenant, root(), user.id);
    await given();
    tenant.advance(2 * HOUR);
    await restore(user.id);
    await settled();
    const again = now();
    tenant.advance(2 * HOUR);
    await people.change(user.id, { title: 'Somebody else' });
    tenant.advance(2 * HOUR);
    const open = await tenant.read(ledgerKeys.open('voice', user.id, taken));
    await recount();
    const first = { license: 'voice', from: taken, to: again };
    expect(await of(user)).toEqual([first, { license: 'voice', from: again, to: undefined }]);
    expect(await ledgerViolations(tenant)).toEqual([]);

    await deactivate(tenant, root(), user.id);
    const freed = now();
    await settled();
    tenant.advance(2 * HOUR);
    const closed = ledgerKeys.closed('voice', user.id, taken, again);
    await tenant.deps.table.transact([put(open as Item), writeRemoval(closed)]);
    await recount();
    const second = { license: 'voice', from: again, to: freed };
    expect(await of(user)).toEqual([first, second]);
    // Also where it was closed, and only not taken away.
    await tenant.deps.table.write(put(open as Item));
    await recount();
    expect(await of(user)).toEqual([first, second]);
    expect(await ledgerViolations(tenant)).toEqual([]);
  });
});
