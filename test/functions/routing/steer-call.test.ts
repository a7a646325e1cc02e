import { startIndexing } from '#domain/directory/reindex.ts';
import { followKeyWords } from '#domain/routing/steering-index.ts';
import { directoryKey, steeringKey, userKeys } from '#table/keys.ts';
import { type Item, put, remove } from '#table/write.ts';
import { allItems } from '#test/setup/items.ts';
import { streamOf, type TestStream } from '#test/setup/stream.ts';
import { aPlatform, type Platform } from './platform.ts';

let here: Platform;
let stream: TestStream;
beforeAll(async () => {
  here = await aPlatform();
  stream = await streamOf(here);
  await stream.deliver();
});

const steer = async (words: string, query = {}) => {
  const { status, body } = await here.ask('steer-call', { query: { words, ...query } });
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body.users as { user: { id: string }; words: string[]; reachable: boolean }[];
};
const ids = async (words: string) => (await steer(words)).map(({ user }) => user.id);
const entries = async (userId?: string) =>
  (await allItems(here))
    .filter(({ type, sk }) => type === 'steering' && (userId === undefined || sk.endsWith(userId)))
    .map(({ sk }) => sk.split('#')[0])
    .sort();

const asRoot = async (id: 'change-user' | 'deactivate-user' | 'restore-user', userId: string, body: object) => {
  const call = { token: here.root.token, params: { userId }, body };
  const { version } = (await here.call('get-user', { token: here.root.token, params: { userId } })).body;
  const answer = await here.call(id, { ...call, headers: { 'if-match': `"${version}"` } });
  if (answer.status >= 300) throw new Error(`${id} answered ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
};
const person = async (steeringKeyWords: string[], values = {}) => {
  const user = await here.person({ access: 'acc_agent', rights: 'rgt_own', ...values });
  await asRoot('change-user', user.id, { steeringKeyWords });
  return user;
};

describe('S0-11 S1-5 whom a caller means', () => {
  it('is found by their key words, most of them first, then whoever is ready', async () => {
    const jana = await person(['Faktury', 'pozdní platba']);
    const eva = await person(['faktury']);
    const petr = await person(['faktury'], { staticLogin: true });
    const jan = await person(['fakturyx']);
    await here.work(eva.id, { queues: ['que_1'], ready: false });
    await stream.deliver();
    expect(await ids('Fáktury: pozdni platba?')).toEqual([jana.id, petr.id, eva.id]);
    expect(await steer('fakturyx')).toMatchObject([{ user: { id: jan.id }, words: ['fakturyx'], reachable: false }]);
    const [first, second] = await steer('FAKTURY', { limit: '2' });
    expect(first).toMatchObject({ user: { id: petr.id }, words: ['faktury'], reachable: true });
    expect([eva.id, jana.id]).toContain(second?.user.id);
    expect(await ids('platba pozdní')).toEqual([]);
    expect(await ids('…')).toEqual([]);
  });

  it('is judged by what users have at this moment, whatever the entries say', async () => {
    const jana = await person(['reklamace']);
    await stream.deliver();
    await here.deps.table.write(
      put({ ...userKeys.details(jana.id), type: 'details', v: 1, steeringKeyWords: ['vratky'] }),
    );
    expect(await ids('reklamace')).toEqual([]);
    // Not delivered yet: found a moment later.
    expect(await ids('vratky')).toEqual([]);
    await stream.deliver();
    expect(await ids('vratky')).toEqual([jana.id]);
    await here.set(jana.id, { activeFrom: here.deps.now() + 1000 });
    expect(await ids('vratky')).toEqual([]);
  });

  it('needs words', async () => {
    expect(await here.ask('steer-call', {})).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/query/words' }] },
    });
    for (const limit of ['0', '21', 'x']) {
      expect(await here.ask('steer-call', { query: { words: 'a', limit } })).toMatchObject({ status: 422 });
    }
  });
});

describe('S0-11 the entries of key words', () => {
  it('follow changes, deactivating, restoring and deleting', async () => {
    const { id } = await person(['smlouvy', 'nové smlouvy', 'tarify']);
    await stream.deliver();
    expect(await entries(id)).toEqual(['smlouvy', 'tarify']);
    await asRoot('change-user', id, { steeringKeyWords: ['tarify', 'roaming'] });
    await stream.deliver();
    expect(await entries(id)).toEqual(['roaming', 'tarify']);
    await asRoot('deactivate-user', id, {});
    await stream.deliver();
    expect(await entries(id)).toEqual([]);
    await asRoot('restore-user', id, {});
    await stream.deliver();
    expect(await entries(id)).toEqual(['roaming', 'tarify']);
    const asked = { token: here.root.token, params: { userId: id } };
    const { preview } = (await here.call('delete-user', asked)).body;
    expect(await here.call('delete-user', { ...asked, query: { preview } })).toMatchObject({ status: 200 });
    await stream.deliver();
    expect(await entries(id)).toEqual([]);
  });

  it('are the same however often and in whichever order the records come, and two at once', async () => {
    const { id } = await person(['alfa']);
    await asRoot('change-user', id, { steeringKeyWords: ['alfa', 'beta'] });
    await asRoot('change-user', id, { steeringKeyWords: ['gama'] });
    const changes = (await stream.changes()).filter(
      ({ before, after }) => (after ?? before)?.type === 'details' || (after ?? before)?.type === 'user',
    );
    const records = changes.filter(({ pk }) => pk === userKeys.user(id).pk);
    expect(records.length).toBeGreaterThan(4);
    for (const order of [records, records.toReversed(), [...records, ...records]]) {
      for (const change of order) await followKeyWords(here.deps, change);
      expect(await entries(id)).toEqual(['gama']);
    }
    await Promise.all([...records, ...records.toReversed()].map((change) => followKeyWords(here.deps, change)));
    expect(await entries(id)).toEqual(['gama']);
  });

  it('that an older read would leave behind do not stay', async () => {
    const { id } = await person(['delta']);
    const details = (await here.read(userKeys.details(id))) as Item;
    await stream.deliver();
    // Its read is answered before the user is deactivated, its writes come after all that this has caused.
    const { table } = here.deps;
    let isFirst = true;
    const slow = {
      ...here.deps,
      table: new Proxy(table, {
        get: (target, name) => {
          const found = Reflect.get(target, name, target);
          if (typeof found !== 'function') return found;
          if (name !== 'batchGet') return found.bind(target);
          return async (...args: Parameters<typeof table.batchGet>) => {
            const items = await target.batchGet(...args);
            if (isFirst) {
              isFirst = false;
              await asRoot('deactivate-user', id, {});
              await stream.deliver();
            }
            return items;
          };
        },
      }),
    };
    await followKeyWords(slow, { pk: details.pk, before: undefined, after: details });
    expect(isFirst).toBe(false);
    expect(await entries(id)).toEqual([]);
  });

  it('cost nothing where key words have not changed', async () => {
    const details = { ...userKeys.details('usr_1'), type: 'details', v: 1, steeringKeyWords: ['delta'] };
    const user = { ...userKeys.user('usr_1'), type: 'user', v: 1, state: 'active' };
    const untouched = new Proxy({}, { get: () => expect(undefined).toBe('a read') });
    const deps = { ...here.deps, table: untouched as never };
    await followKeyWords(deps, { pk: details.pk, before: details, after: { ...details, description: 'x' } });
    await followKeyWords(deps, { pk: user.pk, before: user, after: { ...user, title: 'x' } });
  });

  it('of users of before are written by the deploy that brings them, and what nobody has goes', async () => {
    const jana = await person(['omega', 'žádosti', 'заявки'], { title: 'Old' });
    await stream.deliver();
    const right = await entries();
    expect(right).toEqual(expect.arrayContaining(['omega', 'zadosti', 'заявки']));
    await here.deps.table.write(remove(steeringKey('omega', jana.id)));
    const stale = [
      steeringKey('sigma', jana.id),
      steeringKey('звонки', jana.id),
      steeringKey('zlaty', 'usr_000000000000000000000000'),
    ];
    for (const place of stale) await here.deps.table.write(put({ ...place, type: 'steering', v: 1 }));
    // As a tenant of the scheme before stands.
    await here.deps.table.write(put({ ...directoryKey, type: 'directory', v: 1, scheme: 2, job: '' }));
    expect(await startIndexing(here.deps)).toBe(true);
    await stream.deliver();
    expect(await entries()).toEqual(right);
    expect(await startIndexing(here.deps)).toBe(false);
  });
});
