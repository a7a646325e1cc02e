import { aSession } from '#test/functions/me/a-session.ts';
import { impact } from '#test/setup/leaving.ts';
import { aFloor, type Floor } from './a-floor.ts';

let here: Floor;
beforeEach(async () => {
  here = await aFloor();
});

/** Nothing idles out: what is looked at is the absolute limit, twelve hours. */
const neverIdle = { idleMinutes: 1440 };

const HOURS_12 = 43_200;
const MINUTE = 60;
const iso = (at: number) => new Date(at).toISOString();
const me = (token: string) => here.tenant.call('get-me', { token });

async function anAgent() {
  const user = await here.tenant.aUser({ access: 'acc_agent', rights: 'rgt_own' });
  return { user, token: await aSession(here.tenant, user, neverIdle) };
}

/** An agent on a call that began `before` seconds before their session runs out, which it does in a moment. */
async function onACall(before = 60) {
  const agent = await anAgent();
  const endsAt = here.tenant.deps.now() + HOURS_12 * 1000;
  here.tenant.advance(HOURS_12 - before);
  await here.activity(`call-${agent.user.id}`, agent.user.id);
  here.tenant.advance(before - 1);
  // Kept so that somebody may look.
  const root = await aSession(here.tenant, here.people.root.user, neverIdle);
  const presence = async () =>
    (await here.tenant.call('get-presence', { token: root, params: { userId: agent.user.id } })).body;
  const hangUp = () => here.closeActivity(`call-${agent.user.id}`);
  return { ...agent, endsAt, root, presence, hangUp };
}

