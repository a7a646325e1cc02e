import { setTimeout as wait } from 'node:timers/promises';
import { type Due, type Run, scheduled } from '#domain/schedules/scheduled.ts';
import { leaseKey, runKey, schedulePartition } from '#table/keys.ts';
import { put, update } from '#table/write.ts';
import { aTenant, type TestTenant } from '#test/setup/tenant.ts';

const id = 'snapshot-licenses';
const due: Due = { id, scheduledAt: '2026-03-02T00:15:00Z' };
const at = Date.parse('2026-03-02T00:15:00Z');
/** In these tests nothing but their own clock ends a lease. */
const noBeats = { leaseMs: 30_000, beatMs: 3_600_000 };
let tenant: TestTenant;
let count: number;
beforeEach(async () => {
  tenant = await aTenant({}, { isBare: true });
  count = 0;
});

const work = async () => ({ count: ++count });
const runs = (facts: object) =>
  tenant.logged.filter(({ event }) => event === 'scheduled_run').filter((line) => isLike(line, facts));
const isLike = (line: object, facts: object) =>
  Object.entries(facts).every(([name, value]) => (line as Record<string, unknown>)[name] === value);

/** Beats come in their own time. */
async function met(isSo: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 10_000; !(await isSo()); await wait(5)) {
    if (Date.now() > end) throw new Error('That did not come about within 10 s');
  }
}

/** Work that stands still until the test lets it go on. */
function pausing(then: (run: Run) => Promise<unknown> = work) {
  const begun = Promise.withResolvers<Run>();
  const goOn = Promise.withResolvers<void>();
  const paused = async (run: Run) => {
    begun.resolve(run);
    await goOn.promise;
    return then(run);
  };
  return { work: paused, begun: begun.promise, goOn: goOn.resolve };
}

describe('the same scheduled time', () => {
  it('runs its work once, however many deliveries come at once, and a later one gets the known result', async () => {
    const slow = async () => {
      await wait(20);
      return work();
    };
    const answers = await Promise.all(Array.from({ length: 10 }, () => scheduled(tenant.deps, due, slow)));
    expect(count).toBe(1);
    for (const answer of answers) expect([{ count: 1 }, { skipped: 'running' }]).toContainEqual(answer);
    expect(answers).toContainEqual({ count: 1 });
    expect(await scheduled(tenant.deps, { id, scheduledAt: '2026-03-02T01:15:00+01:00' }, work)).toEqual({ count: 1 });
    expect(count).toBe(1);
    expect(runs({ result: 'done' })).toMatchObject([{ scheduledAt: '2026-03-02T00:15:00.000Z', attempt: 1 }]);
    expect(await tenant.read(runKey(id, at))).toMatchObject({
      state: 'done',
      attempts: 1,
      result: { count: 1 },
      ttl: tenant.deps.now() / 1000 + 40 * 86_400,
    });
  });

  it('gives the known result also while another time runs', async () => {
    await scheduled(tenant.deps, due, work);
    const other = pausing();
    const running = scheduled(tenant.deps, { id, scheduledAt: '2026-03-03T00:15:00Z' }, other.work);
    await other.begun;
    expect(await scheduled(tenant.deps, due, work)).toEqual({ count: 1 });
    other.goOn();
    expect(await running).toEqual({ count: 2 });
  });

  it('runs again for who asks without a time: that is nobody’s duplicate', async () => {
    expect(await scheduled(tenant.deps, { id }, work)).toEqual({ count: 1 });
    expect(await scheduled(tenant.deps, { id }, work)).toEqual({ count: 2 });
    expect(await tenant.allOf([schedulePartition(id)])).toMatchObject([{ lastDoneAt: tenant.deps.now() }]);
  });

  it('that failed is not marked, and runs when it is repeated, at once', async () => {
    const failing = async () => {
      throw new Error('no table');
    };
    await expect(scheduled(tenant.deps, due, failing)).rejects.toThrow('no table');
    expect(await tenant.read(leaseKey(id))).not.toHaveProperty('lastDoneAt');
    expect(await scheduled(tenant.deps, due, work)).toEqual({ count: 1 });
    expect(runs({ result: 'failed' })).toMatchObject([{ attempt: 1 }]);
    expect(runs({ result: 'done' })).toMatchObject([{ attempt: 2 }]);
  });

  it('is one whatever its result is, none at all too', async () => {
    const nothing = async () => void count++;
    await scheduled(tenant.deps, due, nothing);
    expect(await scheduled(tenant.deps, due, nothing)).toBeUndefined();
    expect(count).toBe(1);
  });

  it('must be an instant', async () => {
    await expect(scheduled(tenant.deps, { id, scheduledAt: 'noon' }, work)).rejects.toThrow(
      'The scheduled time "noon" is not an instant',
    );
    expect(count).toBe(0);
  });
});

