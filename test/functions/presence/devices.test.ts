import { deviceLogOnKey, userKeys } from '#table/keys.ts';
import { put, remove } from '#table/write.ts';
import { aSession, tally } from '#test/functions/me/a-session.ts';
import { entriesAbout } from '#test/functions/users/people.ts';
import { deactivate, remove as removeUser } from '#test/setup/leaving.ts';
import { aFloor, type Floor } from './a-floor.ts';

let here: Floor;
beforeAll(async () => {
  here = await aFloor();
});

const setMine = (token: string, ...devices: string[]) =>
  here.tenant.call('set-my-devices', { token, body: { devices } });
const mine = async (token: string) => (await here.tenant.call('get-my-telephony', { token })).body;
const stateOf = async (token: string, device: string) => {
  const { body } = await here.tenant.call('list-free-devices', { token });
  return body.devices.find((each: { device: string }) => each.device === device)?.state;
};

describe('S0-41 S1-25 devices that users log in to', () => {
  it('are picked from those that are free, and shown with since when', async () => {
    const [{ token }, other] = [await here.agent(), await here.agent()];
    const [one, two] = [await here.device('Hall 1'), await here.device('Hall 2')];
    expect(await stateOf(token, one)).toBe('free');
    const since = new Date(here.tenant.deps.now()).toISOString();
    expect(await setMine(token, one)).toMatchObject({
      status: 200,
      body: { loggedIn: [{ device: one, name: 'Hall 1', kind: 'sip', since }] },
    });
    here.tenant.advance(60);
    const { body } = await setMine(token, one, two);
    expect(body.loggedIn).toMatchObject([
      { device: one, since },
      { device: two, since: new Date(here.tenant.deps.now()).toISOString() },
    ]);
    expect(await mine(token)).toEqual(body);
    expect([await stateOf(token, one), await stateOf(other.token, one)]).toEqual(['mine', 'taken']);
    await setMine(token);
    expect([(await mine(token)).loggedIn, await stateOf(other.token, one)]).toEqual([[], 'free']);
  });

  it('are one user’s at a time: of 50 who log in to one at once exactly one does', async () => {
    const device = await here.device();
    const agents = await Promise.all(Array.from({ length: 50 }, () => here.agent()));
    const answers = await Promise.all(agents.map(({ token }) => setMine(token, device)));
    const counts = tally(answers);
    expect(counts['200']).toBe(1);
    // Whoever met the others too often may hear that it is busy, never that it went well.
    expect((counts.device_taken ?? 0) + (counts.try_again ?? 0)).toBe(49);
    const devices = await Promise.all(agents.map(async ({ user }) => (await here.presence(user.id)).devices));
    expect(devices.flat()).toEqual([device]);
    const winner = agents[answers.findIndex(({ status }) => status === 200)];
    expect(await here.tenant.read(deviceLogOnKey(device))).toMatchObject({ userId: winner?.user.id });
  });

  it('that are taken are refused with since when; who it is hears only who sees them', async () => {
    const [{ user, token }, other] = [await here.agent(), await here.agent()];
    const device = await here.device('Window');
    const since = new Date(here.tenant.deps.now()).toISOString();
    await setMine(token, device);
    const refused = await setMine(other.token, device);
    expect(refused).toMatchObject({ status: 409, body: { code: 'device_taken', rule: 'S0-41', because: { since } } });
    expect(refused.body.detail).toContain(`logged in to Window since ${since}`);
    expect(refused.body.remedy).toMatch(/free one/);
    expect(JSON.stringify(refused.body)).not.toContain(user.id);
    expect(JSON.stringify(refused.body)).not.toContain(user.title);
    expect(await here.devices(other.user.id, device)).toMatchObject({
      status: 409,
      body: {
        because: { since, user: { id: user.id, title: user.title } },
        remedy: expect.stringContaining('log-out'),
      },
    });
  });

  it('are told by the platform like by users, all or none of them', async () => {
    const [user, other] = [await here.tenant.aUser(), await here.tenant.aUser()];
    const [free, taken] = [await here.device(), await here.device()];
    await here.devices(other.id, taken);
    expect(await here.devices(user.id, free, taken)).toMatchObject({ status: 409, body: { code: 'device_taken' } });
    expect(await here.presence(user.id)).toMatchObject({ devices: [] });
    expect(await here.devices(user.id, free)).toMatchObject({ status: 200, body: { devices: [free] } });
    expect(await here.devices(other.id)).toMatchObject({ status: 200, body: { devices: [] } });
    expect(await here.devices(user.id, taken)).toMatchObject({ status: 200 });
    expect(await here.devices(other.id, free)).toMatchObject({ status: 200 });
    expect(await entriesAbout(here.tenant, user.id, 'devices.logged-in')).toHaveLength(2);
  });

  it('are refused that there are not, twice, more than ten, and for types that take no calls', async () => {
    const { user, token } = await here.agent();
    const device = await here.device();
    const none = 'dev_000000000000';
    expect(await setMine(token, none)).toMatchObject({ status: 404, body: { code: 'record_not_found' } });
    expect(await here.devices(user.id, none)).toMatchObject({ status: 404 });
    expect(await setMine(token, device, device)).toMatchObject({ status: 422 });
    const many = Array.from({ length: 11 }, (_, n) => `dev_0000000000${n + 10}`);
    expect(await setMine(token, ...many)).toMatchObject({ status: 422 });
    const passive = await here.agent({ userType: 'passive' });
    for (const id of ['get-my-telephony', 'list-free-devices'] as const) {
      expect(await here.tenant.call(id, { token: passive.token })).toMatchObject({ body: { code: 'wrong_type' } });
    }
    expect(await setMine(passive.token, device)).toMatchObject({ status: 409, body: { code: 'wrong_type' } });
    expect(await here.devices(passive.user.id, device)).toMatchObject({ status: 422, body: { rule: 'S0-7' } });
    const gone = await here.tenant.aUser({ state: 'deactivated' });
    expect(await here.devices(gone.id, device)).toMatchObject({ status: 409, body: { code: 'user_deactivated' } });
  });

  it('are ten at once, all freed in one transaction with the user’s deletion', async () => {
    const { user, token } = await here.agent();
    const devices = await Promise.all(Array.from({ length: 10 }, () => here.device()));
    expect(await setMine(token, ...devices)).toMatchObject({ status: 200 });
    expect(await removeUser(here.tenant, here.root, user.id)).toMatchObject({ status: 200 });
    const other = await here.agent();
    expect(await setMine(other.token, ...devices)).toMatchObject({ status: 200 });
  });

  it.each([
    ['signing out', (_user: string, token: string) => here.tenant.call('sign-out', { token })],
    [
      'signing out everywhere',
      (_user: string, token: string) => here.tenant.call('sign-out', { token, query: { everywhere: 'true' } }),
    ],
    [
      'being signed out',
      (userId: string) => here.tenant.call('sign-out-user', { token: here.root, params: { userId }, body: {} }),
    ],
    ['being deactivated', (userId: string) => deactivate(here.tenant, here.root, userId)],
    ['being logged out', (userId: string) => here.logOut(userId)],
  ])('are free after %s', async (_, leave) => {
    const [{ user, token }, other] = [await here.agent(), await here.agent()];
    const device = await here.device();
    await setMine(token, device);
    expect((await leave(user.id, token)).status).toBeLessThan(300);
    expect(await here.presence(user.id)).toMatchObject({ devices: [] });
    expect(await setMine(other.token, device)).toMatchObject({ status: 200 });
  });

  it('stay with who signs out of one session and not of the other', async () => {
    const { user, token } = await here.agent();
    const second = await aSession(here.tenant, user);
    const device = await here.device();
    await setMine(token, device);
    await here.tenant.call('sign-out', { token: second });
    expect((await mine(token)).loggedIn).toHaveLength(1);
    await here.tenant.call('sign-out', { token });
    expect(await here.presence(user.id)).toMatchObject({ devices: [] });
  });

  it('of a user who is gone, or knows nothing of it, are nobody’s', async () => {
    const [device, other] = [await here.device(), await here.device()];
    const left = await here.tenant.aUser();
    await here.devices(left.id, device);
    await here.tenant.deps.table.write(remove(userKeys.user(left.id)));
    const stray = { type: 'device-log-on', v: 1, userId: (await here.tenant.aUser()).id, since: 1 };
    await here.tenant.deps.table.write(put({ ...deviceLogOnKey(other), ...stray }));
    const { token } = await here.agent();
    expect(await setMine(token, device, other)).toMatchObject({ status: 200 });
  });

  it('that are deleted are not logged in to, however close the two come', async () => {
    for (let n = 0; n < 5; n++) {
      const { token } = await here.agent();
      const deviceId = await here.device();
      const [set, deleted] = await Promise.all([
        setMine(token, deviceId),
        here.tenant.call('delete-device', { token: here.root, params: { deviceId }, headers: { 'if-match': '"1"' } }),
      ]);
      expect([set.status, deleted.status].filter((status) => status < 300)).toHaveLength(1);
    }
  });
});
