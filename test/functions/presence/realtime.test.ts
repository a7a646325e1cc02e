import { aSession } from '#test/functions/me/a-session.ts';
import { entriesAbout } from '#test/functions/users/people.ts';
import { deactivate, finishJobs } from '#test/setup/leaving.ts';
import { aFloor, type Floor } from './a-floor.ts';

let here: Floor;
beforeAll(async () => {
  here = await aFloor();
});

describe('S1-31 who is there', () => {
  it('is told of one user: signed in, logged on and since when, calls, activities, devices', async () => {
    const { user } = await here.agent();
    const device = await here.device();
    expect(await here.presence(user.id)).toMatchObject({ signedIn: true, sessions: 1, readiness: 'logged-off' });
    const { since } = (await here.logOn(user.id, 'Sales')).body;
    await here.activity(`call-of-${user.id}`, user.id);
    await here.activity(`mail-of-${user.id}`, user.id, { channel: 'email' });
    await here.devices(user.id, device);
    expect(await here.presence(user.id)).toEqual({
      user: { id: user.id, title: user.title, type: 'contact-center' },
      signedIn: true,
      sessions: 1,
      queues: ['Sales'],
      loggedOnSince: since,
      readiness: 'ready',
      staticLogin: false,
      calls: 1,
      activities: 2,
      devices: [device],
    });
  });

  it('is listed each once, whoever is signed in, logged on or has work, and nobody else, on pages of any size', async () => {
    const floor = await aFloor();
    const people = await Promise.all(
      Array.from({ length: 12 }, async (_, n) => {
        const user = await floor.tenant.aUser();
        if (n % 3 !== 1) await aSession(floor.tenant, user);
        if (n % 4 === 0) await aSession(floor.tenant, user);
        if (n % 3 === 1) await floor.logOn(user.id, 'Sales');
        if (n % 5 === 0) await floor.activity(`of-${n}`, user.id);
        return user.id;
      }),
    );
    await floor.tenant.aUser();
    const pending = await floor.tenant.aUser();
    await floor.record('waits', pending.id);
    const expected = [...people, floor.supervisor.user.id, floor.people.root.user.id].sort();
    for (const limit of ['1', '2', '3', '7', '100']) {
      const { ids } = await floor.everybody({ limit });
      expect([limit, [...ids].sort()]).toEqual([limit, expected]);
    }
    const { users } = await floor.everybody({ limit: '2' });
    const one = users.find(({ user }) => user.id === people[0]);
    expect(one).toMatchObject({ sessions: 2, activities: 1 });
    const only = async (what: string) => (await floor.everybody({ only: what, limit: '5' })).ids.length;
    expect(await only('logged-on')).toBe(4);
    expect(await only('on-a-call')).toBe(3);
    expect(await only('signed-in')).toBe(11);
  });

  it('is nobody any more who has signed out, was closed, or whose session has run out, without any sweep', async () => {
    const floor = await aFloor();
    const [gone, closed, out] = [await floor.agent(), await floor.tenant.aUser(), await floor.agent()];
    await floor.activity('last', closed.id);
    await floor.tenant.call('sign-out', { token: gone.token });
    await floor.closeActivity('last');
    const { ids } = await floor.everybody();
    expect(ids).toContain(out.user.id);
    expect(ids).not.toContain(gone.user.id);
    expect(ids).not.toContain(closed.id);
    floor.tenant.advance(43_201);
    const by = await aSession(floor.tenant, floor.supervisor.user);
    expect((await floor.everybody({}, by)).ids).toEqual([floor.supervisor.user.id]);
  });

  it('leaves the index with the last activity, however many are closed at once', async () => {
    const { user } = await here.agent();
    const ids = Array.from({ length: 12 }, (_, n) => `index-${n}`);
    for (const id of ids) await here.activity(id, user.id);
    const work = () => here.tenant.read({ pk: `USER#${user.id}`, sk: 'WORK' });
    expect(await work()).toHaveProperty('dpk');
    const closed = await Promise.all(ids.map((id) => here.closeActivity(id)));
    for (const [n, { status }] of closed.entries()) {
      if (status !== 204) expect([n, (await here.closeActivity(`index-${n}`)).status]).toEqual([n, 204]);
    }
    const left = await work();
    expect(left).toMatchObject({ activities: 0, calls: 0 });
    expect(left).not.toHaveProperty('dpk');
    expect(left).not.toHaveProperty('callsOpen');
  });

  it('is only who is in sight; a cursor is good for its own list and caller', async () => {
    const rights = await here.people.rights({ users: { types: ['cloudphone'] } });
    const viewer = await here.people.person(['realtime:read', 'realtime:change'], { rights });
    const seen = await here.agent({ userType: 'cloudphone' });
    const hidden = await here.agent();
    const { ids } = await here.everybody({ limit: '3' }, viewer.token);
    expect(ids.sort()).toEqual([seen.user.id, viewer.user.id].sort());
    const params = { userId: hidden.user.id };
    expect(await here.tenant.call('get-presence', { token: viewer.token, params })).toMatchObject({ status: 404 });
    expect(await here.closeAll(hidden.user.id, viewer.token)).toMatchObject({ status: 404 });
    expect(await here.logOut(hidden.user.id, viewer.token)).toMatchObject({ status: 404 });
    const { next } = (await here.tenant.call('list-presence', { token: here.root, query: { limit: '1' } })).body;
    for (const [token, query] of [
      [viewer.token, { limit: '1', cursor: next }],
      [here.root, { limit: '1', cursor: next, only: 'signed-in' }],
    ] as const) {
      expect(await here.tenant.call('list-presence', { token, query })).toMatchObject({
        body: { code: 'invalid_cursor' },
      });
    }
  });
});