describe('C26 a session that runs out during a call', () => {
  it('is nothing special until it runs out', async () => {
    const { token, presence } = await onACall();
    expect(await me(token)).toMatchObject({ status: 200 });
    expect(await presence()).toMatchObject({ signedIn: true, sessions: 1, calls: 1 });
    expect(await presence()).not.toHaveProperty('endsWithCall');
  });

  it('goes on for the call alone: no new work, no other request', async () => {
    const { token, presence, endsAt } = await onACall();
    here.tenant.advance(1);
    expect(await presence()).toMatchObject({ signedIn: true, sessions: 1, endsWithCall: iso(endsAt + 3_600_000) });
    expect(await me(token)).toMatchObject({ status: 200 });
    expect(await here.tenant.call('get-my-telephony', { token })).toMatchObject({ status: 200 });
    const refused = [
      await here.tenant.call('list-my-sessions', { token }),
      await here.tenant.call('list-users', { token }),
      await here.tenant.call('set-my-devices', { token, body: { devices: [] } }),
      await here.tenant.call('change-me', { token, body: { language: 'cs' }, headers: { 'if-match': '"1"' } }),
    ];
    for (const { status, body } of refused) expect([status, body.code]).toEqual([401, 'not_signed_in']);
  });

  it('ends with the call, and nothing need be written for that', async () => {
    const { token, presence, hangUp } = await onACall();
    here.tenant.advance(20 * MINUTE);
    expect(await presence()).toMatchObject({ signedIn: true });
    await hangUp();
    expect(await presence()).toMatchObject({ signedIn: false, sessions: 0 });
    expect(await me(token)).toMatchObject({ status: 401 });
  });

  it('ends after 60 minutes at the latest, to the second', async () => {
    const { token, presence } = await onACall();
    here.tenant.advance(60 * MINUTE);
    expect(await presence()).toMatchObject({ signedIn: true });
    expect(await me(token)).toMatchObject({ status: 200 });
    here.tenant.advance(1);
    expect(await presence()).toMatchObject({ signedIn: false, calls: 1 });
    expect(await me(token)).toMatchObject({ status: 401 });
  });

  it('is not held by a call that begins later, by one that ends while another goes on, or by other work', async () => {
    const { user, token, presence, hangUp } = await onACall();
    await here.activity('a-mail', user.id, { channel: 'email' });
    here.tenant.advance(5 * MINUTE);
    await here.activity('later', user.id);
    expect(await presence()).toMatchObject({ signedIn: true, calls: 2 });
    await hangUp();
    expect(await presence()).toMatchObject({ signedIn: false, calls: 1 });
    expect(await me(token)).toMatchObject({ status: 401 });
  });

  it('is held by what is told anew of the call, and not by what is no call any more', async () => {
    const { user, presence, endsAt } = await onACall();
    here.tenant.advance(5 * MINUTE);
    const told = (more: object) => here.activity(`call-${user.id}`, user.id, more);
    await told({ title: 'Invoice 7' });
    expect(await presence()).toMatchObject({ signedIn: true, calls: 1 });
    await told({ openedAt: iso(endsAt + 1) });
    expect(await presence()).toMatchObject({ signedIn: false, calls: 1 });
    await told({ openedAt: iso(endsAt - 1) });
    expect(await presence()).toMatchObject({ signedIn: true, calls: 1 });
    await told({ channel: 'ticket' });
    expect(await presence()).toMatchObject({ signedIn: false, calls: 0, activities: 1 });
  });

  it('ends with a call that is handed over to somebody else', async () => {
    const { user, presence } = await onACall();
    const other = await here.tenant.aUser();
    here.tenant.advance(MINUTE);
    await here.activity(`call-${user.id}`, other.id);
    expect(await presence()).toMatchObject({ signedIn: false, calls: 0 });
  });

  it('counts as signed in: C1 lists it as a blocker, C2 keeps what waits for the sign-out', async () => {
    const { user, root, hangUp } = await onACall();
    here.tenant.advance(MINUTE);
    const by = { token: root, params: { userId: user.id } };
    expect((await impact(here.tenant, root, user.id)).blockers).toMatchObject({ sessions: 1, activities: 1 });
    const { version } = (await here.tenant.call('get-user', by)).body;
    const change = () =>
      here.tenant.call('change-user', {
        ...by,
        body: { access: 'acc_supervisor' },
        headers: { 'if-match': `"${version}"` },
      });
    expect(await change()).toMatchObject({ status: 409, body: { code: 'user_signed_in' } });
    await hangUp();
    expect((await impact(here.tenant, root, user.id)).blockers).toMatchObject({ sessions: 0, activities: 0 });
    expect(await change()).toMatchObject({ status: 200, body: { access: 'acc_supervisor' } });
  });

  it('can be signed out of by its owner, and is revoked like any other', async () => {
    const [one, two] = [await onACall(), await anAgent()];
    here.tenant.advance(MINUTE);
    expect(await here.tenant.call('sign-out', { token: one.token })).toMatchObject({ status: 204 });
    expect(await one.presence()).toMatchObject({ signedIn: false, calls: 1 });
    here.tenant.advance(HOURS_12 - 90);
    await here.activity('of-two', two.user.id);
    here.tenant.advance(60);
    const root = await aSession(here.tenant, here.people.root.user, neverIdle);
    const params = { userId: two.user.id };
    const presence = async () => (await here.tenant.call('get-presence', { token: root, params })).body;
    expect(await presence()).toMatchObject({ signedIn: true });
    await here.tenant.call('sign-out-user', { token: root, params, body: {} });
    expect(await presence()).toMatchObject({ signedIn: false });
    expect(await me(two.token)).toMatchObject({ status: 401 });
  });

  it('takes no room of a new sign-in, where sessions are limited', async () => {
    here = await aFloor({ maxSessions: 1, atSessionLimit: 'refuse' });
    const { user } = await onACall();
    here.tenant.advance(MINUTE);
    const token = await here.tenant.signIn(user.login);
    expect(await me(token)).toMatchObject({ status: 200 });
  });

  it('is listed with the others who are there', async () => {
    const { user, root } = await onACall();
    here.tenant.advance(MINUTE);
    const { users } = await here.everybody({ only: 'signed-in' }, root);
    expect(users.find((each) => each.user.id === user.id)).toMatchObject({ endsWithCall: expect.any(String) });
  });
});

it('C26 the idle limit ends nobody’s session in the middle of a call, either, and does not come to life again', async () => {
  const { user, token } = await here.agent();
  await here.activity('long', user.id);
  here.tenant.advance(61 * MINUTE);
  const root = await aSession(here.tenant, here.people.root.user, neverIdle);
  const params = { userId: user.id };
  expect(await me(token)).toMatchObject({ status: 200 });
  expect(await here.tenant.call('list-my-sessions', { token })).toMatchObject({ status: 401 });
  expect(await here.tenant.call('get-presence', { token: root, params })).toMatchObject({ body: { signedIn: true } });
  await here.closeActivity('long');
  expect(await me(token)).toMatchObject({ status: 401 });
});