describe('a schedule', () => {
  it('runs once at a time: who comes while it runs does not start, and says so', async () => {
    const first = pausing();
    const running = scheduled(tenant.deps, due, first.work);
    await first.begun;
    const next = { id, scheduledAt: '2026-03-02T00:30:00Z' };
    expect(await scheduled(tenant.deps, next, work)).toEqual({ skipped: 'running' });
    expect(await scheduled(tenant.deps, { id: 'expire-tokens' }, work)).toEqual({ count: 1 });
    first.goOn();
    expect(await running).toEqual({ count: 2 });
    expect(await scheduled(tenant.deps, next, work)).toEqual({ count: 3 });
    expect(runs({ result: 'running' })).toMatchObject([{ level: 'info', schedule: id }]);
  });

  it('is told what was done last, which a run for an older time, or for one to come, does not move', async () => {
    const told: unknown[] = [];
    const run = (scheduledAt: string) =>
      scheduled(tenant.deps, { id, scheduledAt }, async ({ lastDoneAt }) => {
        told.push(lastDoneAt && new Date(lastDoneAt).toISOString());
      });
    await run('2026-03-01T00:15:00Z');
    await run('2026-01-01T00:00:00Z');
    await run('2027-01-01T00:00:00Z');
    await run('2026-03-02T00:15:00Z');
    expect(told).toEqual([
      undefined,
      '2026-03-01T00:15:00.000Z',
      '2026-03-01T00:15:00.000Z',
      '2026-03-02T08:00:00.000Z',
    ]);
  });

  it('is taken over from who died, once the lease is over and not a moment earlier', async () => {
    const dead = pausing();
    const never = scheduled(tenant.deps, due, dead.work, noBeats);
    await dead.begun;
    tenant.advance(29.999);
    expect(await scheduled(tenant.deps, due, work)).toEqual({ skipped: 'running' });
    tenant.advance(0.001);
    const answers = await Promise.all(Array.from({ length: 5 }, () => scheduled(tenant.deps, due, work)));
    expect(count).toBe(1);
    expect(answers).toContainEqual({ count: 1 });
    expect(runs({ result: 'done' })).toMatchObject([{ attempt: 2 }]);
    dead.goOn();
    await never;
  });

  it('stays with who works for long, by its beats', async () => {
    const long = pausing();
    const running = scheduled(tenant.deps, due, long.work, { leaseMs: 30_000, beatMs: 5 });
    await long.begun;
    for (let n = 0; n < 3; n++) {
      tenant.advance(29);
      const until = tenant.deps.now() + 30_000;
      await met(async () => ((await tenant.read(leaseKey(id)))?.until as number) >= until);
      expect(await scheduled(tenant.deps, due, work)).toEqual({ skipped: 'running' });
    }
    long.goOn();
    expect(await running).toEqual({ count: 1 });
    const after = await tenant.read(leaseKey(id));
    await wait(30);
    expect(await tenant.read(leaseKey(id))).toEqual(after);
  });
});

