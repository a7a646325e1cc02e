import { keyOf } from '#domain/numbers/numbers.ts';
import type { NumberKind } from '#table/keys.ts';
import { put } from '#table/write.ts';
import { type People, peopleOf } from '#test/functions/users/people.ts';
import { aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let people: People;
let token: string;
let reads = 0;
const begin = async (settings: Parameters<typeof aTenant>[0] = {}) => {
  tenant = await aTenant(settings, {
    meter: ({ command }: { command: string }) => {
      if (/Get|Query/.test(command)) reads++;
    },
  } as never);
  people = await peopleOf(tenant);
  token = people.root.token;
};
beforeEach(() => begin());

const list = (kind: NumberKind, query: Record<string, string> = {}, as = token) =>
  tenant.call('list-numbers', { token: as, params: { kind }, query });
const nextFree = async (kind: NumberKind, from?: string) =>
  (await list(kind, from === undefined ? {} : { from })).body.nextFree as string | undefined;
const owner = async (values: object) => {
  const user = await tenant.aUser();
  expect(await people.change(user.id, values)).toMatchObject({ status: 200 });
  return user;
};
/** As if users had them; hundreds of requests would take their time. */
const use = async (kind: NumberKind, numbers: readonly string[]) => {
  for (let at = 0; at < numbers.length; at += 100) {
    const chunk = numbers.slice(at, at + 100);
    const item = (number: string) => ({ ...keyOf(kind, number), type: 'number', v: 1, number, userId: 'usr_seed' });
    await tenant.deps.table.transact(chunk.map((number) => put(item(number))));
  }
};
const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => String(from + n));

describe('S3-6 S3-5 which numbers are used', () => {
  it('are listed in order, short ones first, each with its user', async () => {
    const users = await Promise.all(['9', '10', '4711', '123456'].map((numericId) => owner({ numericId })));
    const { body } = await list('numeric-ids');
    expect(body.numbers).toEqual(
      ['9', '10', '4711', '123456'].map((number, n) => ({
        number,
        state: 'used',
        user: { id: users[n]?.id, title: users[n]?.title },
      })),
    );
    for (const extension of ['3000', '050', '50']) await owner({ extension });
    expect((await list('extensions')).body.numbers.map(({ number }: { number: string }) => number)).toEqual([
      '50',
      '050',
      '3000',
    ]);
  });

  it('are paged exactly, from any number on, while others come and go', async () => {
    await use('numeric-ids', upTo(1, 250));
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const { body } = await list('numeric-ids', { limit: '60', ...(cursor && { cursor }) });
      seen.push(...body.numbers.map(({ number }: { number: string }) => number));
      cursor = body.next;
      // Before what has been seen, and after it.
      await use('numeric-ids', ['5000']);
    } while (cursor);
    expect(seen).toEqual([...upTo(1, 250), '5000']);
    const { body } = await list('numeric-ids', { from: '248' });
    expect(body.numbers.map(({ number }: { number: string }) => number)).toEqual(['248', '249', '250', '5000']);
  });

  it('cost no more where they stand far apart', async () => {
    await use('numeric-ids', ['7', '500000', '999999']);
    reads = 0;
    const { body } = await list('numeric-ids');
    expect(body.numbers.map(({ number }: { number: string }) => number)).toEqual(['7', '500000', '999999']);
    expect(body).not.toHaveProperty('next');
    expect(reads).toBeLessThan(25);
  });

  it('begin with any number, of its length', async () => {
    await use('extensions', ['10', '99', '050', '100', '0100', '1000']);
    const from = async (number: string) =>
      (await list('extensions', { from: number })).body.numbers.map((each: { number: string }) => each.number);
    expect(await from('0')).toEqual(['10', '99', '050', '100', '0100', '1000']);
    expect(await from('99')).toEqual(['99', '050', '100', '0100', '1000']);
    expect(await from('000')).toEqual(['050', '100', '0100', '1000']);
    expect(await from('051')).toEqual(['100', '0100', '1000']);
    expect(await from('0100')).toEqual(['0100', '1000']);
    expect(await from('999999')).toEqual([]);
  });

  it('S0-14 tell nobody out of sight, only that the number is gone', async () => {
    await owner({ numericId: '7' });
    const own = await people.person(['numbers:read'], { rights: 'rgt_own' });
    expect((await list('numeric-ids', {}, own.token)).body.numbers).toEqual([{ number: '7', state: 'used' }]);
  });

  it('need the permission, a kind that there is, and a cursor of this very list', async () => {
    const nobody = await people.person([]);
    expect(await list('numeric-ids', {}, nobody.token)).toMatchObject({ status: 403 });
    expect(await list('phones' as never)).toMatchObject({ status: 422, body: { code: 'invalid_input' } });
    for (const from of ['-1', '1234567', 'x', ''])
      expect(await list('extensions', { from })).toMatchObject({ status: 422 });
    await use('numeric-ids', ['1', '2']);
    const { next } = (await list('numeric-ids', { limit: '1' })).body;
    expect(await list('extensions', { cursor: next })).toMatchObject({ status: 400, body: { code: 'invalid_cursor' } });
    expect(await list('numeric-ids', { cursor: 'made-up' })).toMatchObject({ body: { code: 'invalid_cursor' } });
  });
});

