import { aSession } from '#test/functions/me/a-session.ts';
import { deactivate, impact } from '#test/setup/leaving.ts';
import { aFloor, type Floor } from './a-floor.ts';

let here: Floor;
beforeAll(async () => {
  here = await aFloor();
});

describe('readiness, as the platform tells it', () => {
  it('is ready while logged on, or unready with a reason, until it is told otherwise or the user logs off', async () => {
    const { user } = await here.agent();
    expect(await here.ready(user.id, false, ['Sales'], { unreadyReason: 'lunch' })).toMatchObject({
      body: { queues: ['Sales'], readiness: 'unready', unreadyReason: 'lunch' },
    });
    expect(await here.presence(user.id)).toMatchObject({ readiness: 'unready', unreadyReason: 'lunch' });
    expect((await here.ready(user.id, true)).body).not.toHaveProperty('unreadyReason');
    await here.ready(user.id, false);
    expect(await here.ready(user.id, false, [])).toMatchObject({ body: { queues: [], readiness: 'logged-off' } });
    expect(await here.logOn(user.id, 'Sales')).toMatchObject({ body: { readiness: 'ready' } });
  });

  it('has no reason without a pause', async () => {
    const { user } = await here.agent();
    expect(await here.ready(user.id, true, ['Sales'], { unreadyReason: 'lunch' })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/body/unreadyReason' }] },
    });
  });
});

describe('S0-38 S1-21 C7 static login', () => {
  it('is ready without a session and a log-on, and with both', async () => {
    const user = await here.tenant.aUser({ staticLogin: true });
    const shown = { staticLogin: true, readiness: 'ready', signedIn: false, queues: [] };
    expect(await here.presence(user.id)).toMatchObject(shown);
    expect(await here.queues(user.id)).toEqual({ queues: [], readiness: 'ready' });
    await aSession(here.tenant, user);
    await here.logOn(user.id, 'Sales');
    expect(await here.presence(user.id)).toMatchObject({ readiness: 'ready', signedIn: true, queues: ['Sales'] });
  });

  it('never becomes unready, nor logged off by the platform; a supervisor logs them out all the same', async () => {
    const user = await here.tenant.aUser({ staticLogin: true, access: 'acc_agent', rights: 'rgt_own' });
    await here.logOn(user.id, 'Sales', 'Support');
    expect(await here.ready(user.id, false)).toMatchObject({
      status: 409,
      body: { code: 'static_login', rule: 'S1-21' },
    });
    expect(await here.logOn(user.id)).toMatchObject({ status: 409, body: { code: 'static_login', rule: 'S0-38' } });
    expect(await here.logOn(user.id, 'Sales')).toMatchObject({ status: 200, body: { readiness: 'ready' } });
    expect(await here.logOut(user.id)).toMatchObject({ status: 200, body: { queuesLeft: ['Sales'] } });
    expect(await here.logOn(user.id)).toMatchObject({ status: 200, body: { queues: [] } });
  });

  it('who was unready before is ready from then on', async () => {
    const { user } = await here.agent();
    await here.ready(user.id, false);
    await here.people.change(user.id, { staticLogin: true });
    expect(await here.presence(user.id)).toMatchObject({ readiness: 'ready' });
  });

  it('C1 C2 alone stands against nothing: such a user is edited, moved and deactivated without a blocker', async () => {
    const user = await here.tenant.aUser({ staticLogin: true, access: 'acc_agent', rights: 'rgt_own' });
    const changed = await here.people.change(user.id, { access: 'acc_supervisor', extension: '4242' });
    expect(changed).toMatchObject({ status: 200, body: { access: 'acc_supervisor', extension: '4242' } });
    const group = await here.tenant.call('create-user-group', { token: here.root, body: { name: 'Night' } });
    const by = { token: here.root, params: { userId: user.id } };
    const moved = await here.tenant.call('move-user', { ...by, body: { userGroup: group.body.id } });
    expect(moved).toMatchObject({ status: 200, body: { endsSessions: false } });
    const { blockers } = await impact(here.tenant, here.root, user.id);
    expect(blockers).toMatchObject({ sessions: 0, queues: [], activities: 0, campaignRecords: 0 });
    const plain = await here.tenant.call('deactivate-user', { ...by, body: {} });
    expect(plain).toMatchObject({ status: 200, body: { state: 'deactivated' } });
    expect(await here.presence(user.id)).toMatchObject({ staticLogin: true, readiness: 'logged-off' });
  });

  it('C1 does not hide what really is there', async () => {
    const user = await here.tenant.aUser({ staticLogin: true });
    await aSession(here.tenant, user);
    await here.logOn(user.id, 'Sales');
    const { blockers } = await impact(here.tenant, here.root, user.id);
    expect(blockers).toMatchObject({ sessions: 1, queues: ['Sales'] });
    expect(await deactivate(here.tenant, here.root, user.id)).toMatchObject({ status: 200 });
  });

  it('K4 has no idle limit, from the moment on that it is static', async () => {
    const [fixed, plain] = [await here.agent({ staticLogin: true }), await here.agent()];
    here.tenant.advance(3_601);
    expect(await here.tenant.call('get-me', { token: plain.token })).toMatchObject({ status: 401 });
    expect(await here.tenant.call('get-me', { token: fixed.token })).toMatchObject({ status: 200 });
    here.tenant.advance(39_600);
    expect(await here.tenant.call('get-me', { token: fixed.token })).toMatchObject({ status: 401 });
  });
});
