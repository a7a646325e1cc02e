import { claimKey } from '#table/keys.ts';
import { entriesAbout, ifMatch } from '#test/functions/users/people.ts';
import { aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let token: string;
beforeAll(async () => {
  tenant = await aTenant();
  token = (await tenant.aSuperUser()).token;
});

const numbers = ['+420222333444'];
let count = 0;
/** Prefixes of a country that no other test uses. */
const fresh = (length: number): string[] => {
  const country = ++count;
  return Array.from({ length }, (_, n) => `+9${String(country).padStart(3, '0')}${String(n).padStart(3, '0')}`);
};
const create = (prefixes: unknown[], values: object = {}) => {
  const body = { name: `Caller IDs ${++count}`, prefixes, outgoingNumbers: numbers, ...values };
  return tenant.call('create-caller-ids', { token, body });
};
const made = async (...prefixes: string[]): Promise<string> => {
  const { status, body } = await create(prefixes);
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body.id;
};
const read = (callerIdsId: string) => tenant.call('get-caller-ids', { token, params: { callerIdsId } });
const change = (callerIdsId: string, body: object, version = 1) =>
  tenant.call('change-caller-ids', { token, params: { callerIdsId }, body, headers: ifMatch(version) });
const drop = (callerIdsId: string, version = 1) =>
  tenant.call('delete-caller-ids', { token, params: { callerIdsId }, headers: ifMatch(version) });
/** Whose each is in the table: what decides. */
const claimed = (prefixes: readonly string[]) =>
  Promise.all(
    prefixes.map(async (prefix) => (await tenant.read(claimKey('caller-ids-prefix', prefix)))?.recordId ?? null),
  );

describe('S0-39 S1-22 caller IDs', () => {
  it('say which numbers are presented to numbers that begin so, and are listed by name', async () => {
    const answer = await create(['00420', '+421 2', '+'], { name: 'Abroad', description: 'All but home' });
    expect(answer).toMatchObject({
      status: 201,
      body: { name: 'Abroad', prefixes: ['+420', '+4212', '+'], outgoingNumbers: numbers, version: 1 },
    });
    expect(answer.body.id).toMatch(/^cid_/);
    expect(answer.body).not.toHaveProperty('usedBy');
    expect((await read(answer.body.id)).body).toEqual(answer.body);
    const before = await create(fresh(1), { name: 'Aaa' });
    const { callerIds } = (await tenant.call('list-caller-ids', { token })).body;
    expect(callerIds).toEqual([before.body, answer.body]);
    const [entry] = await entriesAbout(tenant, answer.body.id, 'caller-ids.created');
    expect(entry?.changes).toMatchObject({ prefixes: { after: ['+420', '+4212', '+'] } });
  });

  it('have prefixes that are beginnings of numbers, each once, and a number at least', async () => {
    for (const prefix of ['420', '+0', '0', '++420', '+42a', '', '+1234567890123456', 7]) {
      expect(await create(['+77', prefix])).toMatchObject({
        status: 422,
        body: { code: 'invalid_input', errors: [{ pointer: '/body/prefixes/1' }] },
      });
    }
    for (const prefixes of [[], ['+88', '0088'], fresh(41)]) {
      expect(await create(prefixes)).toMatchObject({
        status: 422,
        body: { code: 'invalid_input', errors: [{ pointer: '/body/prefixes' }] },
      });
    }
    expect(await create(['+77'], { outgoingNumbers: [] })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/body/outgoingNumbers' }] },
    });
    expect(await claimed(['+77', '+88'])).toEqual([null, null]);
  });

  it('are changed and deleted by who has read their newest version, which the audit remembers', async () => {
    const [a, b] = fresh(2) as [string, string];
    const id = await made(a);
    expect(await change(id, { prefixes: [a, b] })).toMatchObject({
      status: 200,
      body: { prefixes: [a, b], version: 2 },
    });
    expect(await change(id, { prefixes: [b] })).toMatchObject({ status: 412, body: { current: { prefixes: [a, b] } } });
    expect(await drop(id)).toMatchObject({ status: 412 });
    expect(await claimed([a, b])).toEqual([id, id]);
    const [entry] = await entriesAbout(tenant, id, 'caller-ids.changed');
    expect(entry?.changes).toMatchObject({ prefixes: { before: [a], after: [a, b] } });
    expect(await drop(id, 2)).toMatchObject({ status: 204 });
    expect(await read(id)).toMatchObject({ status: 404, body: { code: 'record_not_found' } });
    expect(await entriesAbout(tenant, id, 'caller-ids.deleted')).toHaveLength(1);
    expect(await claimed([a, b])).toEqual([null, null]);
  });
});

