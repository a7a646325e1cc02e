import { entriesAbout } from '#test/functions/users/people.ts';
import { deactivate, finishJobs, impact, remove } from '#test/setup/leaving.ts';
import { aPlatform, type Platform } from './a-platform.ts';

const nobody = 'usr_000000000000000000000000';

let here: Platform;
beforeAll(async () => {
  here = await aPlatform();
});

describe('S1-30 activities, as the platform keeps them', () => {
  it('are open from being told until being closed', async () => {
    const user = await here.tenant.aUser();
    const told = await here.activity('call-1', user.id, { title: 'Invoice 7', openedAt: '2026-03-02T07:59:00.000Z' });
    const shown = {
      id: 'call-1',
      userId: user.id,
      channel: 'call',
      title: 'Invoice 7',
      openedAt: '2026-03-02T07:59:00.000Z',
    };
    expect(told).toMatchObject({ status: 200, body: shown });
    expect(await here.activities(user.id)).toEqual({ activities: [shown], total: 1 });
    expect(await here.closeActivity('call-1')).toMatchObject({ status: 204 });
    expect(await here.activities(user.id)).toEqual({ activities: [], total: 0 });
    expect(await here.closeActivity('call-1')).toMatchObject({ status: 404, body: { code: 'work_not_found' } });
  });

  it('count once however often they are told, with the latest that was said, and open since when they were', async () => {
    const user = await here.tenant.aUser();
    const { openedAt } = (await here.activity('call-2', user.id)).body;
    here.tenant.advance(60);
    expect(await here.activity('call-2', user.id, { channel: 'chat' })).toMatchObject({ body: { openedAt } });
    expect(await here.activities(user.id)).toMatchObject({ total: 1, activities: [{ id: 'call-2', channel: 'chat' }] });
  });

  it('move whole to the user they are handed over to', async () => {
    const [from, to] = [await here.tenant.aUser(), await here.tenant.aUser()];
    await here.activity('call-3', from.id);
    await here.activity('call-3', to.id);
    expect(await here.activities(from.id)).toEqual({ activities: [], total: 0 });
    expect(await here.activities(to.id)).toMatchObject({ total: 1, activities: [{ id: 'call-3', userId: to.id }] });
  });

  it('are one activity of one user when 40 requests tell of it at once for four users', async () => {
    const users = await Promise.all(Array.from({ length: 4 }, () => here.tenant.aUser()));
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) => here.activity('call-4', users[n % 4]?.id as string)),
    );
    for (const { status } of answers) expect([200, 503]).toContain(status);
    const totals = await Promise.all(users.map(async ({ id }) => (await here.activities(id)).total));
    expect(totals.reduce((sum, total) => sum + total, 0)).toBe(1);
    const listed = await Promise.all(users.map(async ({ id }) => (await here.activities(id)).activities.length));
    expect(listed).toEqual(totals);
  });

  it('are counted exactly while 30 are opened and closed at once', async () => {
    const user = await here.tenant.aUser();
    const ids = Array.from({ length: 30 }, (_, n) => `parallel-${n}`);
    const opened = await Promise.all(ids.map((id) => here.activity(id, user.id)));
    const closed = await Promise.all(ids.slice(0, 10).map((id) => here.closeActivity(id)));
    const count = (answers: { status: number }[]) => answers.filter(({ status }) => status < 300).length;
    const { total, activities } = await here.activities(user.id);
    expect(total).toBe(count(opened) - count(closed));
    expect(activities).toHaveLength(total);
  });

  it('write one entry of the audit each', async () => {
    const user = await here.tenant.aUser();
    await here.activity('call-5', user.id);
    await here.closeActivity('call-5');
    const events = (await entriesAbout(here.tenant, 'call-5')).map(({ event }) => event);
    expect(events.sort()).toEqual(['activity.closed', 'activity.opened']);
  });

  it('S0-7 are refused for types that have none, for who is deactivated, and for who is not there', async () => {
    for (const userType of ['passive', 'system', 'api'] as const) {
      const user = await here.tenant.aUser({ userType });
      expect(await here.activity('call-6', user.id)).toMatchObject({
        status: 422,
        body: { code: 'invalid_input', because: userType, errors: [{ pointer: '/body/userId' }] },
      });
    }
    const gone = await here.tenant.aUser({ state: 'deactivated' });
    expect(await here.activity('call-6', gone.id)).toMatchObject({ status: 409, body: { code: 'user_deactivated' } });
    expect(await here.activity('call-6', nobody)).toMatchObject({ status: 404, body: { code: 'user_not_found' } });
    const deleted = await here.tenant.aUser();
    await remove(here.tenant, here.root, deleted.id);
    expect(await here.activity('call-6', deleted.id)).toMatchObject({ status: 404 });
    expect(await here.closeActivity('call-6')).toMatchObject({ status: 404 });
  });

  it('of users out of sight are like those of users who do not exist', async () => {
    const user = await here.tenant.aUser({ userType: 'back-office' });
    await here.activity('call-7', user.id);
    const rights = await here.people.rights({ users: { types: ['cloudphone'] } });
    const blind = await here.people.person(['work:read', 'work:change'], { rights });
    const by = { token: blind.token };
    const params = { activityId: 'call-7' };
    expect(await here.tenant.call('close-activity', { ...by, params })).toMatchObject({
      status: 404,
      body: { code: 'work_not_found' },
    });
    const body = { userId: user.id, channel: 'call' };
    expect(await here.tenant.call('put-activity', { ...by, params, body })).toMatchObject({ status: 404 });
    const query = { userId: user.id };
    expect(await here.tenant.call('list-activities', { ...by, query })).toMatchObject({ status: 404 });
    expect(await here.tenant.call('list-campaign-records', { ...by, query })).toMatchObject({ status: 404 });
    expect(await here.tenant.call('get-queue-log-on', { ...by, params: query })).toMatchObject({ status: 404 });
  });

  it.each([
    ['a channel that there is not', { channel: 'pigeon' }],
    ['a title of 101 characters', { title: 'x'.repeat(101) }],
    ['no instant', { openedAt: 'yesterday' }],
    ['a user id that is none', { userId: 'jana' }],
    ['an unknown field', { priority: 1 }],
  ])('are refused with %s', async (_, more) => {
    const user = await here.tenant.aUser();
    expect(await here.activity('call-8', user.id, more)).toMatchObject({
      status: 422,
      body: { code: 'invalid_input' },
    });
  });

  it('are refused with an id that is none', async () => {
    const user = await here.tenant.aUser();
    for (const id of ['', 'a b', 'x'.repeat(65), 'a#b', 'ä']) {
      expect(await here.activity(id, user.id)).toMatchObject({ status: 422 });
    }
  });
});

