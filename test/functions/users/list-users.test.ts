import { aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let token: string;
beforeAll(async () => {
  tenant = await aTenant();
  token = (await tenant.aSuperUser({ title: 'Zzz Admin' })).token;
});

const list = (query: Record<string, string> = {}, by = token) => tenant.call('list-users', { token: by, query });
const titles = ({ body }: { body: { users: { title: string }[] } }) => body.users.map(({ title }) => title);

describe('S0-4 S1-1 the list of users', () => {
  it('is in order of titles, accents and case aside', async () => {
    for (const title of ['Zdeněk', 'Čeněk', 'adam', 'Bára', 'Ádám 2']) await tenant.aUser({ title });
    expect(titles(await list())).toEqual(['adam', 'Ádám 2', 'Bára', 'Čeněk', 'Zdeněk', 'Zzz Admin']);
  });

  it('gives every user exactly once, page after page', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list({ limit: '2', ...(cursor && { cursor }) });
      expect(page.body.users.length).toBeLessThanOrEqual(2);
      seen.push(...titles(page));
      cursor = page.body.next;
    } while (cursor);
    expect(seen).toEqual(titles(await list()));
  });

  it('S0-56 shows deactivated users only when asked for them', async () => {
    const user = await tenant.aUser({ title: 'Gone' });
    await tenant.call('deactivate-user', { token, params: { userId: user.id } });
    expect(titles(await list())).not.toContain('Gone');
    expect(titles(await list({ deactivated: 'true' }))).toEqual(['Gone']);
  });

  it('refuses a cursor of another list, of another caller, and a bent one', async () => {
    const { next } = (await list({ limit: '1' })).body;
    const other = (await tenant.aSuperUser({ title: 'Zzz Other' })).token;
    for (const answer of [
      await list({ limit: '1', cursor: next, deactivated: 'true' }),
      await list({ limit: '1', cursor: next }, other),
      await list({ limit: '1', cursor: `${next.slice(0, -2)}AA` }),
      await list({ limit: '1', cursor: 'nonsense' }),
    ]) {
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_cursor' } });
    }
    expect(await list({ limit: '5', cursor: next })).toMatchObject({ status: 200 });
  });

  it('refuses limits out of range and unknown parameters', async () => {
    const wrong: Record<string, string>[] = [
      { limit: '0' },
      { limit: '101' },
      { limit: 'x' },
      { deactivated: 'maybe' },
      { sort: 'title' },
    ];
    for (const query of wrong) {
      expect(await list(query)).toMatchObject({
        status: 422,
        body: { code: 'invalid_input' },
      });
    }
  });
});
