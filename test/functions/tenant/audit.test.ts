import { ifMatch, type People, peopleOf } from '#test/functions/users/people.ts';
import { aTenant, password, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let people: People;
let token: string;
beforeAll(async () => {
  tenant = await aTenant();
  people = await peopleOf(tenant);
  token = people.root.token;
});

interface Entry {
  id: string;
  at: string;
  event: string;
  actor: string;
  subject: { type: string; id: string };
}

const list = async (query: Record<string, string> = {}, by = token) => {
  await tenant.keepAudit();
  return tenant.call('list-audit', { token: by, query });
};
async function allPages(query: Record<string, string>, by = token): Promise<Entry[]> {
  const entries: Entry[] = [];
  let cursor: string | undefined;
  do {
    const page = await list({ ...query, ...(cursor && { cursor }) }, by);
    expect(page.status).toBe(200);
    expect(page.body.entries.length).toBeLessThanOrEqual(Number(query.limit ?? 100));
    entries.push(...page.body.entries);
    cursor = page.body.next;
  } while (cursor);
  return entries;
}
const isNewestFirst = (entries: Entry[]) => entries.every(({ at }, n) => n === 0 || at <= (entries[n - 1]?.at ?? ''));
const now = () => new Date(tenant.deps.now()).toISOString();

describe('who changed what', () => {
  it('comes newest first, each entry exactly once over pages of any size, also within one instant', async () => {
    const user = await tenant.aUser();
    for (let n = 0; n < 12; n++) {
      await people.change(user.id, { title: `Title ${n}` });
      if (n % 4 === 3) tenant.advance(600);
    }
    const whole = await allPages({});
    expect(isNewestFirst(whole)).toBe(true);
    expect(new Set(whole.map(({ id }) => id)).size).toBe(whole.length);
    for (const limit of ['1', '3', '7']) {
      expect((await allPages({ limit })).map(({ id }) => id)).toEqual(whole.map(({ id }) => id));
    }
    expect(whole.filter(({ event, subject }) => event === 'user.changed' && subject.id === user.id)).toHaveLength(12);
  });

  it('is not confused by what happens while somebody pages', async () => {
    const first = await list({ limit: '2' });
    const before = (await allPages({})).map(({ id }) => id);
    tenant.advance(1);
    await people.access('users:read');
    const seen = first.body.entries.map(({ id }: Entry) => id);
    let cursor = first.body.next;
    while (cursor) {
      const page = await list({ limit: '2', cursor });
      seen.push(...page.body.entries.map(({ id }: Entry) => id));
      cursor = page.body.next;
    }
    expect(seen).toEqual(before);
  });

  it('is filtered by who, what, which event, and all of these', async () => {
    const { user: actor, token: own } = await people.person(['users:read', 'users:change']);
    const [one, two] = [await tenant.aUser(), await tenant.aUser()];
    for (const { id } of [one, two]) {
      const options = { token: own, params: { userId: id }, body: { title: 'Seen' }, headers: ifMatch(1) };
      expect(await tenant.call('change-user', options)).toMatchObject({ status: 200 });
    }
    await people.change(one.id, { title: 'Again' });
    const found = async (query: Record<string, string>) =>
      (await allPages(query)).map(({ event, actor, subject }) => [event, actor, subject.id]);
    const root = people.root.user.id;
    expect(await found({ subject: one.id })).toEqual(
      expect.arrayContaining([
        ['user.changed', root, one.id],
        ['user.changed', actor.id, one.id],
      ]),
    );
    expect(await found({ subject: one.id })).toHaveLength(2);
    expect(await found({ actor: actor.id, event: 'user.changed' })).toHaveLength(2);
    expect(await found({ actor: actor.id, event: 'user.changed', subject: two.id })).toEqual([
      ['user.changed', actor.id, two.id],
    ]);
    expect(await found({ actor: actor.id, event: 'user.created' })).toEqual([]);
    expect(await found({ subject: 'usr_#' })).toEqual([]);
  });

  it('is filtered by time, both ends included', async () => {
    const user = await tenant.aUser();
    tenant.advance(10);
    const from = now();
    await people.change(user.id, { title: 'At first' });
    tenant.advance(10);
    const to = now();
    await people.change(user.id, { title: 'At last' });
    tenant.advance(10);
    await people.change(user.id, { title: 'Later' });
    expect(await allPages({ subject: user.id, from, to })).toHaveLength(2);
    expect(await allPages({ subject: user.id, to: from })).toHaveLength(1);
    expect(await allPages({ subject: user.id, from: now() })).toHaveLength(1);
  });

  it('goes back over months, in pages that may be empty', async () => {
    const own = await aTenant();
    const ownPeople = await peopleOf(own);
    const id = await ownPeople.access('users:read');
    await own.keepAudit();
    own.advance(100 * 86_400);
    const { token: later } = await own.aSuperUser();
    expect((await own.call('list-audit', { token: later, query: { subject: id } })).body).toEqual({ entries: [] });
    const from = new Date(own.deps.now() - 120 * 86_400_000).toISOString();
    const seen: Entry[] = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      const query = { subject: id, from, ...(cursor && { cursor }) };
      const { body } = await own.call('list-audit', { token: later, query });
      seen.push(...body.entries);
      cursor = body.next;
      pages++;
    } while (cursor && pages < 10);
    expect(seen).toMatchObject([{ event: 'access.created' }]);
    expect(pages).toBe(4);
  });

  it('has cursors that are good for the same question and caller only', async () => {
    const query = { limit: '1', event: 'access.created' };
    const { next } = (await list(query)).body;
    const other = await people.person(['audit:read']);
    for (const answer of [
      await list({ ...query, cursor: next, event: 'user.changed' }),
      await list({ ...query, cursor: next, actor: 'system' }),
      await list({ ...query, cursor: next, subject: 'x' }),
      await list({ ...query, cursor: next, to: now() }),
      await list({ ...query, cursor: next, from: now() }),
      await list({ ...query, cursor: next }, other.token),
      await list({ ...query, cursor: `${next.slice(0, -2)}AA` }),
      await list({ ...query, cursor: 'nonsense' }),
    ]) {
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_cursor' } });
    }
    expect(await list({ ...query, limit: '2', cursor: next })).toMatchObject({ status: 200 });
  });

  it('refuses ranges that are reversed, too long or no times', async () => {
    const to = now();
    const daysAgo = (days: number) => new Date(tenant.deps.now() - days * 86_400_000).toISOString();
    expect(await list({ from: daysAgo(366), to })).toMatchObject({ status: 200 });
    expect(await list({ from: daysAgo(366.001), to })).toMatchObject({
      status: 422,
      body: { code: 'range_too_long', errors: [{ pointer: '/query/from' }] },
    });
    expect(await list({ from: to, to: daysAgo(1) })).toMatchObject({ status: 422, body: { code: 'range_too_long' } });
    const noTimes: Record<string, string>[] = [
      { from: 'yesterday' },
      { to: '2026-02-30T00:00:00Z' },
      { from: '2026-03-01' },
    ];
    for (const query of noTimes) {
      expect(await list(query)).toMatchObject({
        status: 422,
        body: { code: 'invalid_input', errors: [{ pointer: `/query/${Object.keys(query)[0]}` }] },
      });
    }
    for (const day of ['0000-01-01T00:00:00Z', '9999-12-31T23:59:59Z']) {
      expect((await list({ to: day })).status).toBe(200);
    }
  });

  it('is for who may read the audit', async () => {
    const { token: without } = await people.person(['users:read']);
    expect(await list({}, without)).toMatchObject({ status: 403, body: { because: 'audit:read' } });
    const { token: auditor } = await people.person([], { roles: ['rol_auditor'] });
    expect(await list({}, auditor)).toMatchObject({ status: 200 });
  });

  it('holds no secret', async () => {
    const user = await tenant.aUser({ secondFactor: 'email-otp' });
    const session = await tenant.signIn(user.login);
    await tenant.call('request-password-reset', { body: { login: user.login } });
    const link = (await tenant.mails()).at(-1)?.data.link?.split('#')[1] as string;
    const chosen = 'quiet hill over the lake';
    expect(await tenant.call('complete-password-reset', { body: { token: link, password: chosen } })).toMatchObject({
      status: 204,
    });
    const body = {
      title: 'I',
      login: 'invited-one',
      type: 'passive',
      authEmail: 'i@example.com',
      access: 'acc_agent',
      rights: 'rgt_own',
    };
    await tenant.call('create-user', { token, body });
    const text = JSON.stringify([await allPages({}), await tenant.audit()]);
    const codes = (await tenant.mails()).flatMap(({ data }) => [data.code, data.link?.split('#')[1]]);
    for (const secret of [password, chosen, session, link, token, ...codes]) {
      if (secret) expect(text).not.toContain(secret.length > 20 ? secret.slice(-20) : `"${secret}"`);
    }
    for (const word of ['secretHash', 'phc', 'argon', 'codeFingerprint', 'epoch']) expect(text).not.toContain(word);
  });
});
