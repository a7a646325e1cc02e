import { owning } from '#domain/licenses/owning.ts';
import { seatsItem } from '#domain/licenses/seats.ts';
import { seatsKey } from '#table/keys.ts';
import { peopleOf } from '#test/functions/users/people.ts';
import { deactivate, finishJobs } from '#test/setup/leaving.ts';
import { streamOf } from '#test/setup/stream.ts';
import { agentGrants, aTenant } from '#test/setup/tenant.ts';

/** A tenant with so many seats of email, and somebody who reads of them. */
async function aFewSeats(seats: number, given: Parameters<typeof aTenant>[0] = {}) {
  const tenant = await aTenant(given, { licenses: { owned: { email: { seats } } } });
  const people = await peopleOf(tenant);
  const { token } = people.root;
  const rights = await people.rights({ queues: [await people.queue('email')] });
  const stream = await streamOf(tenant);
  const settled = async () => {
    await stream.deliver();
    await finishJobs(tenant);
  };
  const take = async (count: number) => {
    const taken = [];
    for (let n = 0; n < count; n++) taken.push(await tenant.aUser({ ...agentGrants, rights }));
    await settled();
    return taken;
  };
  const notices = async (template: string) => (await tenant.mails()).filter((mail) => mail.template === template);
  const told = async () => (await notices('seats-running-out')).map(({ to, data }) => [to, data.level]);
  const own = async (owned: number, force = false) => {
    const found = seatsItem().parse(await tenant.read(seatsKey('email')));
    await tenant.deps.table.transact(owning(tenant.deps, found, { owned, force }));
    await settled();
  };
  const root = people.root.user.authEmail as string;
  return { tenant, people, token, rights, stream, settled, take, notices, told, own, root };
}

describe('notices that seats run out', () => {
  it('reach who has access to Licensing, at 80, 95 and 100 % of what is owned, each once', async () => {
    const { take, told, notices, root } = await aFewSeats(20);
    await take(15);
    expect(await told()).toEqual([]);
    await take(1);
    expect(await told()).toEqual([[root, 80]]);
    expect((await notices('seats-running-out'))[0]).toMatchObject({
      data: { license: 'Email', level: 80, used: 16, owned: 20, login: expect.any(String) },
    });
    await take(2);
    expect(await told()).toHaveLength(1);
    await take(1);
    await take(1);
    // At one instant, so in no order.
    expect((await told()).toSorted()).toEqual([
      [root, 100],
      [root, 80],
      [root, 95],
    ]);
  });

  it('do not come again while use hovers around a level, until the next day', async () => {
    const { tenant, token, take, told, settled } = await aFewSeats(5);
    const [user] = await take(4);
    for (let n = 0; n < 3; n++) {
      await deactivate(tenant, token, (user as { id: string }).id);
      await settled();
      await tenant.call('restore-user', { token, params: { userId: (user as { id: string }).id }, body: {} });
      await settled();
    }
    expect(await told()).toHaveLength(1);
    tenant.advance(86_400);
    await take(1);
    expect((await told()).map(([, level]) => level)).toEqual([80, 100]);
  });

  it('are of the highest level alone where several are passed at once, and come too when seats are taken away', async () => {
    const { take, told, own } = await aFewSeats(100);
    await take(10);
    expect(await told()).toEqual([]);
    await own(10);
    expect((await told()).map(([, level]) => level)).toEqual([100]);
    await own(0, true);
    expect(await told()).toHaveLength(1);
  });

  it('go to nobody who may not read of licenses, is away, or has no address; and to all of many who may', async () => {
    const { tenant, people, take, told, root } = await aFewSeats(1);
    const access = await people.access('licenses:read');
    const role = await people.role(['licenses:read']);
    const reading = { access, rights: 'rgt_own' };
    const byRole = await tenant.aUser({ ...agentGrants, roles: [role] });
    const expected = [root, byRole.authEmail as string];
    for (let n = 0; n < 100; n++) expected.push((await tenant.aUser(reading)).authEmail as string);
    await tenant.aUser(agentGrants);
    await tenant.aUser({ ...reading, state: 'deactivated' });
    await tenant.aUser({ ...reading, authEmail: undefined, mobile: '+420601234567' });
    await tenant.aUser({ ...reading, authEmailTrouble: 'bounced' });
    await tenant.aUser({ ...reading, activeUntil: tenant.deps.now() - 1 });
    await take(1);
    expect((await told()).map(([to]) => to).sort()).toEqual(expected.sort());
  });

  it('come once, however often the stream repeats what it has told', async () => {
    const { tenant, stream, rights, told, settled } = await aFewSeats(5);
    for (let n = 0; n < 5; n++) await tenant.aUser({ ...agentGrants, rights });
    const records = await stream.records();
    for (let n = 0; n < 3; n++) await stream.handle(records);
    await Promise.all(Array.from({ length: 4 }, () => stream.handle(records)));
    await settled();
    expect((await told()).map(([, level]) => level).sort()).toEqual([100, 80]);
  });
});

describe('notices of seats that nobody uses', () => {
  const DAYS = 3;

  /** Days that end one after the other, each with its snapshot. */
  async function pass(here: Awaited<ReturnType<typeof aFewSeats>>, days: number) {
    for (let n = 0; n < days; n++) {
      here.tenant.advance(86_400);
      await here.tenant.react('snapshot-licenses', { scheduledAt: new Date(here.tenant.deps.now()).toISOString() });
      await here.settled();
    }
  }
  const ofEmail = async ({ notices }: Awaited<ReturnType<typeof aFewSeats>>) =>
    (await notices('seats-unused')).filter(({ data }) => data.license === 'Email');

  it('come when seats were free at every moment of so many days, and not before', async () => {
    const here = await aFewSeats(10, { unusedSeatDays: DAYS });
    await here.take(7);
    await pass(here, DAYS - 1);
    expect(await ofEmail(here)).toEqual([]);
    await pass(here, 1);
    expect(await ofEmail(here)).toMatchObject([
      { to: here.root, data: { unused: 3, owned: 10, days: DAYS, license: 'Email' } },
    ]);
  });

  it('come once in so many days a license, and count by the day on which most were used', async () => {
    const here = await aFewSeats(10, { unusedSeatDays: DAYS });
    await here.take(2);
    await pass(here, 1);
    const some = await here.take(4);
    here.tenant.advance(60);
    const token = await here.tenant.signIn(here.people.root.user.login);
    for (const { id } of some) await deactivate(here.tenant, token, id);
    await here.settled();
    await pass(here, DAYS * 2 - 2);
    expect((await ofEmail(here)).map(({ data }) => data.unused)).toEqual([4]);
    await pass(here, 1);
    expect((await ofEmail(here)).map(({ data }) => data.unused)).toEqual([4, 8]);
  });

  it('do not come where each seat is used on some day, nor where the settings say never', async () => {
    const here = await aFewSeats(3, { unusedSeatDays: DAYS });
    await here.take(3);
    await pass(here, DAYS + 1);
    expect(await ofEmail(here)).toEqual([]);
    const silent = await aFewSeats(10, { unusedSeatDays: 0 });
    await pass(silent, 2);
    expect(await silent.notices('seats-unused')).toEqual([]);
  });
});
