import { readUser, type User } from '#domain/users/user.ts';
import { outboxPartitions, userKeys } from '#table/keys.ts';
import { type Item, update } from '#table/write.ts';
import { peopleOf } from '#test/functions/users/people.ts';
import { agentGrants, aTenant, type TestTenant } from '#test/setup/tenant.ts';

const HOUR_MS = 3_600_000;

/** Due in an hour: three whose rights are queued, in this order, and one whose active dates end. */
async function due() {
  const tenant = await aTenant({}, { licenses: { owned: { email: { seats: 3 } } } });
  const people = await peopleOf(tenant);
  const rights = await people.rights({ queues: [await people.queue('email')] });
  const now = tenant.deps.now();
  const queued = (n: number) => ({ rights, by: people.root.user.id, at: now, dueAt: now + HOUR_MS + n });
  const waiting: User[] = [];
  for (let n = 0; n < 3; n++) waiting.push(await tenant.aUser({ ...agentGrants, queued: queued(n) }));
  const ending = await tenant.aUser({ ...agentGrants, activeUntil: now + HOUR_MS });
  tenant.advance(2 * 3600);
  return { tenant, waiting, ending, rights };
}

const now = async (tenant: TestTenant, { id }: Pick<User, 'id'>) =>
  readUser((await tenant.read(userKeys.user(id))) as Item);
const failures = (tenant: TestTenant) => tenant.logged.filter(({ level }) => level === 'error');

describe('C2 S4-10 the sweep goes on', () => {
  it('S0-5 past a user for whom no seat is free, tells of them, and tries again', async () => {
    const { tenant, waiting, ending, rights } = await due();
    const [lacking, ...others] = waiting as [User, User, User];
    const set = { 'seats.held': { voice: lacking.createdAt } };
    await tenant.deps.table.write(update(userKeys.user(lacking.id), { set }));
    expect(await tenant.react('expire-tokens', {})).toMatchObject({ queued: 2, deactivated: 1 });
    for (const user of others) expect(await now(tenant, user)).toMatchObject({ rights });
    expect(await now(tenant, ending)).toMatchObject({ state: 'deactivated' });
    expect(failures(tenant)).toMatchObject([
      { event: 'due_failed', due: 'queued', subject: lacking.id, error: { code: 'license_exhausted' } },
    ]);
    expect(await now(tenant, lacking)).toMatchObject({ rights: 'rgt_own', queued: { rights } });
    // They have one after all.
    await tenant.deps.table.write(update(userKeys.user(lacking.id), { set: { 'seats.held': lacking.seats?.held } }));
    expect(await tenant.react('expire-tokens', {})).toMatchObject({ queued: 1 });
    expect(await now(tenant, lacking)).toMatchObject({ rights });
  });

  it('past what fails for another reason, and then fails itself, so that it is repeated and seen', async () => {
    const { tenant, waiting, ending, rights } = await due();
    const [broken, ...others] = waiting as [User, User, User];
    await tenant.deps.table.write(update(userKeys.user(broken.id), { set: { state: 'neither' } }));
    await expect(tenant.react('expire-tokens', {})).rejects.toThrow('Steps of the sweep failed: queued');
    for (const user of others) expect(await now(tenant, user)).toMatchObject({ rights });
    expect(await now(tenant, ending)).toMatchObject({ state: 'deactivated' });
    expect(failures(tenant).map(({ event, subject }) => [event, subject])).toEqual([
      ['due_failed', broken.id],
      ['sweep_step_failed', undefined],
      ['reaction_failed', undefined],
    ]);
  });

  it('past a step that cannot even begin: the others are done, and how long mails wait is said', async () => {
    const { tenant, ending } = await due();
    const waits = async () => (await tenant.allOf(outboxPartitions)).length;
    expect(await waits()).toBeGreaterThan(0);
    const { table } = tenant.deps;
    const query = table.query.bind(table);
    table.query = async (options) => {
      if (/^DUE#(invite|token|queued|job|deleted)$/.test(options.partition)) throw new Error('The power went out');
      return query(options);
    };
    await expect(tenant.react('expire-tokens', {})).rejects.toThrow(
      'Steps of the sweep failed: invites, tokens, queued, jobs, deleted',
    );
    expect(await now(tenant, ending)).toMatchObject({ state: 'deactivated' });
    expect(tenant.logged.find(({ event }) => event === 'swept')).toMatchObject({
      ...{ deactivated: 1, metric: 'OldestMailSeconds' },
      value: 2 * 3600,
    });
  });
});
