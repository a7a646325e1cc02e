import { seatsItem } from '#domain/licenses/seats.ts';
import { seatsKey } from '#table/keys.ts';
import { operatorKey } from '#test/setup/tenant.ts';
import { entriesAbout } from '../users/people.ts';
import { licensesRead, type Read } from './reading.ts';

const price = { amount: 39.5, currency: 'EUR' };
const seatsOf = async ({ tenant }: Read, license = 'voice') => seatsItem().parse(await tenant.read(seatsKey(license)));
const setTo = (tenant: Read['tenant'], options: object) =>
  tenant.call('set-license', {
    params: { licenseId: 'voice' },
    headers: { 'if-match': '"1"' },
    body: { owned: 9 },
    ...options,
  });

describe('S1-35 the operator sets what is owned', () => {
  it('seats and price, against the version that they know, and the audit says that it was the operator', async () => {
    const read = await licensesRead({ voice: { seats: 5 } });
    const { status, body, headers } = await read.set('voice', 1, { owned: 7, price });
    expect({ status, etag: headers.etag }).toEqual({ status: 200, etag: '"2"' });
    expect(body).toEqual({
      ...{ id: 'voice', name: 'Voice', channel: 'voice', version: 2, price },
      ...{ owned: 7, used: 1, free: 6, overCommitted: 0 },
    });
    expect(await seatsOf(read)).toMatchObject({ owned: 7, used: 1, free: 6, price, version: 2 });
    const [entry, ...others] = await entriesAbout(read.tenant, 'voice', 'license.changed');
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      actor: 'operator',
      subject: { type: 'license', id: 'voice' },
      changes: { owned: { before: 5, after: 7 }, price: { after: price } },
    });
    // A price that is not said is taken away: what is sent is what there is.
    expect((await read.set('voice', 2, { owned: 7 })).body).not.toHaveProperty('price');
    expect(await seatsOf(read)).not.toHaveProperty('price');
  });

  it('not a SuperUser, not by session and not by API token, whatever they hold', async () => {
    const read = await licensesRead({ voice: { seats: 5 } });
    const { user, token } = read.people.root;
    const made = await read.tenant.call('create-token', { token, params: { userId: user.id }, body: { title: 'T' } });
    for (const each of [token, made.body.value]) {
      const answer = await setTo(read.tenant, { token: each });
      expect(answer).toMatchObject({
        status: 403,
        body: { code: 'not_permitted', rule: 'S1-35', because: 'operator', remedy: 'Ask your vendor' },
      });
    }
    expect(await seatsOf(read)).toMatchObject({ owned: 5, version: 1 });
  });

  it('only with the whole key; nearly right, in another scheme or unknown is nobody', async () => {
    const read = await licensesRead({ voice: { seats: 5 } });
    for (const token of [undefined, 'rop_', operatorKey.slice(0, -1), `${operatorKey}k`, operatorKey.toUpperCase()]) {
      expect(await setTo(read.tenant, token === undefined ? {} : { token })).toMatchObject({ status: 401 });
    }
    expect(
      await setTo(read.tenant, { headers: { authorization: `Basic ${operatorKey}`, 'if-match': '"1"' } }),
    ).toMatchObject({ status: 401 });
    expect(await seatsOf(read)).toMatchObject({ owned: 5, version: 1 });
    expect(read.tenant.logged).toContainEqual(expect.objectContaining({ event: 'authn_operator_fail' }));
    expect(JSON.stringify(read.tenant.logged)).not.toContain(operatorKey.slice(0, -1));
  });

  it('nobody where the tenant file names no key, and says what to do', async () => {
    const read = await licensesRead({ voice: { seats: 5 } });
    read.tenant.deps.tenant = { ...read.tenant.deps.tenant, operatorKeySha256: undefined };
    expect(await setTo(read.tenant, { token: operatorKey })).toMatchObject({
      status: 403,
      body: { code: 'not_permitted', because: 'operatorKeySha256', remedy: expect.stringContaining('tenant file') },
    });
  });

  it('opens nothing else: every other operation knows no operator', async () => {
    const { tenant } = await licensesRead();
    for (const id of ['list-licenses', 'list-users', 'get-me', 'list-audit'] as const) {
      expect(await tenant.call(id, { token: operatorKey })).toMatchObject({ status: 401 });
    }
  });
});

