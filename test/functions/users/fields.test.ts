import { userKeys } from '#table/keys.ts';
import { entriesAbout, ifMatch, type People, peopleOf } from '#test/functions/users/people.ts';
import { agentGrants, aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let people: People;
let token: string;
beforeAll(async () => {
  tenant = await aTenant();
  people = await peopleOf(tenant);
  token = people.root.token;
});

let count = 0;
const aNewUser = (values: object = {}) => {
  const login = `petr-${++count}`;
  const common = { title: 'Petr', login, type: 'contact-center', ...agentGrants, authEmail: `${login}@example.com` };
  return { ...common, ...values };
};
const create = (values: object = {}) => tenant.call('create-user', { token, body: aNewUser(values) });
const get = (userId: string, as = token) => tenant.call('get-user', { token: as, params: { userId } });
const patch = async (userId: string, body: object) => people.change(userId, body);
const pointers = ({ body }: { body: { errors: { pointer: string }[] } }) => body.errors.map(({ pointer }) => pointer);
const list = (length: number, item: (n: number) => unknown) => Array.from({ length }, (_, n) => item(n));

interface Rule {
  field: string;
  ids: string;
  /** Typed → kept. */
  takes: [unknown, unknown][];
  refuses: [string, unknown][];
  /** null takes it away. */
  optional: boolean;
}

const same = (...values: unknown[]): [unknown, unknown][] => values.map((value) => [value, value]);

const rules: Rule[] = [
  {
    field: 'title',
    ids: 'S0-8',
    takes: [
      ['Žofie Příliš-Žluťoučká', 'Žofie Příliš-Žluťoučká'],
      ['Z\u030cofie', 'Žofie'],
      ['  Jana  ', 'Jana'],
      ['x'.repeat(100), 'x'.repeat(100)],
    ],
    refuses: [
      ['101 characters', 'x'.repeat(101)],
      ['a line break', 'a\nb'],
      ['nothing but spaces', '  '],
      ['null', null],
    ],
    optional: false,
  },
  {
    field: 'emoji',
    ids: 'S0-8',
    takes: same('🎧', '👩🏽‍💻', '🇨🇿', '❤️'),
    refuses: [
      ['two', '🎧🎧'],
      ['a letter', 'a'],
      ['a digit', '1'],
      ['nothing', ''],
    ],
    optional: true,
  },
  {
    field: 'description',
    ids: 'S0-10 S1-4',
    takes: [
      ['one\r\ntwo\ttabs', 'one\ntwo\ttabs'],
      ['x'.repeat(2000), 'x'.repeat(2000)],
    ],
    refuses: [
      ['2,001 characters', 'x'.repeat(2001)],
      ['a control character', 'a\u0007b'],
      ['a lone surrogate', '\ud800'],
    ],
    optional: true,
  },
  {
    field: 'steeringKeyWords',
    ids: 'S0-11 S1-5',
    takes: [
      [
        ['invoices', ' Jana '],
        ['invoices', 'Jana'],
      ],
      [list(20, (n) => `word ${n}`), list(20, (n) => `word ${n}`)],
    ],
    refuses: [
      ['one twice, case aside', ['Invoices', 'invoices']],
      ['21', list(21, (n) => `word ${n}`)],
      ['a long one', ['x'.repeat(41)]],
      ['an empty one', ['']],
      ['text', 'invoices'],
    ],
    optional: true,
  },
  {
    field: 'alias',
    ids: 'S0-28 S1-15',
    takes: [['Petr\u030c', 'Petř'], ...same('Operator 7')],
    refuses: [
      ['61 characters', 'x'.repeat(61)],
      ['a line break', 'a\nb'],
      ['a number', 7],
    ],
    optional: true,
  },
  {
    field: 'notificationEmail',
    ids: 'S0-26 S1-14',
    takes: same('tickets+petr@example.com'),
    refuses: [
      ['two', 'a@example.com, b@example.com'],
      ['a name with it', 'Petr <petr@example.com>'],
      ['no domain', 'petr'],
      ['a header', 'petr@example.com\r\nBcc: x@example.com'],
    ],
    optional: true,
  },
  {
    field: 'timeZone',
    ids: 'S0-27 S4-18 C20',
    takes: same('automatic', 'Europe/Prague', 'America/Argentina/Buenos_Aires', 'UTC'),
    refuses: [
      ['an offset', '+02:00'],
      ['an offset of GMT', 'GMT+2'],
      ['a place that is none', 'Europe/Atlantis'],
      ['letters', 'CET1'],
      ['nothing', ''],
      ['null in a list', [null]],
    ],
    optional: true,
  },
  {
    field: 'language',
    ids: 'S3-2 C20',
    takes: same('cs', 'en-GB', 'zh-Hant-TW'),
    refuses: [
      ['a word', 'Czech language'],
      ['an underscore', 'cs_CZ'],
      ['nothing', ''],
      ['36 characters', `en-${'x'.repeat(33)}`],
    ],
    optional: true,
  },
  {
    field: 'spokenLanguages',
    ids: 'S4-19 C20',
    takes: same(['cs', 'de', 'sk-SK']),
    refuses: [
      ['one twice, case aside', ['cs', 'CS']],
      ['eleven', list(11, (n) => `${'abcdefghijk'[n]}a`)],
      ['one that is none', ['cs', 'x y']],
    ],
    optional: true,
  },
  { field: 'useQueueSignature', ids: 'S0-30', takes: same(true, false), refuses: [['text', 'yes']], optional: true },
  ...['firstName', 'lastName'].map((field) => ({
    field,
    ids: 'S4-4 S4-5',
    takes: [['  Nova\u0301kova\u0301 ', 'Nováková'] as [string, string], ...same('x'.repeat(32))],
    refuses: [['33 characters', 'x'.repeat(33)] as [string, unknown], ['a tab', 'a\tb'] as [string, unknown]],
    optional: true,
  })),
  {
    field: 'numericId',
    ids: 'S3-5',
    takes: same('1', '4711', '999999'),
    refuses: [
      ['seven digits', '1000000'],
      ['a leading zero', '007'],
      ['zero', '0'],
      ['a sign', '-1'],
      ['letters', '12a'],
      ['a number', 12],
      ['other digits', '١٢'],
    ],
    optional: true,
  },
  {
    field: 'extension',
    ids: 'S0-40 S1-2 C18',
    takes: same('217', '00', '900001'),
    refuses: [
      ['one digit', '7'],
      ['seven digits', '1234567'],
      ['an external number', '+420601234567'],
      ['the emergency number of the EU', '112'],
    ],
    optional: true,
  },
  {
    field: 'recording',
    ids: 'S0-32 C18',
    takes: same('off', 'from-call-start', 'after-bridged', 'after-bridged-with-transfer'),
    refuses: [
      ['another word', 'always'],
      ['null', null],
    ],
    optional: false,
  },
  {
    field: 'googleEmail',
    ids: 'S4-7',
    takes: same('petr@gmail.example'),
    refuses: [
      ['no address', 'petr'],
      ['255 characters', `${'x'.repeat(64)}@${'y'.repeat(186)}.com`],
    ],
    optional: true,
  },
  { field: 'assignLeads', ids: 'S4-11', takes: same(true, false), refuses: [['a number', 1]], optional: true },
  {
    field: 'wrapUpSeconds',
    ids: 'S3-13',
    takes: same(0, 60, 3600),
    refuses: [
      ['less than none', -1],
      ['over an hour', 3601],
      ['a fraction', 1.5],
      ['text', '60'],
    ],
    optional: true,
  },
  {
    field: 'resourceFilter',
    ids: 'S3-14',
    takes: same('queue:sales'),
    refuses: [['201 characters', 'x'.repeat(201)]],
    optional: true,
  },
  {
    field: 'activeFrom',
    ids: 'S4-10',
    takes: same('2026-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'),
    refuses: [
      ['a day', '2026-01-01'],
      ['an offset', '2026-01-01T00:00:00+02:00'],
      ['a number', 7],
      ['the 30th of February', '2026-02-30T00:00:00Z'],
    ],
    optional: true,
  },
  {
    field: 'activeUntil',
    ids: 'S4-10',
    takes: same('2027-01-01T00:00:00.000Z'),
    refuses: [
      ['a day', '2027-01-01'],
      ['what is over', '2026-03-02T07:59:59.000Z'],
      ['this very instant', '2026-03-02T08:00:00.000Z'],
    ],
    optional: true,
  },
];

const taken = rules.flatMap(({ field, ids, takes }) =>
  takes.map(([typed, kept]) => [ids, field, typed, kept] as const),
);
const refused = rules.flatMap(({ field, ids, refuses }) =>
  refuses.map(([what, value]) => [ids, field, what, value] as const),
);
const removable = rules.filter(({ optional }) => optional);

/** Numbers are one user's at a time, and rest when they leave them. */
const freshTenant = async (field: string) => {
  if (field !== 'numericId' && field !== 'extension') return;
  tenant = await aTenant({ numberQuarantineDays: 0 });
  people = await peopleOf(tenant);
  token = people.root.token;
};

describe('S1-2 S1-28 each field, on a new user and on one who changes', () => {
  it.each(taken)('%s: %s takes %j and keeps %j', async (_ids, field, typed, kept) => {
    await freshTenant(field);
    const created = await create({ [field]: typed });
    expect(created).toMatchObject({ status: 201, body: { [field]: kept } });
    expect((await get(created.body.id)).body[field]).toEqual(kept);
    if (field === 'numericId' || field === 'extension') await patch(created.body.id, { [field]: null });
    const { id } = (await create()).body;
    expect(await patch(id, { [field]: typed })).toMatchObject({ status: 200, body: { [field]: kept } });
    expect((await get(id)).body[field]).toEqual(kept);
  });

  it.each(refused)('%s: %s refuses %s', async (_ids, field, _what, value) => {
    if (value !== null) {
      const created = await create({ [field]: value });
      expect(created).toMatchObject({ status: 422, body: { code: 'invalid_input' } });
      expect(pointers(created)[0]).toMatch(new RegExp(`^/body/${field}`));
    }
    const { id } = await tenant.aUser();
    const changed = await patch(id, { [field]: value });
    expect(changed).toMatchObject({ status: 422, body: { code: 'invalid_input' } });
    expect(pointers(changed)[0]).toMatch(new RegExp(`^/body/${field}`));
    expect(await entriesAbout(tenant, id)).toEqual([]);
  });

  it.each(removable.map(({ field, takes }) => [field, takes.at(-1)?.[0]] as const))(
    '%s can be taken away again',
    async (field, value) => {
      await freshTenant(field);
      const { id } = (await create({ [field]: value })).body;
      const answer = await patch(id, { [field]: null });
      expect(answer.status).toBe(200);
      const left = (await get(id)).body[field];
      // Who has telephony always has an extension, if only a dynamic one (C18).
      expect(left).toEqual(field === 'extension' ? 'dynamic' : undefined);
    },
  );

  it('S0-9 S1-3 the login never changes, and says so', async () => {
    const { id } = await tenant.aUser();
    const answer = await patch(id, { login: 'another' });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/body/login' }] } });
    expect(answer.body.detail).toContain('S0-9');
  });

  it('S4-10 C3 the end of the active dates comes after their beginning, on each way', async () => {
    const reversed = { activeFrom: '2027-02-01T00:00:00Z', activeUntil: '2027-01-01T00:00:00Z' };
    const refusal = { status: 422, body: { rule: 'S4-10', errors: [{ pointer: '/body/activeUntil' }] } };
    expect(await create(reversed)).toMatchObject(refusal);
    expect(await create({ activeFrom: reversed.activeFrom, activeUntil: reversed.activeFrom })).toMatchObject(refusal);
    const { id } = (await create({ activeUntil: reversed.activeUntil })).body;
    expect(await patch(id, { activeFrom: reversed.activeFrom })).toMatchObject(refusal);
  });

  it('S1-2 C18 who has telephony always has it said how they are reached and recorded', async () => {
    expect((await create()).body).toMatchObject({ recording: 'off', extension: 'dynamic' });
    const { body } = await create({ type: 'passive' });
    expect([body.recording, body.extension]).toEqual([undefined, undefined]);
  });

  it('S3-2 S0-27 C20 who says nothing of language and time zone has none of their own: the tenant’s are in force', async () => {
    const { body } = await create();
    expect([body.language, body.timeZone, body.spokenLanguages]).toEqual([undefined, undefined, undefined]);
    const mail = (await tenant.mails()).find(({ to }) => to === body.authEmail);
    expect(mail?.language).toBe('en');
  });

  it('S1-28 nothing is changed until it is saved, and one save changes all of it or nothing', async () => {
    const { id } = (await create({ alias: 'Petr' })).body;
    const before = (await get(id)).body;
    const answer = await patch(id, { alias: 'Another', description: 'New', extension: '112' });
    expect(answer).toMatchObject({ status: 422 });
    expect((await get(id)).body).toEqual(before);
  });
});

const everything = {
  title: 'Žofie',
  emoji: '🎧',
  mobile: '+420601999888',
  description: 'Has two cats',
  steeringKeyWords: ['invoices'],
  alias: 'Zoe',
  notificationEmail: 'zofie@example.com',
  timeZone: 'Europe/Prague',
  language: 'cs',
  spokenLanguages: ['cs'],
  firstName: 'Žofie',
  lastName: 'Nováková',
  numericId: '812',
  extension: '812',
  googleEmail: 'zofie@gmail.example',
  calDavToken: 'caldav-canary-51c0',
  assignLeads: true,
  activeFrom: '2026-01-01T00:00:00.000Z',
  activeUntil: '2027-01-01T00:00:00.000Z',
  wrapUpSeconds: 30,
  resourceFilter: 'queue:vip',
};

describe('S0-8 who sees what of a user', () => {
  it('everybody who has them in sight: title and emoji, and no more', async () => {
    const { id } = (await create(everything)).body;
    const { token: agent } = await people.person(['users:read']);
    expect((await get(id, agent)).body).toEqual({
      id,
      version: 1,
      title: 'Žofie',
      emoji: '🎧',
      type: 'contact-center',
      state: 'invited',
    });
    const changing = await people.person(['users:read', 'users:change', 'audit:read']);
    const answer = await tenant.call('change-user', {
      token: changing.token,
      params: { userId: id },
      body: { wrapUpSeconds: 31 },
      headers: ifMatch(1),
    });
    expect(Object.keys(answer.body).sort()).toEqual(['emoji', 'id', 'state', 'title', 'type', 'version']);
    const stale = await tenant.call('change-user', {
      token: changing.token,
      params: { userId: id },
      body: { wrapUpSeconds: 32 },
      headers: ifMatch(1),
    });
    expect(stale).toMatchObject({ status: 412 });
    expect(Object.keys(stale.body.current).sort()).toEqual(['emoji', 'id', 'state', 'title', 'type', 'version']);
  });

  it('S0-10 themselves: all but the notes that others keep about them', async () => {
    const user = await tenant.aUser({ access: 'acc_agent', rights: 'rgt_own' });
    await patch(user.id, { description: 'Has two cats', alias: 'Zoe', firstName: 'Žofie' });
    const own = await tenant.signIn(user.login);
    const { body } = await tenant.call('get-me', { token: own });
    expect(body.user).toMatchObject({ alias: 'Zoe', firstName: 'Žofie' });
    expect(body.user).not.toHaveProperty('description');
    const changed = await tenant.call('change-me', {
      token: own,
      body: { timeZone: 'automatic' },
      headers: ifMatch(body.user.version),
    });
    expect(changed).toMatchObject({ status: 200, body: { timeZone: 'automatic' } });
    expect(changed.body).not.toHaveProperty('description');
    expect((await tenant.call('get-me', { token })).body.user).toMatchObject({ title: 'Zzz Root' });
  });
});

describe('S4-9 I13 a CalDAV token', () => {
  const canary = 'caldav-canary-7f3a91';

  it('is never shown again: not in an answer, the audit, the history, the log or the table', async () => {
    const headers = { 'idempotency-key': 'caldav-1' };
    const created = await tenant.call('create-user', { token, headers, body: aNewUser({ calDavToken: canary }) });
    const userId = created.body.id;
    expect(created.body).toMatchObject({ hasCalDavToken: true });
    const changed = await patch(userId, { calDavToken: `${canary}-2` });
    const stale = await tenant.call('change-user', {
      token,
      params: { userId },
      body: { calDavToken: `${canary}-3` },
      headers: ifMatch(1),
    });
    expect(stale.status).toBe(412);
    const seen = [
      created,
      changed,
      stale,
      await get(userId),
      await tenant.call('list-users', { token }),
      await tenant.call('get-user-history', { token, params: { userId } }),
      await tenant.call('preview-clone', { token, params: { userId } }),
      await entriesAbout(tenant, userId),
      tenant.logged,
      await tenant.allOf([userKeys.partition(userId)]),
    ];
    expect(JSON.stringify(seen)).not.toContain(canary);
  });

  it('leaves its trace in the audit each time it is set, and when it is taken away', async () => {
    const { id } = (await create()).body;
    await patch(id, { calDavToken: canary });
    tenant.advance(1);
    await patch(id, { calDavToken: `${canary}-2` });
    tenant.advance(1);
    expect((await patch(id, { calDavToken: null })).body).not.toHaveProperty('hasCalDavToken');
    const entries = (await entriesAbout(tenant, id, 'user.changed')).sort((a, b) => Number(a.at) - Number(b.at));
    expect(entries).toMatchObject([
      { changes: { hasCalDavToken: { after: true }, calDavTokenSetAt: { after: expect.any(String) } } },
      { changes: { calDavTokenSetAt: { before: expect.any(String), after: expect.any(String) } } },
      { changes: { hasCalDavToken: { before: true }, calDavTokenSetAt: { before: expect.any(String) } } },
    ]);
  });

  it.each([
    ['a short one', 'short'],
    ['a long one', 'x'.repeat(513)],
    ['one with a space', 'two words here'],
    ['one with diacritics', 'příliš-žluťoučký'],
    ['a number', 12_345_678],
  ])('is refused: %s, without being repeated', async (_what, calDavToken) => {
    const answer = await create({ calDavToken });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/body/calDavToken' }] } });
    expect(JSON.stringify(answer.body)).not.toContain(String(calDavToken));
  });

  it('opens with the tenant’s key, for its user alone', async () => {
    const { id } = (await create({ calDavToken: canary })).body;
    const sealed = (await tenant.read(userKeys.details(id)))?.calDavToken as string;
    expect(tenant.sealer.unseal(`caldav ${id}`, sealed)).toBe(canary);
    expect(tenant.sealer.unseal('caldav usr_another', sealed)).toBeUndefined();
  });
});

describe('K9 C5 names that are alike', () => {
  it('S0-26 S4-7 notification and Google addresses may be anybody’s: they sign nobody in', async () => {
    const { body } = await create({ notificationEmail: 'team@example.com', googleEmail: 'team@example.com' });
    const again = { notificationEmail: 'team@example.com', googleEmail: body.authEmail };
    expect(await create(again)).toMatchObject({ status: 201 });
    expect(await create({ authEmail: 'team@example.com' })).toMatchObject({ status: 201 });
  });
});

describe('S4-8 a Kerberos login', () => {
  it('is used for nothing, so it is not taken and forgotten in silence: the request hears that there is no such field', async () => {
    const answer = await create({ kerberosLogin: 'jana@EXAMPLE.COM' });
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_input' } });
    expect(pointers(answer as never)).toEqual(['/body/kerberosLogin']);
  });
});
