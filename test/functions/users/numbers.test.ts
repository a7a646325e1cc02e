import { keyOf } from '#domain/numbers/numbers.ts';
import { entriesAbout, ifMatch, type People, peopleOf } from '#test/functions/users/people.ts';
import { agentGrants, aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let people: People;
let token: string;
beforeAll(async () => {
  tenant = await aTenant({
    numberQuarantineDays: 10,
    sessionSeconds: 2_592_000,
    reservedNumericIds: ['900-999'],
    reservedExtensions: ['900-910', '0800'],
  });
  people = await peopleOf(tenant);
  token = people.root.token;
});
beforeEach(async () => {
  token = await tenant.signIn(people.root.user.login);
});

let count = 0;
const create = (values: object) => {
  const login = `eva-${++count}`;
  const common = { title: 'Eva', login, type: 'contact-center', ...agentGrants, authEmail: `${login}@example.com` };
  return tenant.call('create-user', { token, body: { ...common, ...values } });
};
const get = (userId: string) => tenant.call('get-user', { token, params: { userId } });
const change = async (userId: string, body: object, when?: string) => {
  const { version } = (await get(userId)).body;
  const query = when === undefined ? {} : { query: { when } };
  return tenant.call('change-user', { token, params: { userId }, body, ...query, headers: ifMatch(version) });
};
const wins = (answers: { status: number }[], status = 200) => answers.filter((each) => each.status === status);

const kinds = [
  ['numericId', 'numeric-ids', '4711', 'S3-6'],
  ['extension', 'extensions', '417', 'S0-40'],
] as const;

describe.each(kinds)('S3-5 S3-6 S0-40 %s', (field, kind, number, rule) => {
  it('belongs to one user: another is refused with a way to a free one', async () => {
    const { body } = await create({ [field]: number });
    expect(body).toMatchObject({ [field]: number });
    const refusal = {
      status: 409,
      body: { code: 'number_taken', rule, because: number, errors: [{ pointer: `/body/${field}` }] },
    };
    const refused = await create({ [field]: number });
    expect(refused).toMatchObject(refusal);
    expect(refused.body.detail).toContain(`GET /v1/numbers/${kind}`);
    const other = await tenant.aUser();
    expect(await change(other.id, { [field]: number })).toMatchObject(refusal);
    expect(await entriesAbout(tenant, other.id)).toEqual([]);
    await change(body.id, { [field]: null });
  });

  it('goes to exactly one of 30 who ask for it at once, new ones and others', async () => {
    const wanted = `${number}9`;
    const others = await Promise.all(Array.from({ length: 15 }, () => tenant.aUser()));
    const answers = await Promise.all([
      ...others.map(({ id }) => change(id, { [field]: wanted })),
      ...others.map(() => create({ [field]: wanted })),
    ]);
    expect([...wins(answers), ...wins(answers, 201)]).toHaveLength(1);
    expect(answers.filter(({ body }) => body.code === 'number_taken')).toHaveLength(29);
  });

  it('rests when it was left; who left it gets it back, others when the rest is over', async () => {
    const wanted = `${number}8`;
    const { id } = (await create({ [field]: wanted })).body;
    await change(id, { [field]: null });
    const resting = await create({ [field]: wanted });
    expect(resting).toMatchObject({ status: 409, body: { code: 'number_taken' } });
    expect(resting.body.detail).toContain('rests until 2026-');
    expect(await change(id, { [field]: wanted })).toMatchObject({ status: 200, body: { [field]: wanted } });
    await change(id, { [field]: `${number}7` });
    const other = await tenant.aUser();
    tenant.advance(10 * 86_400 - 1);
    token = await tenant.signIn(people.root.user.login);
    expect(await change(other.id, { [field]: wanted })).toMatchObject({ status: 409 });
    tenant.advance(1);
    expect(await change(other.id, { [field]: wanted })).toMatchObject({ status: 200 });
    expect(await change(id, { [field]: wanted })).toMatchObject({ status: 409 });
  });

  it('is refused where the settings keep it back', async () => {
    const { id } = await tenant.aUser();
    for (const answer of [await create({ [field]: '905' }), await change(id, { [field]: '900' })]) {
      expect(answer).toMatchObject({
        status: 422,
        body: { code: 'invalid_input', rule: 'S3-6', errors: [{ pointer: `/body/${field}` }] },
      });
    }
    expect(await tenant.read(keyOf(kind, '905'))).toBeUndefined();
  });

  it('stays with who is refused something else in the same request', async () => {
    const kept = `${number}5`;
    const taken = await tenant.aUser();
    const { id } = (await create({ [field]: kept })).body;
    const refused = await change(id, { [field]: null, authEmail: taken.authEmail });
    expect(refused).toMatchObject({ status: 409, body: { code: 'email_taken' } });
    expect((await get(id)).body).toMatchObject({ [field]: kept });
    expect(await create({ [field]: kept })).toMatchObject({ status: 409 });
  });
});

describe('S1-23 extensions that are not recommended', () => {
  const warned = (answer: { body: { warnings?: { pointer: string; detail: string; rule: string }[] } }) =>
    (answer.body.warnings ?? []).map(({ pointer, rule }) => `${pointer} ${rule}`);

  it.each([
    ['150', 1],
    ['119', 1],
    ['911', 1],
    ['999', 1],
    ['77', 1],
    ['1500', 1],
    ['218', 0],
  ])('%s gives %d warnings, and is kept', async (extension, warnings) => {
    const created = await create({ extension });
    expect(created).toMatchObject({ status: 201, body: { extension } });
    expect(warned(created)).toEqual(Array(warnings).fill('/body/extension S1-23'));
    // Said when it is given, not at each change after.
    expect(warned(await change(created.body.id, { alias: 'Eva' }))).toEqual([]);
    await change(created.body.id, { extension: null });
  });

  it('112 is nobody’s', async () => {
    const answer = await create({ extension: '112' });
    expect(answer).toMatchObject({ status: 422, body: { rule: 'S1-23', errors: [{ pointer: '/body/extension' }] } });
    expect((await create({ extension: '0112' })).status).toBe(201);
  });

  it('a number with a zero before it is another one', async () => {
    expect((await create({ extension: '0901' })).status).toBe(201);
    expect((await create({ extension: '0800' })).status).toBe(422);
    expect((await create({ extension: '800' })).status).toBe(201);
  });
});

describe('C2 S1-23 the extension of who is signed in', () => {
  const signedIn = async (extension: string) => {
    const user = await tenant.aUser(agentGrants);
    await change(user.id, { extension });
    return { user, session: await tenant.signIn(user.login) };
  };
  const now = async (userId: string) => (await get(userId)).body;
  const state = async (number: string) =>
    (await tenant.read(keyOf('extensions', number))) as { userId: string; leftAt?: number } | undefined;

  it('does not change under them; both ways are offered', async () => {
    const { user, session } = await signedIn('500');
    const answer = await change(user.id, { extension: '501', alias: 'Eva' });
    expect(answer).toMatchObject({
      status: 409,
      body: {
        code: 'user_signed_in',
        rule: 'C2',
        because: { fields: ['extension'], sessions: 1 },
        offers: ['signOutNow', 'nextSignOut'],
      },
    });
    expect(await now(user.id)).toMatchObject({ extension: '500' });
    expect(await now(user.id)).not.toHaveProperty('alias');
    expect(await state('501')).toBeUndefined();
    expect((await tenant.call('get-me', { token: session })).status).toBe(200);
  });

  it('changes at once when they are signed out for it', async () => {
    const { user, session } = await signedIn('510');
    expect(await change(user.id, { extension: '511' }, 'signOutNow')).toMatchObject({ body: { extension: '511' } });
    expect((await tenant.call('get-me', { token: session })).status).toBe(401);
    expect(await state('510')).toMatchObject({ userId: user.id, leftAt: tenant.deps.now() });
  });

  it('waits for their sign-out, and is kept for them meanwhile', async () => {
    const { user, session } = await signedIn('520');
    const answer = await change(user.id, { extension: '151' }, 'nextSignOut');
    expect(answer).toMatchObject({
      status: 200,
      body: { extension: '520', queued: { extension: '151' }, warnings: [{ rule: 'S1-23' }] },
    });
    for (const number of ['520', '151']) expect(await create({ extension: number })).toMatchObject({ status: 409 });
    await tenant.call('sign-out', { token: session });
    expect(await now(user.id)).toMatchObject({ extension: '151' });
    expect(await now(user.id)).not.toHaveProperty('queued');
    expect((await state('520'))?.leftAt).toBe(tenant.deps.now());
    expect((await state('151'))?.leftAt).toBeUndefined();
    expect(await entriesAbout(tenant, user.id, 'user.queued-change-applied')).toMatchObject([
      { changes: { extension: { before: '520', after: '151' } } },
    ]);
  });

  it('may wait to become dynamic', async () => {
    const { user, session } = await signedIn('530');
    expect(await change(user.id, { extension: null }, 'nextSignOut')).toMatchObject({
      body: { extension: '530', queued: { extension: 'dynamic' } },
    });
    await tenant.call('sign-out', { token: session });
    expect(await now(user.id)).toMatchObject({ extension: 'dynamic' });
    expect((await state('530'))?.leftAt).toBe(tenant.deps.now());
  });

  it('that was taken back, or replaced by another, is free at once: nobody was ever called by it', async () => {
    const { user } = await signedIn('540');
    await change(user.id, { extension: '541' }, 'nextSignOut');
    await change(user.id, { extension: '542' }, 'nextSignOut');
    expect(await state('541')).toBeUndefined();
    expect(await now(user.id)).toMatchObject({ extension: '540', queued: { extension: '542' } });
    await change(user.id, { queued: null });
    expect(await state('542')).toBeUndefined();
    expect(await state('540')).toMatchObject({ userId: user.id });
    expect(await create({ extension: '542' })).toMatchObject({ status: 201 });
  });

  it.each([
    [
      'an administrator signs them out',
      (userId: string) => tenant.call('sign-out-user', { token, params: { userId } }),
    ],
    [
      'their sessions run out and the sweep comes',
      async () => {
        tenant.advance(2_592_001);
        token = await tenant.signIn(people.root.user.login);
        return tenant.react('expire-tokens', {});
      },
    ],
  ])('takes effect when %s', async (_what, end) => {
    const [number, next] = [String(550 + count), String(650 + count++)];
    const { user } = await signedIn(number);
    await change(user.id, { extension: next }, 'nextSignOut');
    await end(user.id);
    expect(await now(user.id)).toMatchObject({ extension: next });
    expect((await state(number))?.leftAt).toBe(tenant.deps.now());
  });

  it('waits together with access and rights, and all of it applies at once', async () => {
    const { user, session } = await signedIn('560');
    const access = 'acc_supervisor';
    await change(user.id, { extension: '561', access }, 'nextSignOut');
    await change(user.id, { rights: 'rgt_everything' }, 'nextSignOut');
    expect(await now(user.id)).toMatchObject({ queued: { extension: '561', access, rights: 'rgt_everything' } });
    await tenant.call('sign-out', { token: session });
    expect(await now(user.id)).toMatchObject({ extension: '561', access, rights: 'rgt_everything' });
  });

  it('goes to one of ten that are to be reached by it after their sign-out', async () => {
    const all = await Promise.all(Array.from({ length: 10 }, (_, n) => signedIn(`57${n}`)));
    const answers = await Promise.all(all.map(({ user }) => change(user.id, { extension: '580' }, 'nextSignOut')));
    expect(wins(answers)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.code === 'number_taken')).toHaveLength(9);
  });
});
