import type { Permission } from '#contract/permissions.ts';
import { entriesAbout } from '#test/functions/users/people.ts';
import { aPlatform, type Platform } from '#test/functions/work/a-platform.ts';
import { impact } from '#test/setup/leaving.ts';

let here: Platform;
let strict: Platform;
beforeAll(async () => {
  here = await aPlatform();
  strict = await aPlatform({ offboarding: 'strict' });
});

const deactivate = (userId: string, preview?: string, at = here) =>
  at.tenant.call('deactivate-user', {
    token: at.root,
    params: { userId },
    body: preview === undefined ? {} : { preview },
  });
const remove = (userId: string, preview?: string, at = here) =>
  at.tenant.call('delete-user', { token: at.root, params: { userId }, ...(preview && { query: { preview } }) });
const stateOf = async (userId: string, at = here) => (await at.people.now(userId)).state;

/** Everything that can stand against it, at once. */
async function aBusyUser(at = here) {
  const user = await at.tenant.aUser();
  const session = await at.tenant.signIn(user.login);
  await at.activity(`busy-${user.id}`, user.id);
  await at.record(`busy-${user.id}`, user.id);
  await at.logOn(user.id, 'Sales', 'Support');
  return { user, session };
}

describe('S1-30 S0-55 removal impact', () => {
  it('counts what stands against it exactly, and says in which order it is lifted (S1-31)', async () => {
    const { user } = await aBusyUser();
    const told = await impact(here.tenant, here.root, user.id);
    expect(told).toMatchObject({
      blockers: { sessions: 1, queues: ['Sales', 'Support'], activities: 1, campaignRecords: 1 },
      strict: false,
    });
    const order = ['open activities', 'Log the user off', 'Sign the user out', 'campaign records'];
    expect(told.remedies).toEqual(order.map((words) => expect.stringContaining(words)));
    expect(told.remedies[3]).toContain('Done');
  });

  it('recommends deactivating over deleting, and says what a deletion loses', async () => {
    const user = await here.tenant.aUser();
    const { warnings } = await impact(here.tenant, here.root, user.id);
    expect(warnings.join(' ')).toMatch(/Deactivating is strongly recommended.*Deleting loses everything.*30 days/);
  });

  it('names what points at the user: rights that name them, and their live API tokens', async () => {
    const user = await here.tenant.aUser();
    const rights = await here.people.rights({ users: { ids: [user.id] } });
    const aToken = async (body: object) =>
      (await here.tenant.call('create-token', { token: here.root, params: { userId: user.id }, body })).body.id;
    const live = await aToken({ title: 'CRM' });
    await aToken({ title: 'Off', enabled: false });
    const { pointers } = await impact(here.tenant, here.root, user.id);
    expect(pointers).toEqual([
      expect.objectContaining({ what: 'rights', id: rights, name: expect.any(String) }),
      expect.objectContaining({ what: 'api-tokens', id: live, name: 'CRM' }),
    ]);
    const permissions: Permission[] = ['users:read', 'users:deactivate'];
    const { token } = await here.people.person(permissions);
    const asFew = (await impact(here.tenant, token, user.id)).pointers;
    expect(asFew.map(({ name }: { name?: string }) => name)).toEqual([undefined, undefined]);
  });

  it('is free of blockers for who does nothing, and is of a user in sight only', async () => {
    const user = await here.tenant.aUser();
    expect((await impact(here.tenant, here.root, user.id)).blockers).toEqual({
      sessions: 0,
      queues: [],
      activities: 0,
      campaignRecords: 0,
    });
    const params = { userId: 'usr_000000000000000000000000' };
    expect(await here.tenant.call('get-removal-impact', { token: here.root, params })).toMatchObject({ status: 404 });
  });
});

