import { entriesAbout, ifMatch, type People, peopleOf } from '#test/functions/users/people.ts';
import { agentGrants, aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let people: People;
let token: string;
beforeAll(async () => {
  tenant = await aTenant({ sessionSeconds: 2_592_000, idleMinutes: 1440 });
  people = await peopleOf(tenant);
  token = people.root.token;
});

interface Change {
  at: string;
  event: string;
  actor: string;
  actorTitle?: string;
  field?: string;
  before?: unknown;
  after?: unknown;
}
const history = async (userId: string, query: Record<string, string> = {}, as = token) => {
  await tenant.keepAudit();
  return tenant.call('get-user-history', { token: as, params: { userId }, query });
};
const changesOf = async (userId: string, query: Record<string, string> = {}, as = token) =>
  (await history(userId, query, as)).body.changes as Change[];
const change = async (userId: string, body: object) => {
  tenant.advance(1);
  expect(await people.change(userId, body)).toMatchObject({ status: 200 });
};
const pages = async (userId: string, limit: string, between: () => Promise<unknown> = async () => undefined) => {
  const seen: Change[] = [];
  let cursor: string | undefined;
  do {
    const { body } = await history(userId, { limit, ...(cursor && { cursor }) });
    expect(body.changes.length).toBeLessThanOrEqual(Number(limit));
    seen.push(...body.changes);
    cursor = body.next;
    if (cursor) await between();
  } while (cursor);
  return seen;
};

describe('history of a user, field by field', () => {
  it('tells who changed what, newest first, with both values', async () => {
    const { id } = await tenant.aUser({ ...agentGrants, alias: 'Jana' });
    await change(id, { alias: 'Jana N.', description: 'Has two cats' });
    await change(id, { alias: null });
    const by = { event: 'user.changed', actor: people.root.user.id, actorTitle: 'Zzz Root' };
    expect(await changesOf(id)).toEqual([
      { at: expect.any(String), ...by, field: 'alias', before: 'Jana N.' },
      { at: expect.any(String), ...by, field: 'alias', before: 'Jana', after: 'Jana N.' },
      { at: expect.any(String), ...by, field: 'description', after: 'Has two cats' },
    ]);
  });

  it('can be asked of one field', async () => {
    const { id } = await tenant.aUser();
    await change(id, { alias: 'Jana', numericId: '77' });
    await change(id, { numericId: null });
    await tenant.call('sign-out-user', { token, params: { userId: id } });
    expect((await changesOf(id, { field: 'numericId' })).map(({ before, after }) => [before, after])).toEqual([
      ['77', undefined],
      [undefined, '77'],
    ]);
    expect(await changesOf(id, { field: 'no-such-field' })).toEqual([]);
  });

  it('tells also what changed no field, and no sign-ins, which change nothing', async () => {
    const user = await tenant.aUser();
    await tenant.signIn(user.login);
    tenant.advance(1);
    await tenant.call('sign-out-user', { token, params: { userId: user.id } });
    const found = await changesOf(user.id);
    expect(found.map(({ event, field }) => [event, field])).toEqual([['user.signed-out', undefined]]);
  });

  it('pages exactly through the fields of one change and of many, while more are made', async () => {
    const { body } = await tenant.call('create-user', {
      token,
      body: { title: 'Eva', login: 'eva', type: 'contact-center', ...agentGrants, authEmail: 'eva@example.com' },
    });
    for (let n = 0; n < 5; n++) await change(body.id, { alias: `A${n}`, description: `D${n}`, firstName: `F${n}` });
    const whole = await changesOf(body.id);
    expect(whole.length).toBeGreaterThan(25);
    expect(await pages(body.id, '4')).toEqual(whole);
    let n = 5;
    // What is new comes before the first page: it is in none of the others.
    expect(await pages(body.id, '7', () => change(body.id, { alias: `A${n++}` }))).toEqual(whole);
  });

  it('names nobody who is out of sight', async () => {
    const { id } = await tenant.aUser({ userType: 'passive' });
    await change(id, { description: 'Seen' });
    const rights = await people.rights({ users: { types: ['passive'], rights: [], ids: [] } });
    const reader = await people.person(['audit:read'], { rights });
    const [found] = await changesOf(id, {}, reader.token);
    expect(found).toMatchObject({ actor: people.root.user.id, field: 'description' });
    expect(found).not.toHaveProperty('actorTitle');
    const other = await tenant.aUser();
    expect(await history(other.id, {}, reader.token)).toMatchObject({ status: 404, body: { code: 'user_not_found' } });
    expect(await history(id, {}, (await people.person(['users:read'])).token)).toMatchObject({ status: 403 });
  });

  it('is of a range of time, and refuses one that is reversed, and a cursor of another list', async () => {
    const { id } = await tenant.aUser();
    await change(id, { alias: 'early' });
    const between = new Date(tenant.deps.now()).toISOString();
    tenant.advance(60);
    await change(id, { alias: 'late' });
    expect((await changesOf(id, { to: between })).map(({ after }) => after)).toEqual(['early']);
    const from = new Date(tenant.deps.now() - 1000).toISOString();
    expect((await changesOf(id, { from })).map(({ after }) => after)).toEqual(['late']);
    expect(await history(id, { from, to: between })).toMatchObject({ status: 422, body: { code: 'range_too_long' } });
    const { next } = (await history(id, { limit: '1' })).body;
    expect(await history(people.root.user.id, { cursor: next })).toMatchObject({
      status: 400,
      body: { code: 'invalid_cursor' },
    });
    expect(await history(id, { cursor: next, field: 'alias' })).toMatchObject({ body: { code: 'invalid_cursor' } });
  });
});

describe('412 shows what is there now', () => {
  it('whole, with the details, for the difference to be shown', async () => {
    const { id } = await tenant.aUser();
    await change(id, { description: 'Theirs', alias: 'Theirs', wrapUpSeconds: 30 });
    const answer = await tenant.call('change-user', {
      token,
      params: { userId: id },
      body: { description: 'Mine' },
      headers: ifMatch(1),
    });
    expect(answer).toMatchObject({ status: 412, body: { code: 'version_stale', because: 2 } });
    expect(answer.body.current).toEqual(await people.now(id));
    expect(answer.body.current).toMatchObject({ description: 'Theirs', alias: 'Theirs', wrapUpSeconds: 30 });
  });

  it('also to nine of ten who change another field each at the same moment', async () => {
    const { id } = await tenant.aUser();
    const fields = ['alias', 'firstName', 'lastName', 'description', 'resourceFilter'];
    const answers = await Promise.all(
      [...fields, ...fields].map((field) =>
        tenant.call('change-user', { token, params: { userId: id }, body: { [field]: field }, headers: ifMatch(1) }),
      ),
    );
    const won = answers.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    for (const { status, body } of answers.filter((each) => each.status !== 200)) {
      expect({ status, current: body.current }).toEqual({ status: 412, current: won[0]?.body });
    }
    expect(await entriesAbout(tenant, id, 'user.changed')).toHaveLength(1);
  });
});
