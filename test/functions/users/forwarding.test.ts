import { keyOf } from '#domain/numbers/numbers.ts';
import type { User } from '#domain/users/user.ts';
import { put } from '#table/write.ts';
import { entriesAbout, type People, peopleOf } from '#test/functions/users/people.ts';
import { deactivate } from '#test/setup/leaving.ts';
import { agentGrants, aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let people: People;
let token: string;
beforeAll(async () => {
  // A number that is given up is anybody's at once: so it can be somebody else's while calls still go there.
  tenant = await aTenant({ numberQuarantineDays: 0 });
  people = await peopleOf(tenant);
  token = people.root.token;
});

let number = 299;
/** Somebody with an extension of their own. */
const anAgent = async (title: string, values: Partial<User> = {}) => {
  const extension = String(++number);
  const user = await tenant.aUser({ ...agentGrants, title, extension, ...values });
  for (const held of [user.extension, user.virtualExtension]) {
    if (held === undefined) continue;
    await tenant.deps.table.write(
      put({ ...keyOf('extensions', held), type: 'number', v: 1, number: held, userId: user.id }),
    );
  }
  return { ...user, extension };
};
type Agent = Awaited<ReturnType<typeof anAgent>>;
const agents = async <Titles extends string[]>(...titles: Titles) =>
  (await Promise.all(titles.map((title) => anAgent(title)))) as { [N in keyof Titles]: Agent };
const leads = async (from: { id: string }, values: object) => people.change(from.id, values);
const done = { status: 200 };
const loop = (way: string[], pointer = '/body/forwarding') => ({
  status: 409,
  body: { code: 'forwarding_loop', because: way, errors: [{ pointer }], remedy: expect.any(String) },
});

describe('S0-31 S0-43 an extension to which calls go', () => {
  it('is somebody’s: by forwarding, as a target, by a virtual extension', async () => {
    const [ada, eva] = await agents('Ada', 'Eva');
    expect(await leads(ada, { forwarding: eva.extension })).toMatchObject(done);
    const zoe = await anAgent('Zoe', { virtualExtension: String(++number) });
    expect(await leads(ada, { target: zoe.virtualExtension })).toMatchObject(done);
    expect(await people.now(ada.id)).toMatchObject({ forwarding: eva.extension, target: zoe.virtualExtension });
  });

  it.each(['forwarding', 'target'])('is refused as %s where it is nobody’s', async (field) => {
    const ada = await anAgent('Ada');
    expect(await leads(ada, { [field]: '99999' })).toMatchObject({
      status: 422,
      body: {
        code: 'invalid_input',
        rule: field === 'target' ? 'S0-43' : 'S0-31',
        errors: [{ pointer: `/body/${field}`, detail: expect.stringContaining('nobody') }],
        remedy: expect.stringContaining('/v1/numbers/extensions'),
      },
    });
    expect(await people.now(ada.id)).not.toHaveProperty(field);
  });

  it('is not one that rests, nor that of who is deactivated', async () => {
    const [ada, eva] = await agents('Ada', 'Eva');
    await leads(eva, { extension: null });
    expect(await leads(ada, { forwarding: eva.extension })).toMatchObject({ status: 422, body: { rule: 'S0-31' } });
    const left = await anAgent('Lea');
    await deactivate(tenant, token, left.id);
    const refused = await leads(ada, { target: left.extension });
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ detail: expect.stringContaining('Lea') }] } });
    const helper = await people.person(['users:read', 'users:change'], {
      rights: await people.rights({ users: { ids: [ada.id] } }),
    });
    const unseen = await tenant.call('change-user', {
      ...{ token: helper.token, params: { userId: ada.id }, body: { target: left.extension } },
      headers: { 'if-match': '"1"' },
    });
    expect(unseen).toMatchObject({ status: 422, body: { code: 'invalid_input' } });
    expect(JSON.stringify(unseen.body)).not.toContain('Lea');
  });

  it('may become nobody’s later: what was accepted is not judged again by another change', async () => {
    const [ada, eva] = await agents('Ada', 'Eva');
    await leads(ada, { forwarding: eva.extension });
    await leads(eva, { extension: null });
    expect(await leads(ada, { alias: 'Ada' })).toMatchObject(done);
    expect(await leads(ada, { target: '+420601234567' })).toMatchObject(done);
  });

  it('may be that of who saves it', async () => {
    const [ada, eva] = await agents('Ada', 'Eva');
    const access = await people.access('users:read', 'users:change');
    const own = String(++number);
    const helper = await anAgent('Hana', { access, rights: 'rgt_everything', virtualExtension: own });
    const session = await tenant.signIn(helper.login);
    const change = (userId: string, forwarding: string) =>
      tenant.call('change-user', {
        ...{ token: session, params: { userId }, body: { forwarding }, headers: { 'if-match': '"1"' } },
      });
    expect(await change(ada.id, own)).toMatchObject(done);
    expect(await change(eva.id, ada.extension)).toMatchObject(done);
  });
});