describe('S3-6 S1-23 the next free number', () => {
  it('is absent when there is none', async () => {
    await begin({ reservedNumericIds: ['2-999999'] });
    await use('numeric-ids', ['1']);
    expect(await nextFree('numeric-ids')).toBeUndefined();
    expect(await nextFree('extensions', '999999')).toBe('999999');
    await use('extensions', ['999999']);
    expect(await nextFree('extensions', '999999')).toBeUndefined();
  });

  it('is 1 among numeric IDs and 200 among extensions, and the first gap after that', async () => {
    expect([await nextFree('numeric-ids'), await nextFree('extensions')]).toEqual(['1', '200']);
    await use('numeric-ids', ['1', '2', '4']);
    await use('extensions', ['200', '201']);
    expect([await nextFree('numeric-ids'), await nextFree('extensions')]).toEqual(['3', '202']);
    expect(await nextFree('numeric-ids', '4')).toBe('5');
    expect(await nextFree('extensions', '0200')).toBe('0200');
  });

  it('never is one that calls for help, or that the settings keep back', async () => {
    await begin({ reservedNumericIds: ['1-9', '11'], reservedExtensions: ['200-299'] });
    expect(await nextFree('numeric-ids')).toBe('10');
    expect(await nextFree('numeric-ids', '11')).toBe('12');
    expect(await nextFree('extensions')).toBe('300');
    expect(await nextFree('extensions', '100')).toBe('300');
    expect(await nextFree('extensions', '911')).toBe('912');
    expect((await list('extensions')).body.reserved).toEqual(['112', '200-299']);
  });

  it('is a longer extension when all of three digits are used', async () => {
    await use('extensions', upTo(200, 998));
    expect(await nextFree('extensions')).toBe('1000');
  });

  it('is the one after all the others, however many they are, with few reads', async () => {
    await use('numeric-ids', upTo(1, 3500));
    reads = 0;
    expect(await nextFree('numeric-ids')).toBe('3501');
    expect(reads).toBeLessThan(60);
  });

  it('can be taken at once', async () => {
    await owner({ numericId: '1', extension: '200' });
    const [numericId, extension] = [await nextFree('numeric-ids'), await nextFree('extensions')];
    await owner({ numericId, extension });
    expect((await list('numeric-ids')).body.numbers).toHaveLength(2);
  });

  it('comes with the first page alone', async () => {
    await use('numeric-ids', upTo(1, 5));
    const first = (await list('numeric-ids', { limit: '2' })).body;
    expect(first).toMatchObject({ nextFree: '6' });
    expect((await list('numeric-ids', { limit: '2', cursor: first.next })).body).not.toHaveProperty('nextFree');
  });
});

describe('S3-6 a number that was left', () => {
  it('rests for as long as the settings say, and is shown so, of nobody', async () => {
    await begin({ numberQuarantineDays: 10 });
    const user = await owner({ numericId: '1', extension: '217' });
    await people.change(user.id, { numericId: null, extension: null });
    const freeAt = new Date(tenant.deps.now() + 10 * 86_400_000).toISOString();
    expect((await list('numeric-ids')).body).toMatchObject({
      numbers: [{ number: '1', state: 'resting', freeAt }],
      nextFree: '2',
    });
    expect((await list('numeric-ids')).body.numbers[0]).not.toHaveProperty('user');
    tenant.advance(10 * 86_400);
    const later = await tenant.signIn(people.root.user.login);
    expect((await list('numeric-ids', {}, later)).body).toMatchObject({ numbers: [], nextFree: '1' });
  });
});