describe('a run that was held up past its lease', () => {
  const mark = (by: string) => put({ pk: 'TENANT', sk: 'MARK', by });
  const marking = (by: string) => async (run: Run) => {
    await tenant.deps.table.transact([run.held(), mark(by)]);
    return { by };
  };
  const marked = async () => (await tenant.read({ pk: 'TENANT', sk: 'MARK' }))?.by;

  it('writes nothing that it guards, marks nothing, and ends as a success that says so', async () => {
    const slow = pausing(marking('the first'));
    const first = scheduled(tenant.deps, due, slow.work, noBeats);
    await slow.begun;
    tenant.advance(30);
    expect(await scheduled(tenant.deps, due, marking('the second'))).toEqual({ by: 'the second' });
    const stood = await tenant.allOf([schedulePartition(id)]);
    slow.goOn();
    expect(await first).toEqual({ skipped: 'lease-lost' });
    expect(await marked()).toBe('the second');
    expect(await tenant.allOf([schedulePartition(id)])).toEqual(stood);
    expect(tenant.logged.filter(({ event }) => event === 'lease_lost')).toMatchObject([
      { level: 'warn', schedule: id },
    ]);
    expect(runs({ result: 'done' })).toHaveLength(1);
    expect(await scheduled(tenant.deps, due, work)).toEqual({ by: 'the second' });
  });

  it('takes nothing from who is still at it', async () => {
    const slow = pausing(marking('the first'));
    const first = scheduled(tenant.deps, due, slow.work, noBeats);
    await slow.begun;
    tenant.advance(30);
    const other = pausing(marking('the second'));
    const second = scheduled(tenant.deps, due, other.work, noBeats);
    await other.begun;
    slow.goOn();
    expect(await first).toEqual({ skipped: 'lease-lost' });
    expect(await marked()).toBeUndefined();
    expect(await scheduled(tenant.deps, due, work)).toEqual({ skipped: 'running' });
    other.goOn();
    expect(await second).toEqual({ by: 'the second' });
  });

  it('prolongs nobody’s lease any more', async () => {
    const slow = pausing();
    // Its own clock stands still with it, but its beats go on.
    const before = tenant.deps.now();
    const first = scheduled({ ...tenant.deps, now: () => before }, due, slow.work, { leaseMs: 30_000, beatMs: 5 });
    await slow.begun;
    tenant.advance(30);
    const other = pausing();
    const second = scheduled(tenant.deps, due, other.work, noBeats);
    await other.begun;
    await wait(50);
    expect(await tenant.read(leaseKey(id))).toMatchObject({ until: tenant.deps.now() + 30_000 });
    other.goOn();
    await second;
    slow.goOn();
    expect(await first).toEqual({ skipped: 'lease-lost' });
  });

  it('marks nothing either when its work guarded nothing, or when it fails', async () => {
    const slow = pausing();
    const failing = pausing(async () => {
      throw new Error('The work failed late');
    });
    const first = scheduled(tenant.deps, due, slow.work, noBeats);
    await slow.begun;
    tenant.advance(30);
    const second = scheduled(tenant.deps, due, failing.work, noBeats);
    await failing.begun;
    tenant.advance(30);
    const third = pausing(async () => ({ by: 'the third' }));
    const last = scheduled(tenant.deps, due, third.work, noBeats);
    await third.begun;
    slow.goOn();
    failing.goOn();
    expect(await first).toEqual({ skipped: 'lease-lost' });
    await expect(second).rejects.toThrow('The work failed late');
    expect(await tenant.read(runKey(id, at))).toMatchObject({ state: 'begun', attempts: 3 });
    third.goOn();
    expect(await last).toEqual({ by: 'the third' });
  });

  it('goes on when nobody took over: its lease is still its own', async () => {
    const slow = pausing(marking('the first'));
    const first = scheduled(tenant.deps, due, slow.work, noBeats);
    await slow.begun;
    tenant.advance(3600);
    slow.goOn();
    expect(await first).toEqual({ by: 'the first' });
  });

  it('leaves nothing behind that could still write after its end', async () => {
    let left: Run | undefined;
    await scheduled(tenant.deps, due, async (run) => {
      left = run;
    });
    const late = tenant.deps.table.transact([(left as Run).held(), mark('too late')]);
    await expect(late).rejects.toMatchObject({ name: 'LeaseLost' });
  });
});

it('a beat that fails is told, and the work goes on', async () => {
  const { table } = tenant.deps;
  const write = table.write.bind(table);
  const long = pausing();
  const running = scheduled(tenant.deps, due, long.work, { leaseMs: 30_000, beatMs: 5 });
  await long.begun;
  table.write = () => Promise.reject(new Error('no network'));
  await met(async () => tenant.logged.some(({ event }) => event === 'lease_not_prolonged'));
  table.write = write;
  await write(update({ pk: 'TENANT', sk: 'MARK' }, { set: { by: 'hand' } }));
  long.goOn();
  expect(await running).toEqual({ count: 1 });
});
