import { entriesAbout, type People, peopleOf } from '#test/functions/users/people.ts';
import { deactivate } from '#test/setup/leaving.ts';
import { agentGrants, aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let people: People;
let token: string;
beforeAll(async () => {
  tenant = await aTenant({ reservedExtensions: ['900-999'] });
  people = await peopleOf(tenant);
  token = people.root.token;
});

let count = 0;
const aNewUser = (values: object = {}) => {
  const login = `vera-${++count}`;
  return {
    ...{ type: 'contact-center', title: 'Vera', login, authEmail: `${login}@example.com`, ...agentGrants },
    ...values,
  };
};
const create = (values: object = {}) => tenant.call('create-user', { token, body: aNewUser(values) });
const nextFree = async () =>
  (await tenant.call('list-numbers', { token, params: { kind: 'extensions' } })).body.nextFree as string;
/** Whose a number is; undefined for nobody's. */
const ownerOf = async (number: string) => {
  const query = { from: number, limit: '1' };
  const { body } = await tenant.call('list-numbers', { token, params: { kind: 'extensions' }, query });
  const [found] = body.numbers;
  return found?.number === number ? (found.user?.id ?? found.state) : undefined;
};

describe('S4-17 a virtual extension', () => {
  it('is a number of its own, in the one space of extensions', async () => {
    const { status, body } = await create({ extension: '300', virtualExtension: '301' });
    expect({ status, ...body }).toMatchObject({ status: 201, extension: '300', virtualExtension: '301' });
    expect([await ownerOf('300'), await ownerOf('301')]).toEqual([body.id, body.id]);
    for (const taken of [{ extension: '301' }, { virtualExtension: '300' }, { virtualExtension: '301' }]) {
      const [field = ''] = Object.keys(taken);
      expect(await create(taken)).toMatchObject({
        status: 409,
        body: { code: 'number_taken', errors: [{ pointer: `/body/${field}` }] },
      });
    }
  });

  it('changes at once also while the user is signed in, as only the extension waits (C2, S1-23)', async () => {
    const user = await tenant.aUser(agentGrants);
    const session = await tenant.signIn(user.login);
    expect(await people.change(user.id, { extension: '310' })).toMatchObject({ status: 409, body: { rule: 'C2' } });
    expect(await people.change(user.id, { virtualExtension: '310' })).toMatchObject({ status: 200 });
    expect(await tenant.call('get-me', { token: session })).toMatchObject({
      status: 200,
      body: { user: { virtualExtension: '310' } },
    });
  });

  it('rests when it is given up, and nobody else gets it', async () => {
    const { id } = (await create({ virtualExtension: '320' })).body;
    expect(await people.change(id, { virtualExtension: null })).toMatchObject({ status: 200 });
    expect(await people.now(id)).not.toHaveProperty('virtualExtension');
    expect(await ownerOf('320')).toBe('resting');
    expect(await create({ virtualExtension: '320' })).toMatchObject({ status: 409, body: { rule: 'S4-17' } });
    expect(await people.change(id, { virtualExtension: '320' })).toMatchObject({ status: 200 });
  });

  it('is another number than the extension, also than the one that waits for a sign-out', async () => {
    const same = { status: 422, body: { rule: 'S4-17', errors: [{ pointer: '/body/virtualExtension' }] } };
    expect(await create({ extension: '330', virtualExtension: '330' })).toMatchObject(same);
    const { id } = (await create({ extension: '330' })).body;
    expect(await people.change(id, { virtualExtension: '330' })).toMatchObject(same);
    const signedIn = await tenant.aUser(agentGrants);
    await tenant.signIn(signedIn.login);
    expect(await people.change(signedIn.id, { extension: '331' }, 'nextSignOut')).toMatchObject({ status: 200 });
    expect(await people.change(signedIn.id, { virtualExtension: '331' })).toMatchObject(same);
  });

  it('swaps with the extension, and stays the user’s all along', async () => {
    const { id } = (await create({ extension: '340', virtualExtension: '341' })).body;
    const swapped = await people.change(id, { extension: '341', virtualExtension: '340' });
    expect(swapped).toMatchObject({ status: 200, body: { extension: '341', virtualExtension: '340' } });
    expect([await ownerOf('340'), await ownerOf('341')]).toEqual([id, id]);
    expect(await people.change(id, { extension: null })).toMatchObject({ status: 200, body: { extension: 'dynamic' } });
    expect([await ownerOf('340'), await ownerOf('341')]).toEqual([id, 'resting']);
  });

  it.each([
    ['112', 'S1-23'],
    ['950', 'S3-6'],
  ])('is not %s (%s)', async (virtualExtension, rule) => {
    const refused = { status: 422, body: { rule, errors: [{ pointer: '/body/virtualExtension' }] } };
    expect(await create({ virtualExtension })).toMatchObject(refused);
  });

  it('S1-23 is better of three digits, and not 1XX', async () => {
    const { body } = await create({ virtualExtension: '1234' });
    expect(body.warnings).toMatchObject([{ pointer: '/body/virtualExtension', rule: 'S1-23' }]);
    const changed = await people.change(body.id, { virtualExtension: '155' });
    expect(changed.body.warnings).toMatchObject([{ pointer: '/body/virtualExtension', rule: 'S1-23' }]);
  });

  it.each(['generated', 'any', '12a', '1', '1234567', ''])('is not "%s"', async (virtualExtension) => {
    expect(await create({ virtualExtension })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/body/virtualExtension' }] },
    });
  });
});