describe('C1 S1-33 in the mode confirm', () => {
  it('a deactivation without a confirmation lists what it would close, with a preview, and does nothing', async () => {
    const { user, session } = await aBusyUser();
    expect(await deactivate(user.id)).toMatchObject({
      status: 409,
      body: {
        code: 'blockers_stand',
        rule: 'C1',
        blockers: { sessions: 1, queues: ['Sales', 'Support'], activities: 1, campaignRecords: 1 },
        remedies: expect.any(Array),
        pointers: [],
        preview: expect.any(String),
        detail: expect.stringContaining('logged on to Sales, Support'),
      },
    });
    expect(await stateOf(user.id)).toBe('active');
    expect(await here.tenant.call('get-me', { token: session })).toMatchObject({ status: 200 });
    expect(await entriesAbout(here.tenant, user.id, 'user.deactivated')).toEqual([]);
  });

  it('repeated with the preview it closes everything at once, and its receipt says what', async () => {
    const { user, session } = await aBusyUser();
    const { preview } = (await deactivate(user.id)).body;
    const receipt = {
      sessionsEnded: 1,
      queuesLoggedOff: ['Sales', 'Support'],
      activitiesClosed: 1,
      campaignRecordsLeft: 1,
      tokensStopped: 0,
    };
    expect(await deactivate(user.id, preview)).toMatchObject({ status: 200, body: { state: 'deactivated', receipt } });
    expect(await here.tenant.call('get-me', { token: session })).toMatchObject({ status: 401 });
    expect(await here.queues(user.id)).toEqual({ queues: [], readiness: 'logged-off' });
    expect(await here.activities(user.id)).toMatchObject({ total: 0 });
    expect(await here.records(user.id)).toMatchObject({ total: 0 });
    const [entry] = await entriesAbout(here.tenant, user.id, 'user.deactivated');
    expect(entry?.changes).toMatchObject({ receipt: { after: receipt }, state: { before: 'active' } });
  });

  it('without anything that stands against it a deactivation goes at once', async () => {
    const user = await here.tenant.aUser();
    expect(await deactivate(user.id)).toMatchObject({ status: 200, body: { receipt: { sessionsEnded: 0 } } });
  });

  it('S1-32 a deletion is always confirmed, also where nothing stands against it', async () => {
    const user = await here.tenant.aUser();
    const refused = await remove(user.id);
    expect(refused).toMatchObject({ status: 409, body: { code: 'blockers_stand', preview: expect.any(String) } });
    expect(refused.body.detail).toContain('nothing under way');
    expect(await remove(user.id, refused.body.preview)).toMatchObject({ status: 200 });
  });

  it('S3-11 a log-on to a queue stands against a deletion, and against a deactivation', async () => {
    const user = await here.tenant.aUser();
    await here.logOn(user.id, 'Sales');
    const blockers = { queues: ['Sales'], sessions: 0 };
    expect(await deactivate(user.id)).toMatchObject({ status: 409, body: { blockers } });
    expect(await remove(user.id)).toMatchObject({ status: 409, body: { blockers } });
    await here.logOn(user.id);
    expect(await deactivate(user.id)).toMatchObject({ status: 200 });
  });

  it.each([
    ['another activity came in', async (userId: string) => here.activity(`late-${userId}`, userId)],
    ['a record was given to them', async (userId: string) => here.record(`late-${userId}`, userId)],
    ['they logged on to another queue', async (userId: string) => here.logOn(userId, 'Sales', 'Support', 'Returns')],
    [
      'an activity was closed, so that the list is another',
      async (userId: string) => here.closeActivity(`busy-${userId}`),
    ],
    ['they signed in once more', async (userId: string) => here.tenant.signIn((await here.people.now(userId)).login)],
    ['they were changed', async (userId: string) => here.people.change(userId, { title: 'Renamed' })],
    ['ten minutes went by', async () => here.tenant.advance(600)],
  ])('a preview is worth nothing any more once %s; the refusal brings a fresh one', async (_, happens) => {
    const { user } = await aBusyUser();
    const { preview } = await impact(here.tenant, here.root, user.id);
    await happens(user.id);
    const root = await here.tenant.aSuperUser();
    const asRoot = { token: root.token, params: { userId: user.id } };
    const refused = await here.tenant.call('deactivate-user', { ...asRoot, body: { preview: preview.deactivate } });
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'blockers_stand', detail: expect.stringContaining('not as the preview says') },
    });
    expect(await here.tenant.call('delete-user', { ...asRoot, query: { preview: preview.delete } })).toMatchObject({
      status: 409,
    });
    expect(await stateOf(user.id)).toBe('active');
    const body = { preview: refused.body.preview };
    expect(await here.tenant.call('deactivate-user', { ...asRoot, body })).toMatchObject({ status: 200 });
  });

  it('a preview is good to the last millisecond of its ten minutes', async () => {
    const { user } = await aBusyUser();
    const { preview } = await impact(here.tenant, here.root, user.id);
    here.tenant.advance(599.999);
    const { token } = await here.tenant.aSuperUser();
    const body = { preview: preview.deactivate };
    expect(await here.tenant.call('deactivate-user', { token, params: { userId: user.id }, body })).toMatchObject({
      status: 200,
    });
  });

  it('a session that has ended since is no obstacle: less is closed than was confirmed', async () => {
    const { user, session } = await aBusyUser();
    const { preview } = await impact(here.tenant, here.root, user.id);
    await here.tenant.call('sign-out', { token: session });
    expect(await deactivate(user.id, preview.deactivate)).toMatchObject({
      status: 200,
      body: { receipt: { sessionsEnded: 0 } },
    });
  });

  it('a preview is for one user and one action, and nobody makes one up', async () => {
    const [{ user }, { user: other }] = [await aBusyUser(), await aBusyUser()];
    const { preview } = await impact(here.tenant, here.root, user.id);
    for (const wrong of [
      preview.delete,
      (await impact(here.tenant, here.root, other.id)).preview.deactivate,
      'x',
      '',
    ]) {
      expect(await deactivate(user.id, wrong)).toMatchObject({ status: 409, body: { code: 'blockers_stand' } });
    }
    expect(await remove(user.id, preview.deactivate)).toMatchObject({ status: 409 });
    expect(await deactivate(user.id, 'x'.repeat(2001))).toMatchObject({ status: 422 });
    expect(await stateOf(user.id)).toBe('active');
  });
});