describe('S1-35 lowering owned seats below their use', () => {
  it('is refused, and says by how many', async () => {
    const read = await licensesRead({ voice: { seats: 5 } });
    for (let n = 0; n < 3; n++) await read.aHolder();
    expect(await read.set('voice', 1, { owned: 3 })).toMatchObject({
      status: 409,
      body: {
        code: 'seats_in_use',
        rule: 'S1-35',
        because: { license: 'voice', used: 4, owned: 3 },
        remedy: expect.stringContaining('force=true'),
      },
    });
    expect(await seatsOf(read)).toMatchObject({ owned: 5, used: 4, free: 1, version: 1 });
    expect(await entriesAbout(read.tenant, 'voice')).toEqual([]);
    // To just what is used it may go.
    expect(await read.set('voice', 1, { owned: 4 })).toMatchObject({
      status: 200,
      body: { free: 0, overCommitted: 0 },
    });
  });

  it('is recorded as over-commitment where the operator means it; nobody loses a seat, nobody gets one until there are enough', async () => {
    const read = await licensesRead({ voice: { seats: 5 } });
    const { tenant, people, set, call } = read;
    const holders = [await read.aHolder(), await read.aHolder(), await read.aHolder()];
    expect(await set('voice', 1, { owned: 2 }, { force: 'true' })).toMatchObject({
      status: 200,
      body: { owned: 2, used: 4, free: -2, overCommitted: 2 },
    });
    const [entry] = await entriesAbout(tenant, 'voice');
    expect(entry).toMatchObject({
      actor: 'operator',
      changes: { owned: { before: 5, after: 2 }, overCommitted: { after: 2 } },
    });
    const { licenses } = (await call('list-licenses')).body;
    expect(licenses[0]).toMatchObject({ id: 'voice', free: -2, overCommitted: 2 });
    expect((await call('get-license-usage')).body.licenses[0]).toMatchObject({ percent: 200, overCommitted: 2 });

    const another = (n: number) =>
      tenant.call('create-user', {
        token: people.root.token,
        body: {
          ...{
            login: `new${n}`,
            title: 'New',
            type: 'contact-center',
            authEmail: `new${n}@example.com`,
            language: 'en',
          },
          ...{ access: 'acc_agent', rights: 'rgt_own' },
        },
      });
    const free = (userId: string) =>
      tenant.call('deactivate-user', { token: people.root.token, params: { userId }, body: {} });
    expect(await another(1)).toMatchObject({ status: 409, body: { code: 'license_exhausted' } });
    // Two are too many still, then one, then there is just enough for those who are there.
    for (const [n, { id }] of holders.entries()) {
      expect(await free(id)).toMatchObject({ status: 200 });
      expect((await another(10 + n)).status).toBe(n === 2 ? 201 : 409);
    }
    expect(await seatsOf(read)).toMatchObject({ owned: 2, used: 2, free: 0 });
    // Raising it needs no force, though more may still be used than owned.
  });

  it('may be raised without force while more are used still, and the audit keeps count', async () => {
    const read = await licensesRead({ voice: { seats: 5 } });
    for (let n = 0; n < 3; n++) await read.aHolder();
    await read.set('voice', 1, { owned: 1 }, { force: 'true' });
    expect(await read.set('voice', 2, { owned: 2 })).toMatchObject({ status: 200, body: { overCommitted: 2 } });
    expect(await read.set('voice', 3, { owned: 1 })).toMatchObject({ status: 409, body: { code: 'seats_in_use' } });
    const entries = await entriesAbout(read.tenant, 'voice');
    expect(entries).toContainEqual(
      expect.objectContaining({ changes: { owned: { before: 1, after: 2 }, overCommitted: { before: 3, after: 2 } } }),
    );
  });

  it('I2 races with those who take the last seats: what is recorded is what there is', async () => {
    const read = await licensesRead({ voice: { seats: 12 } });
    const { token } = read.people.root;
    const create = (n: number) => () =>
      read.tenant.call('create-user', {
        token,
        body: {
          ...{
            login: `racer${n}`,
            title: `R ${n}`,
            type: 'contact-center',
            authEmail: `r${n}@example.com`,
            language: 'en',
          },
          ...{ access: 'acc_agent', rights: 'rgt_own' },
        },
      });
    const racing = [
      ...Array.from({ length: 20 }, (_, n) => create(n)),
      () => read.set('voice', 1, { owned: 6 }, { force: 'true' }),
    ];
    const answers = await Promise.all(racing.map((start) => start()));
    const lowered = answers.at(-1);
    expect(lowered?.status).toBe(200);
    const created = answers.filter(({ status }) => status === 201).length;
    const seats = await seatsOf(read);
    expect(seats).toMatchObject({ owned: 6, used: created + 1, free: 6 - created - 1 });
    const [entry] = await entriesAbout(read.tenant, 'voice');
    const recorded = (entry?.changes as { overCommitted?: { after: number } } | undefined)?.overCommitted?.after ?? 0;
    // Nobody gets a seat once there are fewer: what was used then is used now.
    expect(recorded).toBe(Math.max(0, seats.used - seats.owned));
    expect(lowered?.body.overCommitted).toBe(recorded);
  });

  it('two operators at once: one wins, the other hears what there is now', async () => {
    const read = await licensesRead({ voice: { seats: 5 } });
    const answers = await Promise.all([7, 8, 9].map((owned) => read.set('voice', 1, { owned })));
    const won = answers.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    for (const { status, body } of answers.filter((answer) => answer !== won[0])) {
      expect({ status, code: body.code }).toEqual({ status: 412, code: 'version_stale' });
      expect(body.current).toEqual({
        id: 'voice',
        version: 2,
        owned: won[0]?.body.owned,
        used: 1,
        free: won[0]?.body.free,
        overCommitted: 0,
      });
    }
  });
});