describe('S0-31 S0-43 calls that would go round in a circle', () => {
  it('are refused, with the way round, and nothing is changed', async () => {
    const [ada, eva, zoe] = await agents('Ada', 'Eva', 'Zoe');
    expect(await leads(ada, { forwarding: eva.extension })).toMatchObject(done);
    expect(await leads(eva, { forwarding: zoe.extension })).toMatchObject(done);
    const refused = await leads(zoe, { forwarding: ada.extension });
    expect(refused).toMatchObject(loop(['Zoe', 'Ada', 'Eva', 'Zoe']));
    expect(refused.body.detail).toContain('Zoe → Ada → Eva → Zoe');
    expect(await people.now(zoe.id)).toMatchObject({ version: 1 });
    expect(await entriesAbout(tenant, zoe.id)).toEqual([]);
  });

  it.each([
    ['targets', { target: 'target' }, '/body/target'],
    ['a target, from a forwarding', { target: 'forwarding' }, '/body/forwarding'],
    ['a forwarding, from a target', { forwarding: 'target' }, '/body/target'],
  ])('over %s', async (_what, fields, pointer) => {
    const [[first, second] = []] = Object.entries(fields);
    const [ada, eva] = await agents('Ada', 'Eva');
    expect(await leads(ada, { [first as string]: eva.extension })).toMatchObject(done);
    expect(await leads(eva, { [second as string]: ada.extension })).toMatchObject(loop(['Eva', 'Ada', 'Eva'], pointer));
  });

  it('over a virtual extension', async () => {
    const ada = await anAgent('Ada', { virtualExtension: String(++number) });
    const eva = await anAgent('Eva');
    await leads(ada, { forwarding: eva.extension });
    expect(await leads(eva, { target: ada.virtualExtension })).toMatchObject(
      loop(['Eva', 'Ada', 'Eva'], '/body/target'),
    );
  });

  it('to oneself: by the extension, the virtual one, and one that the same request gives', async () => {
    const ada = await anAgent('Ada', { virtualExtension: String(++number) });
    const oneself = loop(['Ada', 'Ada']);
    expect(await leads(ada, { forwarding: ada.extension })).toMatchObject(oneself);
    expect(await leads(ada, { forwarding: ada.virtualExtension })).toMatchObject(oneself);
    const given = String(++number);
    expect(await leads(ada, { forwarding: given, extension: given })).toMatchObject(oneself);
    const body = {
      type: 'contact-center',
      title: 'Ada',
      login: 'ada-loop',
      authEmail: 'ada-loop@example.com',
      ...agentGrants,
    };
    const created = await tenant.call('create-user', { token, body: { ...body, extension: given, target: given } });
    expect(created).toMatchObject(loop(['Ada', 'Ada'], '/body/target'));
  });

  it('by the number of who takes it, where calls still go', async () => {
    const [ada, eva, zoe] = await agents('Ada', 'Eva', 'Zoe');
    await leads(ada, { forwarding: eva.extension });
    await leads(eva, { extension: null });
    await leads(zoe, { target: ada.extension });
    for (const field of ['extension', 'virtualExtension']) {
      expect(await leads(zoe, { [field]: eva.extension })).toMatchObject(loop(['Zoe', 'Ada', 'Zoe'], `/body/${field}`));
    }
    const values = { title: 'Nina', login: 'nina-loop', authEmail: 'nina-loop@example.com', ...agentGrants };
    const body = { type: 'contact-center', ...values, extension: eva.extension, forwarding: ada.extension };
    expect(await tenant.call('create-user', { token, body })).toMatchObject(loop(['Nina', 'Ada', 'Nina']));
  });

  it('with a number that waits for a sign-out', async () => {
    const [ada, eva, zoe] = await agents('Ada', 'Eva', 'Zoe');
    await leads(ada, { forwarding: eva.extension });
    await leads(eva, { extension: null });
    await leads(zoe, { target: ada.extension });
    await tenant.signIn(zoe.login);
    const asked = await people.change(zoe.id, { extension: eva.extension }, 'nextSignOut');
    expect(asked).toMatchObject(loop(['Zoe', 'Ada', 'Zoe'], '/body/extension'));
  });

  it('no more once one of them leads elsewhere', async () => {
    const [ada, eva] = await agents('Ada', 'Eva');
    await leads(ada, { forwarding: eva.extension });
    expect(await leads(eva, { forwarding: ada.extension })).toMatchObject({ status: 409 });
    await leads(ada, { forwarding: null });
    expect(await leads(eva, { forwarding: ada.extension })).toMatchObject(done);
  });

  it('S0-14 without the titles of who is out of sight', async () => {
    const [ada, eva, zoe] = await agents('Ada', 'Eva', 'Zoe');
    await leads(ada, { forwarding: eva.extension });
    await leads(eva, { forwarding: zoe.extension });
    const rights = await people.rights({ users: { ids: [zoe.id, ada.id] } });
    const helper = await people.person(['users:read', 'users:change'], { rights });
    const refused = await tenant.call('change-user', {
      ...{ token: helper.token, params: { userId: zoe.id }, body: { forwarding: ada.extension } },
      headers: { 'if-match': '"1"' },
    });
    expect(refused).toMatchObject(loop(['Zoe', 'Ada', 'a user out of your sight', 'Zoe']));
    expect(JSON.stringify(refused.body)).not.toMatch(/Eva|usr_/);
  });

  it('are told of by a plan', async () => {
    const [ada, eva] = await agents('Ada', 'Eva');
    await leads(ada, { forwarding: eva.extension });
    const plan = await tenant.call('plan-user', {
      ...{ token, body: { userId: eva.id, changes: { forwarding: ada.extension } } },
    });
    expect(plan).toMatchObject({
      status: 200,
      body: { allowed: false, refusal: { code: 'forwarding_loop', status: 409 } },
    });
  });

  it('through more users than a call passes', async () => {
    const row = await agents(...Array.from({ length: 10 }, (_, n) => `Agent ${n}`));
    for (let n = 8; n >= 1; n--) {
      expect(await leads(row[n] as User, { target: row[n + 1]?.extension })).toMatchObject(done);
    }
    expect(await leads(row[0] as User, { forwarding: row[2]?.extension })).toMatchObject(done);
    expect(await leads(row[0] as User, { forwarding: row[1]?.extension })).toMatchObject({
      status: 422,
      body: { code: 'invalid_input', rule: 'S0-31', errors: [{ pointer: '/body/forwarding' }] },
    });
  });
});

