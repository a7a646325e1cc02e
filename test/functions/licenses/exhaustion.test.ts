import { problemsOf } from '#contract/operation.ts';
import { functionPath, operationList } from '#contract/operations.ts';
import { agentGrants } from '#test/setup/tenant.ts';
import { licensesRead, type Read } from './reading.ts';

const DAY = 86_400_000;
const body = {
  login: 'new',
  title: 'New',
  type: 'contact-center',
  authEmail: 'new@example.com',
  language: 'en',
  ...agentGrants,
};

/** No seat is left; people who have one, by how many days they were away. */
async function fullHouse(read: Read, days: (number | undefined)[]) {
  const now = read.tenant.deps.now();
  const created = { createdAt: now - 100 * DAY };
  const users = [];
  for (const [n, away] of days.entries()) {
    const values = away === undefined ? {} : { lastSignInAt: now - away * DAY };
    users.push(await read.aHolder({ title: `Holder ${n}`, ...created, ...values }));
  }
  return users;
}

describe('S0-5 G7 who gets no seat hears who has one', () => {
  it('the five who have been away for longest, and what would free one', async () => {
    const read = await licensesRead({ voice: { seats: 8 } });
    // Six and the first SuperUser, who asks.
    await fullHouse(read, [1, 40, 3, undefined, 5, 2, 90]);
    const { token } = read.people.root;
    const { status, body: answer } = await read.tenant.call('create-user', { token, body });
    expect({ status, code: answer.code }).toEqual({ status: 409, code: 'license_exhausted' });
    expect(answer.because).toMatchObject({ license: 'voice', owned: 8, used: 8, free: 0, wanted: 1 });
    // Who has never signed in has been away since there is an account: 100 days.
    expect(answer.because.holders.map(({ title }: { title: string }) => title)).toEqual([
      'Holder 3',
      'Holder 6',
      'Holder 1',
      'Holder 4',
      'Holder 2',
    ]);
    expect(answer.because.holders[0]).toEqual({ id: expect.stringMatching(/^usr_/), title: 'Holder 3' });
    expect(answer.because.holders[1]).toMatchObject({ lastSignInAt: expect.any(String) });
    expect(answer.remedy).toMatch(/Deactivate somebody.*Holder 3 has one, and has never signed in$/);
  });

  it('only those whom the caller may see, and not themselves', async () => {
    const read = await licensesRead({ voice: { seats: 5 } });
    const { tenant, people } = read;
    const rights = await people.rights({ name: 'Own back-office', users: { types: ['back-office'] } });
    const [seen, hidden] = await fullHouse(read, [10, 20]);
    const some = await people.rights({ name: 'One', users: { ids: [seen?.id] } });
    const detailed = ['users:read', 'users:read-details', 'users:create'] as const;
    const sees = await people.person([...detailed], { rights: some });
    const blind = await people.person([...detailed], { rights });
    const bare = await people.person(['users:read', 'users:create'], { rights: some, userType: 'passive' });
    const none = await people.person(['users:create'], { rights: 'rgt_everything', userType: 'passive' });
    const counts = await people.person([...detailed, 'licenses:read'], { rights: some, userType: 'passive' });
    const asked = { ...body, access: undefined, rights: undefined, userType: undefined };
    const wanted = {
      ...asked,
      access: await people.access('users:create'),
      rights: await people.rights({ name: 'Nothing' }),
    };
    const tell = async (token: string) => (await tenant.call('create-user', { token, body: wanted })).body;
    const answer = await tell(sees.token);
    expect(answer).toMatchObject({ code: 'license_exhausted', because: { holders: [{ id: seen?.id }] } });
    expect(answer.because.holders).toEqual([{ id: seen?.id, title: 'Holder 0', lastSignInAt: expect.any(String) }]);
    expect(answer.remedy).toContain('Holder 0 has one');
    for (const token of [blind.token, bare.token, none.token]) {
      const refused = await tell(token);
      expect(refused).toMatchObject({ code: 'license_exhausted', because: { license: 'voice' } });
      expect(refused.because).not.toHaveProperty('holders');
      expect(JSON.stringify(refused)).not.toContain(hidden?.id);
      expect(JSON.stringify(refused)).not.toContain('Holder');
    }
    // Who may see licenses hears of those out of sight as well, but not when they were there last.
    const told = (await tell(counts.token)).because.holders;
    expect(told.find(({ id }: { id: string }) => id === hidden?.id)).toEqual({ id: hidden?.id, title: 'Holder 1' });
    expect(told.find(({ id }: { id: string }) => id === seen?.id)).toHaveProperty('lastSignInAt');
  });

  it('S0-57 how many seats there are, and where it is listed who has one, with licenses:read alone', async () => {
    const { tenant, people } = await licensesRead({ voice: { seats: 2 }, email: { seats: 0 } });
    const rights = await people.rights({ name: 'Sales' });
    // The second voice seat, beside the first SuperUser's.
    await tenant.aUser({ access: 'acc_agent', rights });
    const queues = [await people.queue('email')];
    const permissions = ['users:read', 'users:create', 'users:change', 'rights:change'] as const;
    const told = async (...more: 'licenses:read'[]) => {
      const { token } = await people.person([...permissions, ...more], { userType: 'passive' });
      const edit = { token, params: { rightsId: rights }, body: { queues } };
      const saved = await tenant.call('change-rights', { ...edit, headers: { 'if-match': '"1"' } });
      const [job] = (await tenant.jobs()).filter(({ kind }) => kind === 'move-licenses');
      const refusals = {
        create: (await tenant.call('create-user', { token, body })).body,
        'plan of creating': (await tenant.call('plan-user', { token, body: { create: body } })).body.refusal,
        edit: saved.body,
        'plan of the edit': (await tenant.call('plan-rights', edit)).body.refusal,
        job: (await tenant.call('get-job', { token, params: { jobId: job?.id as string } })).body.refusal,
      };
      return Object.entries(refusals).map(([door, { code, detail, because, remedy }]) => {
        expect([door, code]).toEqual([door, 'license_exhausted']);
        return [door, JSON.stringify({ detail, because, remedy })] as const;
      });
    };
    const numbers = /owned|used|\d/;
    for (const [door, words] of await told()) {
      expect([door, words]).toEqual([door, expect.not.stringMatching(numbers)]);
      expect([door, words]).toEqual([door, expect.not.stringContaining('/v1/licenses')]);
    }
    for (const [door, words] of await told('licenses:read')) {
      expect([door, words]).toEqual([door, expect.stringMatching(/\d (are owned and \d used|seats of \w+ are owned)/)]);
      expect([door, words]).toEqual([door, expect.stringContaining('/v1/licenses/usage/users?license=')]);
    }
  });

  it('at every door that can want a seat, and at no other', async () => {
    const wanting = operationList.filter((operation) => problemsOf(operation).includes('license_exhausted'));
    expect(wanting.map(({ id }) => id).sort()).toEqual(
      expect.arrayContaining(['change-user', 'clone-user', 'create-user', 'restore-user']),
    );
    const telling = await Promise.all(
      operationList.map(async (operation) => {
        const { handler } = await import(`#functions/${functionPath(operation)}`);
        return handler.operation.explain ? [operation.id] : [];
      }),
    );
    expect(telling.flat().sort()).toEqual(wanting.map(({ id }) => id).sort());
  });

  it('by clone, change, restore and an edit of rights as well', async () => {
    const read = await licensesRead({ voice: { seats: 4 }, email: { seats: 1 } });
    const { tenant, people } = read;
    const { token } = people.root;
    const queues = [await people.queue('email')];
    const [withMail, without] = [await people.rights({ queues }), await people.rights({})];
    const mailer = await read.aHolder({ rights: withMail, title: 'Mailer' });
    const [holder, other] = await fullHouse(read, [10, 20]);
    await tenant.aUser({ ...agentGrants, rights: without });
    const away = await tenant.aUser({ ...agentGrants, state: 'deactivated' });
    const clone = { login: 'clone', title: 'Clone', authEmail: 'clone@example.com' };
    const refusals = {
      voice: [
        await tenant.call('clone-user', { token, params: { userId: holder?.id as string }, body: clone }),
        await tenant.call('restore-user', { token, params: { userId: away.id }, body: {} }),
      ],
      email: [
        await people.change(other?.id as string, { rights: withMail }),
        await tenant.call('change-rights', {
          token,
          params: { rightsId: without },
          body: { queues },
          headers: { 'if-match': '"1"' },
        }),
      ],
    };
    for (const { status, body: answer } of refusals.voice) {
      expect({ status, code: answer.code }).toEqual({ status: 409, code: 'license_exhausted' });
      expect(answer.because.holders).toMatchObject([{ title: 'Holder 1' }, { title: 'Holder 0' }]);
    }
    for (const { status, body: answer } of refusals.email) {
      expect({ status, code: answer.code }).toEqual({ status: 409, code: 'license_exhausted' });
      expect(answer.because.holders).toEqual([{ id: mailer.id, title: 'Mailer' }]);
    }
  });
});
