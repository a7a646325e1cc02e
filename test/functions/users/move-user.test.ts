import { entriesAbout, ifMatch, type People, peopleOf } from '#test/functions/users/people.ts';
import { agentGrants, aTenant, type CallOptions, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let people: People;
let token: string;
let sales: Group;
let support: Group;
beforeAll(async () => {
  tenant = await aTenant({ sessionSeconds: 40_000 });
  people = await peopleOf(tenant);
  token = people.root.token;
  const values = { language: 'cs', sessionSeconds: 7200, wrapUpSeconds: 30, resourceFilter: 'prague' };
  sales = await aGroup('Sales', values, 'Inbound', 'Chat');
  support = await aGroup('Support', { ...values, language: 'de', wrapUpSeconds: 15 }, 'Tickets');
});

interface Group {
  id: string;
  profiles: { id: string; name: string }[];
}

async function aGroup(name: string, values: object = {}, ...profiles: string[]): Promise<Group> {
  const { id } = (await tenant.call('create-user-group', { token, body: { name, ...values } })).body;
  const params = { userGroupId: id };
  for (const name of profiles) await tenant.call('create-group-profile', { token, params, body: { name } });
  const group = (await tenant.call('get-user-group', { token, params })).body;
  return { id, profiles: group.profiles.map(({ id, name }: { id: string; name: string }) => ({ id, name })) };
}

const move = (userId: string, userGroup: string, options: Partial<CallOptions> = {}) =>
  tenant.call('move-user', { token, params: { userId }, body: { userGroup }, ...options });
const usedBy = async ({ id }: Group): Promise<number> =>
  (await tenant.call('get-user-group', { token, params: { userGroupId: id } })).body.usedBy;
const aMember = (values: object = {}) => tenant.aUser({ ...agentGrants, userGroup: sales.id, ...values });
const profilesOf = async (userId: string) =>
  (await tenant.call('list-profiles-of-user', { token, params: { userId } })).body;
/** As the contact-center platform tells it. */
const loggedOn = async (userId: string, queues: string[]) => {
  const { status } = await tenant.call('put-queue-log-on', { token, params: { userId }, body: { queues } });
  expect(status).toBe(200);
};

describe('C15 S3-12 moving a user to another user group', () => {
  it('gives them what that group says, counts them there, and tells what differs', async () => {
    const user = await aMember();
    const [inSales, inSupport] = [await usedBy(sales), await usedBy(support)];
    const moved = await move(user.id, support.id);
    expect(moved).toMatchObject({
      status: 200,
      body: {
        user: { id: user.id, userGroup: support.id, version: 2 },
        becomes: [
          { field: 'language', before: 'cs', after: 'de' },
          { field: 'wrapUpSeconds', before: 30, after: 15 },
        ],
        stays: [],
        profiles: { lost: sales.profiles, gained: support.profiles },
        endsSessions: false,
      },
    });
    expect(await people.now(user.id)).toMatchObject({ userGroup: support.id, version: 2 });
    expect([await usedBy(sales), await usedBy(support)]).toEqual([inSales - 1, inSupport + 1]);
    const [entry] = await entriesAbout(tenant, user.id, 'user.moved');
    expect(entry?.changes).toMatchObject({ userGroup: { before: sales.id, after: support.id } });
  });

  it('tells the user, in the language of now, which profiles are there and which no more', async () => {
    const user = await aMember({ title: 'Jana' });
    tenant.advance(1);
    await move(user.id, support.id);
    expect((await tenant.mails()).at(-1)).toEqual({
      to: user.authEmail,
      template: 'moved',
      language: 'de',
      data: expect.objectContaining({
        title: 'Jana',
        userGroup: 'Support',
        by: people.root.user.title,
        lost: 'Inbound, Chat',
        gained: 'Tickets',
      }),
    });
    const invited = await aMember({ state: 'invited' });
    const sent = (await tenant.mails()).length;
    expect(await move(invited.id, support.id)).toMatchObject({ status: 200 });
    expect(await tenant.mails()).toHaveLength(sent);
  });

  it('S3-13 S3-14 keeps the user’s own values and the filter that was assigned to them', async () => {
    const user = await aMember({ language: 'en' });
    await people.change(user.id, { wrapUpSeconds: 60, resourceFilter: 'brno' });
    const moved = await move(user.id, support.id);
    expect(moved.body).toMatchObject({
      becomes: [],
      stays: [
        { field: 'language', value: 'en' },
        { field: 'wrapUpSeconds', value: 60 },
        { field: 'resourceFilter', value: 'brno' },
      ],
    });
    const { settings } = (await tenant.call('get-effective-settings', { token, params: { userId: user.id } })).body;
    const inForce = (wanted: string) => settings.find(({ field }: { field: string }) => field === wanted);
    expect(inForce('wrapUpSeconds')).toMatchObject({ value: 60, from: 'user', inherited: { value: 15 } });
    expect(inForce('resourceFilter')).toMatchObject({ value: 'brno', from: 'user' });
    expect(inForce('sessionSeconds')).toMatchObject({ value: 7200, from: 'userGroup' });
  });

  it('S3-9 S3-10 forgets which profiles of the old group were off, and keeps personal ones', async () => {
    const user = await aMember();
    const params = { userId: user.id };
    const body = { available: [sales.profiles[0]?.id] };
    await tenant.call('choose-profiles-of-user', { token, params, body, headers: ifMatch(1) });
    await tenant.call('create-personal-profile', { token, params, body: { name: 'Own' } });
    const moved = await move(user.id, support.id);
    expect(moved.body.profiles).toEqual({ lost: [sales.profiles[0]], gained: support.profiles });
    expect(await profilesOf(user.id)).toMatchObject({ group: [{ available: true }], personal: [{ name: 'Own' }] });
    // Back again they are all on: nothing of before is remembered.
    await move(user.id, sales.id);
    const { group } = await profilesOf(user.id);
    expect(group.map(({ available }: { available: boolean }) => available)).toEqual([true, true]);
  });

  it('S3-2 goes to the default group and from it, like to any other', async () => {
    const user = await tenant.aUser(agentGrants);
    const before = await usedBy(support);
    expect(await move(user.id, support.id)).toMatchObject({ status: 200, body: { user: { userGroup: support.id } } });
    expect(await usedBy(support)).toBe(before + 1);
    expect(await move(user.id, 'ugr_default')).toMatchObject({
      status: 200,
      body: { user: { userGroup: 'ugr_default' } },
    });
    expect(await usedBy(support)).toBe(before);
    expect(await move(user.id, 'ugr_default')).toMatchObject({ status: 409, body: { code: 'already_in_user_group' } });
  });
});

describe('S3-11 S3-12 a user who is logged on to a queue', () => {
  it('does not move, and the refusal names the queues', async () => {
    const user = await aMember();
    await loggedOn(user.id, ['Sales CZ', 'Sales DE']);
    for (const query of [{}, { dryRun: 'true' }, { when: 'signOutNow' }]) {
      expect(await move(user.id, support.id, { query: query as Record<string, string> })).toMatchObject({
        status: 409,
        body: { code: 'logged_on_to_queue', rule: 'S3-12', because: ['Sales CZ', 'Sales DE'] },
      });
    }
    expect(await people.now(user.id)).toMatchObject({ userGroup: sales.id, version: 1 });
    await loggedOn(user.id, []);
    expect(await move(user.id, support.id)).toMatchObject({ status: 200 });
  });

  it('does not slip through when the log-on comes at the same moment', async () => {
    const user = await aMember();
    const { table } = tenant.deps;
    // The log-on commits after the move has read that there is none, and before it commits.
    const late = Object.create(table, {
      until: { value: () => late },
      transact: {
        value: async (writes: Parameters<typeof table.transact>[0]) => {
          await loggedOn(user.id, ['Sales CZ']);
          return table.transact(writes);
        },
      },
    });
    const { handler } = await import('#functions/users/move-user.ts');
    const { eventFor, lambdaContext } = await import('#test/setup/tenant.ts');
    const event = eventFor('move-user', { token, params: { userId: user.id }, body: { userGroup: support.id } });
    const answer = await handler.using({ ...tenant.deps, table: late })(event as never, lambdaContext);
    expect([answer.statusCode, JSON.parse(answer.body as string).code]).toEqual([409, 'logged_on_to_queue']);
    expect(await people.now(user.id)).toMatchObject({ userGroup: sales.id, version: 1 });
  });
});

describe('C2 a user who is signed in', () => {
  it('moves only by being signed out for it', async () => {
    const user = await aMember();
    const session = await tenant.signIn(user.login);
    expect(await move(user.id, support.id)).toMatchObject({
      status: 409,
      body: { code: 'user_signed_in', rule: 'C2', offers: ['signOutNow'] },
    });
    expect(await tenant.call('get-me', { token: session })).toMatchObject({ status: 200 });
    const moved = await move(user.id, support.id, { query: { when: 'signOutNow' } });
    expect(moved).toMatchObject({ status: 200, body: { endsSessions: true, user: { userGroup: support.id } } });
    expect(await tenant.call('get-me', { token: session })).toMatchObject({ status: 401 });
    expect(await move(user.id, sales.id, { query: { when: 'nextSignOut' } })).toMatchObject({ status: 422 });
  });

  it('gets what waited for the sign-out with it', async () => {
    const access = await people.access('users:read');
    const user = await aMember();
    await tenant.signIn(user.login);
    await people.change(user.id, { access }, 'nextSignOut');
    await move(user.id, support.id, { query: { when: 'signOutNow' } });
    expect(await people.now(user.id)).toMatchObject({ access, userGroup: support.id });
    expect(await entriesAbout(tenant, user.id, 'user.queued-change-applied')).toHaveLength(1);
  });
});

describe('C15 a dry run of a move', () => {
  it('says just what the move says, and writes nothing', async () => {
    const user = await aMember({ language: 'en' });
    const [sent, inSupport] = [(await tenant.mails()).length, await usedBy(support)];
    const dry = await move(user.id, support.id, { query: { dryRun: 'true' } });
    expect(dry).toMatchObject({ status: 200 });
    expect(await people.now(user.id)).toMatchObject({ userGroup: sales.id, version: 1 });
    expect([(await tenant.mails()).length, await usedBy(support)]).toEqual([sent, inSupport]);
    expect(await entriesAbout(tenant, user.id)).toHaveLength(0);
    expect((await move(user.id, support.id)).body).toEqual(dry.body);
  });

  it('refuses what the move refuses', async () => {
    const user = await aMember();
    await tenant.signIn(user.login);
    const dry = { query: { dryRun: 'true' } };
    expect(await move(user.id, support.id, dry)).toMatchObject({ status: 409, body: { code: 'user_signed_in' } });
    expect(await move(user.id, sales.id, dry)).toMatchObject({ status: 409, body: { code: 'already_in_user_group' } });
    expect(await move(user.id, 'ugr_nothing', dry)).toMatchObject({
      status: 422,
      body: { code: 'prerequisites_missing' },
    });
  });
});

describe('C15 a move that cannot be', () => {
  it('is refused with a pointer, or with what would lift it', async () => {
    const user = await aMember();
    expect(await move(user.id, sales.id)).toMatchObject({ status: 409, body: { code: 'already_in_user_group' } });
    expect(await move(user.id, 'ugr_nothing')).toMatchObject({
      status: 422,
      body: { code: 'prerequisites_missing', errors: [{ pointer: '/body/userGroup' }] },
    });
    expect(await move(user.id, 'grp_nothing')).toMatchObject({ status: 422, body: { code: 'invalid_input' } });
    expect(await move('usr_000000000000000000000000', sales.id)).toMatchObject({ status: 404 });
    const left = await aMember({ state: 'deactivated' });
    expect(await move(left.id, support.id)).toMatchObject({ status: 409, body: { code: 'user_deactivated' } });
    expect(await entriesAbout(tenant, user.id)).toHaveLength(0);
  });

  it('C12 is one of somebody who holds more, or is out of sight', async () => {
    const editor = await people.person(['users:change']);
    expect(await move(people.root.user.id, support.id, { token: editor.token })).toMatchObject({
      status: 403,
      body: { code: 'outranked' },
    });
    const blind = await people.person(['users:change'], { rights: 'rgt_own' });
    expect(await move((await aMember()).id, support.id, { token: blind.token })).toMatchObject({ status: 404 });
  });

  it('shows no values to who may move users, and not see their details', async () => {
    const user = await aMember({ language: 'en', access: 'acc_agent' });
    await people.change(user.id, { resourceFilter: 'brno' });
    const editor = await people.person(['users:change', 'users:read']);
    const { body } = await move(user.id, support.id, { token: editor.token, query: { dryRun: 'true' } });
    expect(body).toMatchObject({
      becomes: [{ field: 'wrapUpSeconds' }],
      stays: [{ field: 'language' }, { field: 'resourceFilter' }],
    });
    expect(JSON.stringify(body)).not.toMatch(/brno|"value"|"before"|userGroup/);
  });

  it('K13 C23 shuts nobody out by their own hand, but with force', async () => {
    const far = await aGroup('Far', { allowedNetworks: ['203.0.113.0/24'] });
    const admin = await tenant.aUser({ superUser: true });
    const query = { when: 'signOutNow' };
    const own = { token: await tenant.signIn(admin.login) };
    expect(await move(admin.id, far.id, { ...own, query })).toMatchObject({
      status: 409,
      body: { code: 'would_lock_yourself_out' },
    });
    expect(await move(admin.id, far.id, { ...own, query: { ...query, force: 'true' } })).toMatchObject({ status: 200 });
  });
});

describe('C15 moves at the same time', () => {
  it('of one user leave them in one group, and the counts true', async () => {
    const targets = [await aGroup('A'), await aGroup('B'), await aGroup('C')];
    const user = await aMember();
    const before = await usedBy(sales);
    const answers = await Promise.all([...targets, ...targets].map(({ id }) => move(user.id, id)));
    for (const { status, body } of answers) {
      if (status !== 200) expect(['already_in_user_group', 'try_again']).toContain(body.code);
    }
    const { userGroup, version } = await people.now(user.id);
    expect(version).toBe(1 + answers.filter(({ status }) => status === 200).length);
    expect(await usedBy(sales)).toBe(before - 1);
    expect(await Promise.all(targets.map(usedBy))).toEqual(targets.map(({ id }) => (id === userGroup ? 1 : 0)));
  });

  it('as the group goes end with the user in it, or with the group gone, never with both', async () => {
    for (let round = 0; round < 6; round++) {
      const target = await aGroup(`Going ${round}`);
      const user = await aMember();
      const params = { userGroupId: target.id };
      const [moved, gone] = await Promise.all([
        move(user.id, target.id),
        tenant.call('delete-user-group', { token, params, headers: ifMatch(1) }),
      ]);
      expect([moved.status, gone.status]).toEqual(gone.status === 204 ? [422, 204] : [200, 409]);
      expect((await people.now(user.id)).userGroup).toBe(gone.status === 204 ? sales.id : target.id);
    }
  });
});