describe('S0-31 S0-43 saved at once', () => {
  /** However they meet: not all of them, or calls would go round. */
  const together = async (changes: (() => Promise<{ status: number; body: { code?: string } }>)[]) => {
    const answers = await Promise.all(changes.map((change) => change()));
    const refused = answers.filter(({ status }) => status !== 200);
    for (const { body } of refused) expect(body.code).toBe('forwarding_loop');
    expect(refused).toHaveLength(1);
  };

  it('A to B and B to A: one of them is refused, every time', async () => {
    for (let n = 0; n < 12; n++) {
      const [ada, eva] = await agents('Ada', 'Eva');
      await together([
        () => leads(ada, { forwarding: eva.extension }),
        () => leads(eva, { [n % 2 ? 'forwarding' : 'target']: ada.extension }),
      ]);
    }
  });

  it('three that make a circle together', async () => {
    for (let n = 0; n < 6; n++) {
      const [ada, eva, zoe] = await agents('Ada', 'Eva', 'Zoe');
      await together([
        () => leads(ada, { forwarding: eva.extension }),
        () => leads(eva, { forwarding: zoe.extension }),
        () => leads(zoe, { forwarding: ada.extension }),
      ]);
    }
  });

  it('a forwarding to where calls end at nobody’s number, and who takes that number', async () => {
    for (let n = 0; n < 12; n++) {
      const [ada, eva, zoe] = await agents('Ada', 'Eva', 'Zoe');
      const lea = await anAgent('Lea');
      await leads(eva, { forwarding: lea.extension });
      await leads(zoe, { target: ada.extension });
      await leads(lea, { extension: null });
      await together([
        () => leads(ada, { forwarding: eva.extension }),
        () => leads(zoe, { [n % 2 ? 'extension' : 'virtualExtension']: lea.extension }),
      ]);
    }
  });
});

describe('S0-56 S0-31 whoever is restored', () => {
  it('is judged as if their calls were to go there now', async () => {
    const [ada, eva] = await agents('Ada', 'Eva');
    await leads(ada, { forwarding: eva.extension });
    await deactivate(tenant, token, ada.id);
    expect(await leads(eva, { forwarding: '+420601234567', target: null })).toMatchObject(done);
    // Who is deactivated is not called: through them no call goes round. But nobody forwards to them either.
    const zoe = await anAgent('Zoe');
    expect(await leads(zoe, { target: eva.extension })).toMatchObject(done);
    const restore = (changes?: object) =>
      tenant.call('restore-user', { token, params: { userId: ada.id }, body: { ...(changes && { changes }) } });
    await leads(eva, { extension: null });
    expect(await restore()).toMatchObject({
      status: 422,
      body: { code: 'invalid_input', rule: 'S0-31', errors: [{ pointer: '/body/changes/forwarding' }] },
    });
    expect(await restore({ forwarding: '99999' })).toMatchObject({ status: 422 });
    expect(await restore({ forwarding: zoe.extension })).toMatchObject({
      status: 200,
      body: { forwarding: zoe.extension },
    });
  });

  it('makes no circle by coming back', async () => {
    const [ada, eva, zoe] = await agents('Ada', 'Eva', 'Zoe');
    await leads(eva, { target: zoe.extension });
    await leads(zoe, { target: ada.extension });
    await deactivate(tenant, token, zoe.id);
    // Through who is deactivated no call goes on.
    expect(await leads(ada, { target: eva.extension })).toMatchObject(done);
    const restore = (body: object) => tenant.call('restore-user', { token, params: { userId: zoe.id }, body });
    expect(await restore({})).toMatchObject(loop(['Zoe', 'Ada', 'Eva', 'Zoe'], '/body/changes/target'));
    expect(await restore({ changes: { target: null } })).toMatchObject({ status: 200 });
  });
});