describe('S4-17 generating a virtual extension', () => {
  it('takes the next free one for who is created, cloned, changed or restored', async () => {
    const first = await nextFree();
    const created = await create({ virtualExtension: 'generate' });
    expect(created).toMatchObject({ status: 201, body: { virtualExtension: first } });

    const second = await nextFree();
    const clone = { title: 'Clone', login: 'vera-clone', authEmail: 'vera-clone@example.com' };
    const params = { userId: created.body.id };
    const body = { ...clone, virtualExtension: 'generate' };
    expect(await tenant.call('clone-user', { token, params, body })).toMatchObject({
      status: 201,
      body: { virtualExtension: second },
    });

    const third = await nextFree();
    const changed = await people.change(created.body.id, { virtualExtension: 'generate' });
    expect(changed).toMatchObject({ status: 200, body: { virtualExtension: third } });
    expect(await ownerOf(first)).toBe('resting');

    const fourth = await nextFree();
    await deactivate(tenant, token, created.body.id);
    const back = { changes: { virtualExtension: 'generate' } };
    expect(await tenant.call('restore-user', { token, params, body: back })).toMatchObject({
      status: 200,
      body: { virtualExtension: fourth },
    });
    const entries = await entriesAbout(tenant, created.body.id);
    expect(JSON.stringify(entries)).not.toContain('generate"');
  });

  it('is shown by a plan, which takes none', async () => {
    const free = await nextFree();
    const plan = await tenant.call('plan-user', {
      token,
      body: { create: aNewUser({ virtualExtension: 'generate' }) },
    });
    expect(plan).toMatchObject({
      status: 200,
      body: { allowed: true, changes: { virtualExtension: { after: free } } },
    });
    const { id } = await tenant.aUser(agentGrants);
    const change = { userId: id, changes: { virtualExtension: 'generate' } };
    expect(await tenant.call('plan-user', { token, body: change })).toMatchObject({
      body: { allowed: true, changes: { virtualExtension: { after: free } } },
    });
    expect(await nextFree()).toBe(free);
  });

  it('never chooses the extension that the same request gives', async () => {
    const extension = await nextFree();
    const { status, body } = await create({ extension, virtualExtension: 'generate' });
    expect({ status, extension: body.extension }).toEqual({ status: 201, extension });
    expect(Number(body.virtualExtension)).toBe(Number(extension) + 1);
  });

  it('gives twenty who are created at once twenty numbers', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => create({ virtualExtension: 'generate' })));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
    const numbers = answers.map(({ body }) => body.virtualExtension);
    expect(new Set(numbers).size).toBe(20);
    for (const { body } of answers) expect(await ownerOf(body.virtualExtension)).toBe(body.id);
  });

  it('says so when all are used', async () => {
    const full = await aTenant({
      reservedExtensions: ['10-99', '100-999', '1000-9999', '10000-99999', '100000-999999'],
    });
    const root = await full.aSuperUser();
    expect(
      await full.call('create-user', { token: root.token, body: aNewUser({ virtualExtension: 'generate' }) }),
    ).toMatchObject({
      status: 409,
      body: { code: 'number_taken', rule: 'S4-17', errors: [{ pointer: '/body/virtualExtension' }] },
    });
  });
});