describe('S1-30 S1-31 campaign records, as the platform keeps them', () => {
  it('are pending until they are done or the user is removed from them', async () => {
    const user = await here.tenant.aUser();
    const dueAt = '2026-03-05T09:00:00.000Z';
    await here.record('rec-1', user.id);
    await here.record('rec-1', user.id, { action: 'rescheduled', dueAt });
    expect(await here.records(user.id)).toEqual({
      campaignRecords: [{ id: 'rec-1', userId: user.id, campaign: 'Spring', action: 'rescheduled', dueAt }],
      total: 1,
    });
    expect(await here.closeRecord('rec-1')).toMatchObject({ status: 204 });
    expect(await here.records(user.id)).toEqual({ campaignRecords: [], total: 0 });
    expect(await here.closeRecord('rec-1')).toMatchObject({ status: 404, body: { code: 'work_not_found' } });
  });

  it('and activities of the same id do not meet', async () => {
    const user = await here.tenant.aUser();
    await here.activity('same', user.id);
    await here.record('same', user.id);
    await here.closeActivity('same');
    expect(await here.records(user.id)).toMatchObject({ total: 1 });
  });

  it('are refused for who only uses a phone', async () => {
    const user = await here.tenant.aUser({ userType: 'cloudphone' });
    expect(await here.record('rec-2', user.id)).toMatchObject({ status: 422, body: { rule: 'S0-7' } });
  });

  it('are listed as many as are asked for, with the count of all', async () => {
    const user = await here.tenant.aUser();
    for (let n = 0; n < 3; n++) await here.record(`many-${n}`, user.id);
    const query = { userId: user.id, limit: '2' };
    const { body } = await here.tenant.call('list-campaign-records', { token: here.token, query });
    expect(body.campaignRecords).toHaveLength(2);
    expect(body.total).toBe(3);
  });
});

