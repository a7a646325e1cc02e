import { superUsersKey, userKeys } from '#table/keys.ts';
import { agentGrants, aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let token: string;
beforeAll(async () => {
  tenant = await aTenant();
  token = (await tenant.aSuperUser()).token;
});

let count = 0;
function aNewUser(values: Record<string, unknown> = {}) {
  count++;
  return {
    title: `Jana Nováková ${count}`,
    login: `jana-${count}`,
    type: 'contact-center',
    ...agentGrants,
    authEmail: `jana-${count}@example.com`,
    ...values,
  };
}

const create = (body: unknown, headers = {}) => tenant.call('create-user', { token, body, headers });

describe('S0-2 S0-3 S1-1 S3-1 S4-1 S4-2 creating a user by invitation', () => {
  it('keeps title with diacritics, emoji, login as typed and language, and invites by mail in that language', async () => {
    const body = aNewUser({
      title: 'Žofie Příliš-Žluťoučká',
      emoji: '🎧',
      login: 'Žofie',
      language: 'cs',
      secondFactor: 'email-otp',
    });
    const answer = await create(body);
    expect(answer).toMatchObject({
      status: 201,
      headers: { etag: '"1"' },
      body: {
        title: body.title,
        emoji: '🎧',
        login: 'Žofie',
        state: 'invited',
        secondFactor: 'email-otp',
        superUser: false,
        version: 1,
      },
    });
    const [mail] = (await tenant.mails()).filter(({ to }) => to === body.authEmail);
    expect(mail).toMatchObject({ template: 'invite', language: 'cs' });
    expect(await tenant.call('get-user', { token, params: { userId: answer.body.id } })).toMatchObject({
      status: 200,
      body: answer.body,
    });
  });

  it('writes one audit entry that names who and what', async () => {
    const { body } = await create(aNewUser());
    const entries = (await tenant.audit()).filter(({ subject }) => (subject as { id: string }).id === body.id);
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({ event: 'user.created', changes: { login: { after: body.login } } });
  });

  it('never answers with hashes or other inner fields', async () => {
    const { body } = await create(aNewUser());
    expect(Object.keys(body).sort()).toEqual(
      [
        'access',
        'authEmail',
        'createdAt',
        'extension',
        'id',
        'inviteExpiresAt',
        'login',
        'recording',
        'rights',
        'secondFactor',
        'state',
        'superUser',
        'title',
        'type',
        'updatedAt',
        'userGroup',
        'version',
      ].sort(),
    );
  });

  it('S0-2 S0-25 makes API users, system users and AI coworkers active at once, without invite and, but for API users, without address', async () => {
    for (const type of ['api', 'system', 'ai-coworker']) {
      const none = { authEmail: undefined, access: undefined, rights: undefined };
      const body = aNewUser({ type, ...(type !== 'api' && none) });
      expect(await create(body)).toMatchObject({ status: 201, body: { state: 'active', type } });
    }
  });

  it('S0-25 wants an address of everybody else', async () => {
    for (const type of ['contact-center', 'back-office', 'cloudphone', 'passive', 'api']) {
      const grants = type === 'cloudphone' ? { access: undefined, rights: undefined } : {};
      expect(await create(aNewUser({ type, ...grants, authEmail: undefined }))).toMatchObject({
        status: 422,
        body: { code: 'invalid_input', errors: [{ pointer: '/body/authEmail' }] },
      });
    }
  });

  it('S0-7 refuses fields that the type does not have', async () => {
    expect(await create(aNewUser({ type: 'system' }))).toMatchObject({
      status: 422,
      body: {
        rule: 'S0-7',
        errors: [{ pointer: '/body/authEmail' }, { pointer: '/body/access' }, { pointer: '/body/rights' }],
      },
    });
    expect(
      await create(
        aNewUser({
          type: 'ai-coworker',
          authEmail: undefined,
          access: undefined,
          rights: undefined,
          secondFactor: 'email-otp',
        }),
      ),
    ).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/body/secondFactor' }] },
    });
  });
});

describe('S0-9 C5 K9 unique sign-in names', () => {
  it('refuse a taken login in another case or Unicode form', async () => {
    await create(aNewUser({ login: 'Ångström' }));
    for (const login of [
      'ångström',
      'ÅNGSTRÖM',
      'A\u030angstro\u0308m',
      '\u212bngström',
      'ａngström'.replace('ａ', 'å'),
    ]) {
      expect(await create(aNewUser({ login }))).toMatchObject({
        status: 409,
        body: { code: 'login_taken', errors: [{ pointer: '/body/login' }] },
      });
    }
  });

  it('refuse a login that is somebody’s address, and an address that is somebody’s login or address', async () => {
    const taken = aNewUser({ login: 'x@example.com' });
    await create(taken);
    expect(await create(aNewUser({ login: taken.authEmail }))).toMatchObject({
      status: 409,
      body: { code: 'login_taken' },
    });
    expect(await create(aNewUser({ authEmail: 'X@example.com' }))).toMatchObject({
      status: 409,
      body: { code: 'email_taken' },
    });
    expect(await create(aNewUser({ authEmail: taken.authEmail.toUpperCase() }))).toMatchObject({
      status: 409,
      body: { code: 'email_taken' },
    });
  });

  it('may be one and the same for one user', async () => {
    expect(await create(aNewUser({ login: 'same@example.com', authEmail: 'same@example.com' }))).toMatchObject({
      status: 201,
    });
  });

  it('go to exactly one of 50 parallel requests with case and Unicode variants', async () => {
    const variants = ['Müller', 'MÜLLER', 'mu\u0308ller', 'mÜller', 'müLLER'];
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => create(aNewUser({ login: variants[n % 5] }))),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status, body }) => status === 409 && body.code === 'login_taken')).toHaveLength(49);
  });

  it('leave nothing half-written when they are refused', async () => {
    const taken = aNewUser();
    await create(taken);
    const mailsBefore = (await tenant.mails()).length;
    const auditBefore = (await tenant.audit()).length;
    expect(await create(aNewUser({ login: taken.login, authEmail: 'fresh@example.com' }))).toMatchObject({
      status: 409,
    });
    expect((await tenant.mails()).length).toBe(mailsBefore);
    expect((await tenant.audit()).length).toBe(auditBefore);
    expect(await create(aNewUser({ authEmail: 'fresh@example.com' }))).toMatchObject({ status: 201 });
  });
});