describe('bad input to what is owned', () => {
  let read: Read;
  beforeAll(async () => {
    read = await licensesRead({ voice: { seats: 5 } });
  });

  it.each([
    ['negative seats', { owned: -1 }, '/body/owned', /negative/],
    ['half a seat', { owned: 1.5 }, '/body/owned', /whole/],
    ['seats in words', { owned: 'ten' }, '/body/owned', /number of seats/],
    ['more seats than anybody has', { owned: 1_000_001 }, '/body/owned', /1,000,000/],
    ['no seats said', {}, '/body/owned', /number of seats/],
    ['a price without currency', { owned: 1, price: { amount: 5 } }, '/body/price/currency', /with every price/],
    ['an unknown currency', { owned: 1, price: { amount: 5, currency: 'XXZ' } }, '/body/price/currency', /ISO 4217/],
    [
      'a currency in small letters',
      { owned: 1, price: { amount: 5, currency: 'eur' } },
      '/body/price/currency',
      /ISO 4217/,
    ],
    ['a negative price', { owned: 1, price: { amount: -5, currency: 'EUR' } }, '/body/price/amount', /./],
    ['parts of cents', { owned: 1, price: { amount: 0.005, currency: 'EUR' } }, '/body/price/amount', /two decimals/],
    [
      'parts of cents too small to be seen',
      { owned: 1, price: { amount: 1e-9, currency: 'EUR' } },
      '/body/price/amount',
      /two decimals/,
    ],
    ['a price that is no number', { owned: 1, price: { amount: '5', currency: 'EUR' } }, '/body/price/amount', /./],
  ])('%s is refused, with pointer and remedy', async (_what, body, pointer, words) => {
    const { status, body: answer } = await read.set('voice', 1, body);
    expect({ status, code: answer.code }).toEqual({ status: 422, code: 'invalid_input' });
    expect(answer.errors).toEqual([{ pointer, detail: expect.stringMatching(words) }]);
    expect(await seatsOf(read)).toMatchObject({ owned: 5, version: 1 });
  });

  it('a license that there is not is refused, and those that there are named', async () => {
    expect(await read.set('telepathy', 1, { owned: 1 })).toMatchObject({
      status: 404,
      body: { code: 'license_not_found', because: 'telepathy', detail: expect.stringContaining('cloudphone') },
    });
    expect(await read.set('Voice', 1, { owned: 1 })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/path/licenseId' }] },
    });
  });

  it('needs to know what it changes', async () => {
    expect(await setTo(read.tenant, { token: operatorKey, headers: {} })).toMatchObject({
      status: 428,
      body: { code: 'version_missing' },
    });
    expect(await read.set('voice', 0, { owned: 1 })).toMatchObject({
      status: 412,
      body: { code: 'version_stale', current: { version: 1, owned: 5 } },
    });
    expect(await read.set('voice', 1, { owned: 1 }, { force: 'perhaps' })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/query/force' }] },
    });
  });
});