describe('S1-31 closing activities', () => {
  it('closes all of them at once, counts exactly, leaves campaign records, and frees their ids', async () => {
    const [{ user }, other] = [await here.agent(), await here.tenant.aUser()];
    const ids = Array.from({ length: 60 }, (_, n) => `all-${n}`);
    for (const id of ids) await here.activity(id, user.id);
    await here.record('stays', user.id);
    expect(await here.closeAll(user.id)).toMatchObject({ status: 200, body: { closed: 60, left: 0 } });
    expect(await here.activities(user.id)).toEqual({ activities: [], total: 0 });
    expect(await here.records(user.id)).toMatchObject({ total: 1, campaignRecords: [{ id: 'stays' }] });
    expect(await here.presence(user.id)).toMatchObject({ calls: 0, activities: 0 });
    expect(await here.closeActivity('all-0')).toMatchObject({ status: 404 });
    expect(await here.activity('all-0', other.id)).toMatchObject({ status: 200 });
    expect(await here.activity('all-1', user.id)).toMatchObject({ status: 200 });
    await finishJobs(here.tenant);
    expect(await here.activities(user.id)).toMatchObject({ total: 1, activities: [{ id: 'all-1' }] });
    expect(await here.records(user.id)).toMatchObject({ total: 1, campaignRecords: [{ id: 'stays' }] });
    const left = await here.tenant.allOf([`USER#${user.id}`, ...ids.map((id) => `WORK#activity#${id}`)]);
    expect(left.filter(({ type }) => type === 'activity')).toHaveLength(1);
    expect(left.filter(({ type }) => type === 'work-place')).toHaveLength(2);
    expect(await here.closeRecord('stays')).toMatchObject({ status: 204 });
  });

  it('of a user whose activities were closed before, deactivating closes what has come since', async () => {
    const user = await here.tenant.aUser();
    await here.activity('first', user.id);
    await here.record('first-record', user.id);
    await here.closeAll(user.id);
    await here.activity('second', user.id);
    expect(await deactivate(here.tenant, here.root, user.id)).toMatchObject({
      body: { receipt: { activitiesClosed: 1, campaignRecordsLeft: 1 } },
    });
    await finishJobs(here.tenant);
    const left = await here.tenant.allOf([`USER#${user.id}`]);
    expect(left.filter(({ type }) => type === 'activity' || type === 'campaign-record')).toEqual([]);
  });

  it('closes just those that are named, or none when one of them is not open', async () => {
    const { user } = await here.agent();
    for (const id of ['a', 'b', 'c']) await here.activity(`named-${id}`, user.id);
    expect(await here.closeAll(user.id, here.supervisor.token, { activities: ['named-a', 'named-z'] })).toMatchObject({
      status: 404,
      body: { code: 'work_not_found', detail: expect.stringContaining('named-z') },
    });
    const named = { activities: ['named-a', 'named-c'] };
    expect(await here.closeAll(user.id, here.supervisor.token, named)).toMatchObject({ body: { closed: 2, left: 1 } });
    expect(await here.activities(user.id)).toMatchObject({ total: 1, activities: [{ id: 'named-b' }] });
    expect(await here.presence(user.id)).toMatchObject({ calls: 1 });
    expect(await here.closeActivity('named-a')).toMatchObject({ status: 404 });
  });

  it('takes forty names at once, and no name twice', async () => {
    const { user } = await here.agent();
    const ids = Array.from({ length: 40 }, (_, n) => `forty-${n}`);
    for (const id of ids) await here.activity(id, user.id);
    const token = here.supervisor.token;
    const headers = { 'idempotency-key': `forty-${user.id}` };
    const asked = { token, params: { userId: user.id }, body: { activities: ids }, headers };
    expect(await here.tenant.call('close-activities', asked)).toMatchObject({ body: { closed: 40, left: 0 } });
    expect(await here.tenant.call('close-activities', asked)).toMatchObject({ body: { closed: 40, left: 0 } });
    expect(await here.closeAll(user.id, token, { activities: ['x', 'x'] })).toMatchObject({ status: 422 });
  });

  it('is exact while others open and close at once', async () => {
    const { user } = await here.agent();
    for (let n = 0; n < 10; n++) await here.activity(`race-${n}`, user.id);
    const work = [
      ...Array.from({ length: 10 }, (_, n) => here.activity(`race-new-${n}`, user.id)),
      ...Array.from({ length: 5 }, (_, n) => here.closeActivity(`race-${n}`)),
      here.closeAll(user.id),
    ];
    await Promise.all(work);
    const { total, activities } = await here.activities(user.id);
    expect(activities).toHaveLength(total);
    expect(await here.presence(user.id)).toMatchObject({ calls: total, activities: total });
  });

  it('is in the audit once, with how many', async () => {
    const { user } = await here.agent();
    await here.activity('audited', user.id);
    await here.closeAll(user.id);
    const entries = await entriesAbout(here.tenant, user.id, 'activities.closed');
    expect(entries).toMatchObject([{ actor: here.supervisor.user.id }]);
  });
});