describe('S0-8 S0-9 bad input names the field and the remedy', () => {
  const cases: [string, Record<string, unknown>, string][] = [
    ['an empty title', { title: '   ' }, '/body/title'],
    ['a title with a line break', { title: 'a\r\nBcc: x@example.com' }, '/body/title'],
    ['a title with a NUL', { title: 'a\u0000b' }, '/body/title'],
    ['a title with a lone surrogate', { title: 'a\ud800' }, '/body/title'],
    ['a title that is too long', { title: 'x'.repeat(101) }, '/body/title'],
    ['a login with a space', { login: 'two words' }, '/body/login'],
    ['a login with a key separator', { login: 'a#b' }, '/body/login'],
    ['a login past 32 characters', { login: 'x'.repeat(33) }, '/body/login'],
    ['an address without a domain', { authEmail: 'jana' }, '/body/authEmail'],
    ['two addresses', { authEmail: 'a@example.com,b@example.com' }, '/body/authEmail'],
    ['an unknown type', { type: 'boss' }, '/body/type'],
    ['an unknown factor', { secondFactor: 'sms' }, '/body/secondFactor'],
    ['two emoji', { emoji: '🎧🎧' }, '/body/emoji'],
    ['letters for an emoji', { emoji: 'ab' }, '/body/emoji'],
    ['a language that is none', { language: 'not a language' }, '/body/language'],
    ['a title that is a number', { title: 7 }, '/body/title'],
    ['an unknown field', { admin: true }, '/body/admin'],
    ['an id of one’s own', { id: 'usr_1' }, '/body/id'],
  ];
  it.each(cases)('refuses %s', async (_what, values, pointer) => {
    const answer = await create(aNewUser(values));
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_input' } });
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
  });

  it('refuses __proto__ as a plain unknown field', async () => {
    const rawBody = JSON.stringify(aNewUser()).replace('{', '{"__proto__":{"superUser":true},');
    expect(await tenant.call('create-user', { token, rawBody })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/body/__proto__' }] },
    });
  });
});

describe('S4-20 C12 SuperUsers', () => {
  it('are made by SuperUsers, and count as such only once active', async () => {
    const { body } = await create(aNewUser({ superUser: true }));
    expect(body).toMatchObject({ superUser: true, state: 'invited' });
    expect((await tenant.read(superUsersKey))?.ids).not.toContain(body.id);
  });
});

describe('Idempotency-Key', () => {
  it('gives a repeated request the first answer, and creates once', async () => {
    const body = aNewUser();
    const headers = { 'idempotency-key': 'once-1' };
    const first = await create(body, headers);
    const second = await create(body, headers);
    expect(second).toMatchObject({ status: 201, body: first.body });
    expect((await tenant.mails()).filter(({ to }) => to === body.authEmail)).toHaveLength(1);
  });

  it('creates once for 50 parallel repeats, and answers them all alike', async () => {
    const body = aNewUser();
    const answers = await Promise.all(Array.from({ length: 50 }, () => create(body, { 'idempotency-key': 'once-2' })));
    expect(new Set(answers.map((answer) => `${answer.status} ${answer.body.id}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(201);
  });

  it('is refused for another request', async () => {
    const headers = { 'idempotency-key': 'once-3' };
    await create(aNewUser(), headers);
    expect(await create(aNewUser(), headers)).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
  });

  it('does not keep refusals: the corrected world may be asked again', async () => {
    const headers = { 'idempotency-key': 'once-4' };
    await create(aNewUser({ login: 'taken-before' }));
    const body = aNewUser({ login: 'taken-before' });
    expect(await create(body, headers)).toMatchObject({ status: 409 });
    expect(await create({ ...body, login: 'somebody-else' }, headers)).toMatchObject({ status: 201 });
  });

  it('belongs to one caller', async () => {
    const other = (await tenant.aSuperUser()).token;
    const headers = { 'idempotency-key': 'once-5' };
    await create(aNewUser(), headers);
    expect(await tenant.call('create-user', { token: other, body: aNewUser(), headers })).toMatchObject({
      status: 201,
    });
  });
});

describe('I13 nothing secret in clear', () => {
  it('stands in the new user’s items', async () => {
    const { body } = await create(aNewUser());
    const [mail] = (await tenant.mails()).filter(({ to }) => to === body.authEmail);
    const secret = mail?.data.link?.split('#')[1] as string;
    const items = await tenant.allOf([
      userKeys.partition(body.id),
      ...Array.from({ length: 8 }, (_, n) => `OUTBOX#${n}`),
    ]);
    expect(JSON.stringify(items)).not.toContain(secret);
  });
});