describe('S0-39 a prefix', () => {
  it('stands in one record alone: the refusal points at it, and names whose it is', async () => {
    const [a, b, c] = fresh(3) as [string, string, string];
    const id = await made(a, b);
    const refused = (n: number, because: string) => ({
      status: 409,
      body: {
        code: 'prefix_taken',
        errors: [{ pointer: `/body/prefixes/${n}`, detail: expect.stringContaining(id) }],
        rule: 'S0-39',
        because,
        remedy: expect.stringContaining('PATCH'),
      },
    });
    expect(await create([c, b])).toMatchObject(refused(1, b));
    // However it is typed.
    expect(await create([a.replace('+', '00')])).toMatchObject(refused(0, a));
    const other = await made(c);
    expect(await change(other, { prefixes: [c, a] })).toMatchObject(refused(1, a));
    expect((await read(other)).body).toMatchObject({ prefixes: [c], version: 1 });
    expect(await claimed([a, b, c])).toEqual([id, id, other]);
    // A longer one is another one: the longest counts.
    expect(await create([`${a}9`])).toMatchObject({ status: 201 });
  });

  it('is free again once it is given up, by an edit or with its record', async () => {
    const [a, b, c] = fresh(3) as [string, string, string];
    const id = await made(a, b);
    expect(await change(id, { prefixes: [b, c] })).toMatchObject({ status: 200 });
    expect(await change(id, { name: 'Same prefixes' }, 2)).toMatchObject({ status: 200 });
    expect(await claimed([a, b, c])).toEqual([null, id, id]);
    const other = await made(a);
    expect(await drop(id, 3)).toMatchObject({ status: 204 });
    expect(await change(other, { prefixes: [a, b, c] })).toMatchObject({ status: 200 });
    expect(await claimed([a, b, c])).toEqual([other, other, other]);
  });

  it('that many want at once goes to one of them, and nothing is left of the others', async () => {
    for (let round = 0; round < 3; round++) {
      const [shared, ...own] = fresh(9) as [string, ...string[]];
      const answers = await Promise.all(own.map((prefix) => create([prefix, shared])));
      const won = answers.filter(({ status }) => status === 201);
      expect(won).toHaveLength(1);
      for (const { status, body } of answers) {
        if (status !== 201) expect([status, body.code, body.because]).toEqual([409, 'prefix_taken', shared]);
      }
      const id = won[0]?.body.id;
      const winner = answers.indexOf(won[0] as (typeof answers)[number]);
      expect(await claimed([shared, ...own])).toEqual([id, ...own.map((_, n) => (n === winner ? id : null))]);
    }
  });

  it('that edits of two records want at once goes to one', async () => {
    for (let round = 0; round < 5; round++) {
      const [a, b, c] = fresh(3) as [string, string, string];
      const ids = [await made(a), await made(b)] as [string, string];
      const both = await Promise.all(ids.map((id, n) => change(id, { prefixes: [[a, b][n], c] })));
      expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
      const winner = ids[both.findIndex(({ status }) => status === 200)];
      expect(await claimed([a, b, c])).toEqual([...ids, winner]);
    }
  });

  it('can be swapped with all others of its record in one edit, as many as there may be', async () => {
    const before = fresh(40);
    const after = fresh(40);
    const id = await made(...before);
    expect(await change(id, { name: 'All anew', prefixes: after })).toMatchObject({
      status: 200,
      body: { version: 2 },
    });
    expect(new Set(await claimed(before))).toEqual(new Set([null]));
    expect(new Set(await claimed(after))).toEqual(new Set([id]));
    expect(await drop(id, 2)).toMatchObject({ status: 204 });
    expect(new Set(await claimed(after))).toEqual(new Set([null]));
  });
});