describe('S1-31 logging a user out', () => {
  it('is refused while activities are open, and says what comes first; then it ends everything', async () => {
    const { user, token } = await here.agent();
    const device = await here.device();
    await here.logOn(user.id, 'Sales', 'Support');
    await here.devices(user.id, device);
    await here.activity('open', user.id);
    expect(await here.logOut(user.id)).toMatchObject({
      status: 409,
      body: { code: 'activities_open', rule: 'S1-31', because: 1, remedy: expect.stringContaining('close-activities') },
    });
    expect(await here.tenant.call('get-me', { token })).toMatchObject({ status: 200 });
    await here.closeAll(user.id);
    expect(await here.logOut(user.id)).toMatchObject({
      status: 200,
      body: { sessionsEnded: 1, queuesLeft: ['Sales', 'Support'], devicesLeft: [device] },
    });
    expect(await here.tenant.call('get-me', { token })).toMatchObject({ status: 401 });
    expect(await here.presence(user.id)).toMatchObject({
      signedIn: false,
      queues: [],
      devices: [],
      readiness: 'logged-off',
    });
    expect(await here.devices((await here.tenant.aUser()).id, device)).toMatchObject({ status: 200 });
    expect(await entriesAbout(here.tenant, user.id, 'user.logged-out')).toHaveLength(1);
  });

  it('C2 applies what waited for the sign-out', async () => {
    const { user } = await here.agent();
    const waits = await here.people.change(user.id, { access: 'acc_supervisor' }, 'nextSignOut');
    expect(waits).toMatchObject({ status: 200, body: { access: 'acc_agent' } });
    await here.logOut(user.id);
    expect(await here.people.now(user.id)).toMatchObject({ access: 'acc_supervisor' });
  });

  it('leaves pending campaign records, and is no matter for who is not there', async () => {
    const user = await here.tenant.aUser();
    await here.record('pending', user.id);
    expect(await here.logOut(user.id)).toMatchObject({ body: { sessionsEnded: 0, queuesLeft: [], devicesLeft: [] } });
    expect(await here.records(user.id)).toMatchObject({ total: 1 });
  });

  it('is refused for who outranks the supervisor, and for who is deactivated', async () => {
    expect(await here.logOut(here.people.root.user.id)).toMatchObject({ status: 403, body: { code: 'outranked' } });
    const gone = await here.tenant.aUser({ state: 'deactivated', access: 'acc_agent', rights: 'rgt_own' });
    expect(await here.logOut(gone.id)).toMatchObject({ status: 409, body: { code: 'user_deactivated' } });
  });

  it('never overlooks an activity that opens at that moment', async () => {
    for (let n = 0; n < 8; n++) {
      const { user } = await here.agent();
      await here.logOn(user.id, 'Sales');
      const [opened, loggedOut] = await Promise.all([here.activity(`meets-${n}`, user.id), here.logOut(user.id)]);
      const { activities, queues } = await here.presence(user.id);
      if (loggedOut.status === 200) expect(queues).toEqual([]);
      else expect([loggedOut.body.code, queues]).toEqual(['activities_open', ['Sales']]);
      expect(activities).toBe(opened.status === 200 ? 1 : 0);
    }
  });
});

describe('S3-11 S3-12 a log-on to a queue', () => {
  it('stands against a move and, in the mode strict, against deleting, until a supervisor logs the user out', async () => {
    const strict = await aFloor({ offboarding: 'strict' });
    const user = await strict.tenant.aUser({ access: 'acc_agent', rights: 'rgt_own' });
    const group = await strict.tenant.call('create-user-group', { token: strict.root, body: { name: 'Evening' } });
    const move = () =>
      strict.tenant.call('move-user', {
        token: strict.root,
        params: { userId: user.id },
        body: { userGroup: group.body.id },
      });
    await strict.logOn(user.id, 'Sales');
    expect(await move()).toMatchObject({ status: 409, body: { code: 'logged_on_to_queue' } });
    expect(await deactivate(strict.tenant, strict.root, user.id)).toMatchObject({
      body: { code: 'blockers_stand', remedy: expect.stringContaining('/log-out') },
    });
    await strict.logOut(user.id);
    expect(await move()).toMatchObject({ status: 200 });
    expect(await deactivate(strict.tenant, strict.root, user.id)).toMatchObject({ status: 200 });
  });
});
