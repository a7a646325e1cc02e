import { createHash } from 'node:crypto';
import { userKeys } from '#table/keys.ts';
import { peopleOf } from '#test/functions/users/people.ts';
import { DAY, type Issuing, issuing } from './issuing.ts';

let here: Issuing;
beforeAll(async () => {
  here = await issuing();
});

const isoAfter = (instant: string, seconds: number) => new Date(Date.parse(instant) + seconds * 1000).toISOString();

describe('S0-44 S0-48 S0-51 creating an API token', () => {
  it('answers its value once, with a prefix that tells what it is, and 365 days to live', async () => {
    const { owner, token } = await here.owned();
    expect(token).toMatchObject({
      id: expect.stringMatching(/^tok_[0-9a-f]{16}$/),
      userId: owner.id,
      version: 1,
      title: 'CRM integration',
      enabled: true,
      expired: false,
      expiresAt: isoAfter(token.createdAt, 365 * DAY),
      customValidity: false,
      extendWithUse: false,
      imported: false,
      savedAt: token.createdAt,
      value: expect.stringMatching(/^rst_[\w-]{70}$/),
    });
    expect(await here.use(token.value)).toBe('works');
    const [listed] = await here.listed(owner.id);
    expect(listed).toMatchObject({ id: token.id });
    expect(listed).not.toHaveProperty('value');
    expect(JSON.stringify(listed)).not.toMatch(/hash|sha/i);
  });

  it('lists several, newest first', async () => {
    const { owner, token } = await here.owned();
    here.tenant.advance(1);
    const second = (await here.create(owner.id, { title: 'BI' })).body;
    expect((await here.listed(owner.id)).map(({ id }: { id: string }) => id)).toEqual([second.id, token.id]);
  });

  it('S0-45 makes a disabled one, if wanted, which does nothing until it is enabled', async () => {
    const { token } = await here.owned({ enabled: false });
    expect(await here.use(token.value)).toBe('not_signed_in');
    await here.change(token, { enabled: true });
    expect(await here.use(token.value)).toBe('works');
  });

  it('is told to the owner, who learns who made it, and goes into the audit without its value', async () => {
    const { owner, token } = await here.owned({ title: 'Billing export' });
    const mail = (await here.tenant.mails()).find(({ to }) => to === owner.authEmail);
    expect(mail).toMatchObject({
      template: 'token-created',
      data: { tokenTitle: 'Billing export', by: here.root.title },
    });
    const [entry] = (await here.tenant.audit()).filter(({ subject }) => (subject as { id: string }).id === token.id);
    expect(entry).toMatchObject({
      event: 'token.created',
      actor: here.root.id,
      session: expect.stringMatching(/^ses_/),
      changes: { userId: { after: owner.id }, title: { after: 'Billing export' } },
    });
    expect(JSON.stringify(entry)).not.toMatch(/value|hash/i);
  });

  it('I13 leaves the value in no item, no log line and no audit entry, and gives it again only to the very same request', async () => {
    const owner = await here.tenant.aUser();
    const headers = { 'idempotency-key': 'once' };
    const { body } = await here.create(owner.id, {}, headers);
    expect((await here.create(owner.id, {}, headers)).body).toEqual(body);
    expect(await here.listed(owner.id)).toHaveLength(1);
    await here.use(body.value);
    await here.tenant.keepAudit();
    const secret = body.value.slice('rst_'.length);
    const bits = Buffer.from(secret, 'base64url').subarray(20);
    const everywhere = [await here.everything(), JSON.stringify(here.tenant.logged)].join();
    expect(everywhere).toContain(body.id);
    for (const form of [secret, secret.slice(-20), bits.toString('hex'), bits.toString('base64')]) {
      expect(everywhere).not.toContain(form);
    }
  });

  it('holds at 50 for a user, also when 60 are made at once, and a deleted one makes room', async () => {
    const owner = await here.tenant.aUser();
    const answers = await Promise.all(Array.from({ length: 60 }, () => here.create(owner.id)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(50);
    const refused = answers.filter(({ status }) => status !== 201);
    for (const answer of refused) expect(answer).toMatchObject({ status: 409, body: { code: 'too_many_tokens' } });
    const tokens = await here.listed(owner.id);
    expect(tokens).toHaveLength(50);
    await here.asRoot('delete-token', { params: { userId: owner.id, tokenId: tokens[0].id } });
    const more = await Promise.all(Array.from({ length: 3 }, () => here.create(owner.id)));
    expect(more.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  });
});

describe('S0-49 custom validity', () => {
  it('is taken to the second', async () => {
    const expiresAt = here.at(3 * DAY);
    expect((await here.owned({ expiresAt })).token).toMatchObject({ expiresAt, customValidity: true });
  });

  it('is refused in the past, at this instant, and further than ten years away', async () => {
    const { id } = await here.tenant.aUser();
    for (const seconds of [-1, 0, 3660 * DAY]) {
      expect(await here.create(id, { expiresAt: here.at(seconds) })).toMatchObject({
        status: 422,
        body: {
          code: 'invalid_input',
          rule: 'S0-49',
          errors: [{ pointer: '/body/expiresAt' }],
          remedy: expect.any(String),
        },
      });
    }
    expect(await here.create(id, { expiresAt: here.at(3650 * DAY) })).toMatchObject({ status: 201 });
    expect(await here.listed(id)).toHaveLength(1);
  });
});

describe('S0-46 K6 a title', () => {
  it('that holds the value of a token is refused, whole or cut short, whoever’s token it is', async () => {
    const { owner, token } = await here.owned();
    const before = JSON.stringify(await here.listed(owner.id));
    const titles = [token.value, `CRM ${token.value} production`, `x${token.value}x`, token.value.slice(0, 60)];
    for (const title of titles) {
      for (const answer of [await here.create(owner.id, { title }), await here.change(token, { title })]) {
        expect(answer).toMatchObject({
          status: 422,
          body: { code: 'token_value_in_title', rule: 'S0-46', errors: [{ pointer: '/body/title' }] },
        });
        expect(JSON.stringify(answer.body)).not.toContain(token.value.slice(4, 50));
      }
    }
    expect(JSON.stringify(await here.listed(owner.id))).toBe(before);
    expect(await here.create(owner.id, { title: 'rst_crm - production' })).toMatchObject({ status: 201 });
  });

  it('that holds the value of an imported token is refused as well, whatever stands around it', async () => {
    const { id: userId } = await here.tenant.aUser();
    const value = 'Zm9yZWlnbiB0b2tlbg==';
    const sha256 = createHash('sha256').update(value).digest('hex');
    const body = { title: 'Old CRM', sha256 };
    const around = [value, `CRM ${value}`, `"${value}"`, `token=${value}`, `(${value}) CRM`];
    for (const title of around) {
      const answer = await here.asRoot('import-token', { params: { userId }, body: { ...body, title } });
      expect(answer).toMatchObject({ status: 422, body: { code: 'token_value_in_title' } });
    }
    expect(await here.asRoot('import-token', { params: { userId }, body })).toMatchObject({ status: 201 });
    for (const title of around) {
      expect(await here.create(userId, { title })).toMatchObject({ body: { code: 'token_value_in_title' } });
    }
  });
});

describe('C12 nobody grants more than they hold, with tokens neither', () => {
  it('refuses tokens of who holds more, of who is out of sight, and of who got more at that very moment', async () => {
    const people = await peopleOf(here.tenant);
    const admin = await people.person(['users:read', 'tokens:read', 'tokens:change']);
    const create = (userId: string) =>
      here.tenant.call('create-token', { token: admin.token, params: { userId }, body: { title: 'T' } });
    const boss = await here.tenant.aUser({ access: 'acc_administrator' });
    expect(await create(boss.id)).toMatchObject({ status: 403, body: { code: 'outranked' } });
    expect(await create(here.root.id)).toMatchObject({ status: 403, body: { code: 'outranked' } });
    expect(await create('usr_000000000000000000000000')).toMatchObject({ status: 404 });
    const narrow = await people.person(['tokens:read', 'tokens:change'], { rights: 'rgt_own' });
    const hidden = { token: narrow.token, params: { userId: boss.id } };
    expect(await here.tenant.call('list-tokens', hidden)).toMatchObject({ body: { code: 'user_not_found' } });

    for (let round = 0; round < 5; round++) {
      const plain = await here.tenant.aUser({ access: 'acc_agent' });
      const [made] = await Promise.all([create(plain.id), people.change(plain.id, { superUser: true })]);
      // Before the promotion it may have been made, never after.
      expect([201, 403]).toContain(made.status);
      if (made.status === 403) expect(await here.listed(plain.id)).toEqual([]);
    }
  });

  it('asks for tokens:change, and tokens:read to see them; one’s own are no exception', async () => {
    const agent = await here.tenant.aUser({ access: 'acc_agent', rights: 'rgt_own' });
    const token = await here.tenant.signIn(agent.login);
    const own = { token, params: { userId: agent.id } };
    expect(await here.tenant.call('create-token', { ...own, body: { title: 'Mine' } })).toMatchObject({
      status: 403,
      body: { code: 'not_permitted', because: 'tokens:change' },
    });
    expect(await here.tenant.call('list-tokens', own)).toMatchObject({
      status: 403,
      body: { code: 'not_permitted', because: 'tokens:read' },
    });
    expect(await here.tenant.read(userKeys.limit(agent.id, 'tokens'))).toBeUndefined();
  });
});