describe('C1 S1-30 S1-31 in the mode strict', () => {
  it('nothing is closed by a confirmation: while anything stands it is refused, with what lifts it', async () => {
    const { user } = await aBusyUser(strict);
    const { preview, strict: isStrict } = await impact(strict.tenant, strict.root, user.id);
    expect(isStrict).toBe(true);
    for (const refused of [
      await deactivate(user.id, undefined, strict),
      await deactivate(user.id, preview.deactivate, strict),
      await remove(user.id, preview.delete, strict),
    ]) {
      expect(refused).toMatchObject({
        status: 409,
        body: { code: 'blockers_stand', rule: 'S1-30', remedy: expect.stringContaining('realtime panel') },
      });
      expect(refused.body).not.toHaveProperty('preview');
    }
    expect(await stateOf(user.id, strict)).toBe('active');
  });

  it('goes once each of them is lifted, one by one', async () => {
    const { user, session } = await aBusyUser(strict);
    const still = async () => (await deactivate(user.id, undefined, strict)).status;
    expect(await still()).toBe(409);
    await strict.closeActivity(`busy-${user.id}`);
    expect(await still()).toBe(409);
    await strict.logOn(user.id);
    expect(await still()).toBe(409);
    await strict.tenant.call('sign-out', { token: session });
    expect(await still()).toBe(409);
    await strict.closeRecord(`busy-${user.id}`);
    expect(await still()).toBe(200);
  });

  it('a deletion still takes its preview', async () => {
    const user = await strict.tenant.aUser();
    const refused = await remove(user.id, undefined, strict);
    expect(refused).toMatchObject({ status: 409, body: { preview: expect.any(String) } });
    expect(await remove(user.id, refused.body.preview, strict)).toMatchObject({ status: 200 });
  });
});

describe('C7 static presence', () => {
  it('stands against nothing by itself: who has neither session nor work can be deactivated', async () => {
    const user = await strict.tenant.aUser();
    expect(await deactivate(user.id, undefined, strict)).toMatchObject({ status: 200 });
  });
});

describe('C1 what comes in at the same moment', () => {
  it('is never left on a user who is gone: deactivation, session and activity at once, 20 times', async () => {
    for (let round = 0; round < 20; round++) {
      const user = await here.tenant.aUser();
      const [gone, session, activity] = await Promise.all([
        deactivate(user.id),
        here.tenant.signIn(user.login).catch(() => undefined),
        here.activity(`race-${user.id}`, user.id),
      ]);
      if (gone.status === 200) {
        expect(await here.activities(user.id)).toMatchObject({ total: 0, activities: [] });
        if (session) expect(await here.tenant.call('get-me', { token: session })).toMatchObject({ status: 401 });
        if (activity.status === 200) throw new Error('closed without anybody having confirmed it');
        expect(activity).toMatchObject({ status: 409, body: { code: 'user_deactivated' } });
      } else {
        expect(gone).toMatchObject({ status: 409, body: { code: 'blockers_stand' } });
        expect(await stateOf(user.id)).toBe('active');
      }
    }
  });

  it('makes a confirmed deactivation refuse, or is refused itself: exactly one of the two, 20 times', async () => {
    for (let round = 0; round < 20; round++) {
      const user = await here.tenant.aUser();
      await here.activity(`first-${user.id}`, user.id);
      const { preview } = await impact(here.tenant, here.root, user.id);
      const [gone, activity] = await Promise.all([
        deactivate(user.id, preview.deactivate),
        here.activity(`second-${user.id}`, user.id),
      ]);
      expect([gone.status, activity.status].sort()).toEqual([200, 409]);
      const { total } = await here.activities(user.id);
      expect(total).toBe(gone.status === 200 ? 0 : 2);
    }
  });
});