describe('S3-11 the log-on to queues, as the platform keeps it', () => {
  it('has all queues, since the first of them, until none is left', async () => {
    const user = await here.tenant.aUser();
    expect(await here.queues(user.id)).toEqual({ queues: [], readiness: 'logged-off' });
    const { since } = (await here.logOn(user.id, 'Sales')).body;
    here.tenant.advance(60);
    expect(await here.logOn(user.id, 'Sales', 'Support')).toMatchObject({
      body: { queues: ['Sales', 'Support'], since },
    });
    expect(await here.queues(user.id)).toEqual({ queues: ['Sales', 'Support'], since, readiness: 'ready' });
    expect((await here.logOn(user.id)).body).toEqual({ queues: [], readiness: 'logged-off' });
    expect((await here.logOn(user.id, 'Sales')).body.since).not.toBe(since);
  });

  it('is kept exactly beside activities that come in at once', async () => {
    const user = await here.tenant.aUser();
    const work = [
      ...Array.from({ length: 10 }, (_, n) => here.activity(`beside-${n}`, user.id)),
      here.logOn(user.id, 'Sales'),
    ];
    const opened = (await Promise.all(work)).slice(0, 10).filter(({ status }) => status === 200);
    await here.logOn(user.id, 'Support');
    expect(await here.queues(user.id)).toMatchObject({ queues: ['Support'] });
    expect(await here.activities(user.id)).toMatchObject({ total: opened.length });
  });

  it('is refused for who is in no queue, is deactivated or is not there, and for a queue named twice', async () => {
    const office = await here.tenant.aUser({ userType: 'back-office' });
    expect(await here.logOn(office.id, 'Sales')).toMatchObject({ status: 422, body: { because: 'back-office' } });
    const gone = await here.tenant.aUser({ state: 'deactivated' });
    expect(await here.logOn(gone.id, 'Sales')).toMatchObject({ status: 409, body: { code: 'user_deactivated' } });
    expect(await here.logOn(nobody, 'Sales')).toMatchObject({ status: 404 });
    const user = await here.tenant.aUser();
    expect(await here.logOn(user.id, 'Sales', 'Sales')).toMatchObject({ status: 422 });
  });
});

describe('S1-33 work of who is deactivated', () => {
  it('is closed by one write, however much it is, and its ids are free for others', async () => {
    const [user, other] = [await here.tenant.aUser(), await here.tenant.aUser()];
    const ids = Array.from({ length: 70 }, (_, n) => `closed-${n}`);
    for (const id of ids) await here.activity(id, user.id);
    await here.record('closed-record', user.id);
    expect(await impact(here.tenant, here.root, user.id)).toMatchObject({
      blockers: { activities: 70, campaignRecords: 1 },
    });
    expect(await deactivate(here.tenant, here.root, user.id)).toMatchObject({
      status: 200,
      body: { receipt: { activitiesClosed: 70, campaignRecordsLeft: 1 } },
    });
    expect(await here.activities(user.id)).toEqual({ activities: [], total: 0 });
    expect(await here.closeActivity('closed-0')).toMatchObject({ status: 404 });
    // Before the cleaning up, and after it.
    expect(await here.activity('closed-0', other.id)).toMatchObject({ status: 200 });
    await finishJobs(here.tenant);
    expect(await here.activity('closed-1', other.id)).toMatchObject({ status: 200 });
    expect(await here.activities(other.id)).toMatchObject({ total: 2 });
    const left = await here.tenant.allOf([`USER#${user.id}`, ...ids.map((id) => `WORK#activity#${id}`)]);
    expect(left.filter(({ type }) => type === 'activity' || type === 'campaign-record')).toEqual([]);
    expect(left.filter(({ type }) => type === 'work-place').map(({ userId }) => userId)).toEqual([other.id, other.id]);
  });

  it('does not come to life again when they are restored before the cleaning up', async () => {
    const user = await here.tenant.aUser({ access: 'acc_agent', rights: 'rgt_own' });
    await here.activity('undead', user.id);
    await deactivate(here.tenant, here.root, user.id);
    const restored = await here.tenant.call('restore-user', {
      token: here.root,
      params: { userId: user.id },
      body: {},
    });
    expect(restored).toMatchObject({ status: 200 });
    expect(await here.activities(user.id)).toEqual({ activities: [], total: 0 });
    expect(await here.activity('undead', user.id)).toMatchObject({ status: 200 });
    await finishJobs(here.tenant);
    expect(await here.activities(user.id)).toMatchObject({ total: 1, activities: [{ id: 'undead' }] });
  });
});
