import type { OperationId } from '#contract/operations.ts';
import { entriesAbout, ifMatch, type People, peopleOf } from '#test/functions/users/people.ts';
import { aTenant, type CallOptions, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
let people: People;
let token: string;
beforeAll(async () => {
  tenant = await aTenant();
  people = await peopleOf(tenant);
  token = people.root.token;
});

const numbers = ['+420222333444', '+420222333445'];
const create = (body: object, by = token) => tenant.call('create-trunk', { token: by, body });
const read = (trunkId: string) => tenant.call('get-trunk', { token, params: { trunkId } });
const change = (trunkId: string, body: object, version = 1, by = token) =>
  tenant.call('change-trunk', { token: by, params: { trunkId }, body, headers: ifMatch(version) });
const drop = (trunkId: string, version = 1, by = token) =>
  tenant.call('delete-trunk', { token: by, params: { trunkId }, headers: ifMatch(version) });

describe('S0-39 S1-22 SIP trunks', () => {
  it('have the numbers that count least, which are shown as they are kept, and listed by name', async () => {
    const later = await create({ name: 'Operator B', outgoingNumbers: ['00420 222 333 444', '+420 222 333 445'] });
    expect(later).toMatchObject({ status: 201, body: { name: 'Operator B', outgoingNumbers: numbers, version: 1 } });
    expect(later.body.id).toMatch(/^trk_/);
    expect(later.body).not.toHaveProperty('usedBy');
    const first = await create({ name: 'Operator A', description: 'By cable', outgoingNumbers: [] });
    expect(first).toMatchObject({ status: 201, body: { outgoingNumbers: [] } });
    expect((await read(later.body.id)).body).toEqual(later.body);
    expect((await tenant.call('list-trunks', { token })).body).toEqual({ trunks: [first.body, later.body] });
    const [made] = await entriesAbout(tenant, later.body.id, 'trunk.created');
    expect(made?.changes).toMatchObject({ outgoingNumbers: { after: numbers } });
  });

  it('present numbers with + or 00 and the country code, each once, twenty at most', async () => {
    const many = Array.from({ length: 21 }, (_, n) => `+4202223330${String(n).padStart(2, '0')}`);
    for (const [outgoingNumbers, pointer] of [
      [['222333444'], '/body/outgoingNumbers/0'],
      [[numbers[0], '217'], '/body/outgoingNumbers/1'],
      [[numbers[0], '00420222333444'], '/body/outgoingNumbers'],
      [many, '/body/outgoingNumbers'],
      [undefined, '/body/outgoingNumbers'],
    ]) {
      expect(await create({ name: 'Refused', outgoingNumbers })).toMatchObject({
        status: 422,
        body: { code: 'invalid_input', errors: [{ pointer }] },
      });
    }
  });

  it('are changed and deleted by who has read their newest version, which the audit remembers', async () => {
    const { id } = (await create({ name: 'Operator C', outgoingNumbers: numbers })).body;
    expect(await change(id, { outgoingNumbers: [numbers[1]] })).toMatchObject({
      status: 200,
      body: { name: 'Operator C', outgoingNumbers: [numbers[1]], version: 2 },
    });
    expect(await change(id, { name: 'Late' })).toMatchObject({ status: 412, body: { current: { version: 2 } } });
    expect(await drop(id)).toMatchObject({ status: 412 });
    const [changed] = await entriesAbout(tenant, id, 'trunk.changed');
    expect(changed?.changes).toMatchObject({ outgoingNumbers: { before: numbers, after: [numbers[1]] } });
    expect(await drop(id, 2)).toMatchObject({ status: 204 });
    expect(await read(id)).toMatchObject({ status: 404, body: { code: 'record_not_found' } });
    expect(await drop(id, 2)).toMatchObject({ status: 404 });
    expect(await entriesAbout(tenant, id, 'trunk.deleted')).toHaveLength(1);
  });

  it('have a name of their own, and share it with caller IDs at most', async () => {
    const { id } = (await create({ name: 'Operator D', outgoingNumbers: [] })).body;
    const refused = { status: 422, body: { code: 'name_taken', errors: [{ pointer: '/body/name' }] } };
    expect(await create({ name: 'OPERATOR D', outgoingNumbers: [] })).toMatchObject(refused);
    const other = (await create({ name: 'Operator E', outgoingNumbers: [] })).body.id;
    expect(await change(other, { name: 'operator d' })).toMatchObject(refused);
    expect(await change(id, { name: 'operator D' })).toMatchObject({ status: 200 });
    const body = { name: 'Operator D', prefixes: ['+42055'], outgoingNumbers: numbers };
    expect(await tenant.call('create-caller-ids', { token, body })).toMatchObject({ status: 201 });
  });

  it('and caller IDs need their own permissions to be read and changed', async () => {
    const reader = await people.person(['trunks:read', 'queues:change']);
    const other = await people.person(['queues:read', 'devices:change']);
    const trunkId = (await create({ name: 'Operator F', outgoingNumbers: [] })).body.id;
    const body = { name: 'Abroad', prefixes: ['+'], outgoingNumbers: numbers };
    const callerIdsId = (await tenant.call('create-caller-ids', { token, body })).body.id;
    const optionsFor = (id: OperationId): CallOptions => ({
      params: id.includes('list') || id.includes('create') ? {} : id.endsWith('trunk') ? { trunkId } : { callerIdsId },
      headers: ifMatch(1),
    });
    const reading: OperationId[] = ['list-trunks', 'get-trunk', 'list-caller-ids', 'get-caller-ids'];
    const changing: [OperationId, object?][] = [
      ['create-trunk', { name: 'Mine', outgoingNumbers: [] }],
      ['change-trunk', { name: 'Mine' }],
      ['delete-trunk'],
      ['create-caller-ids', { ...body, prefixes: ['+1'] }],
      ['change-caller-ids', { name: 'Mine' }],
      ['delete-caller-ids'],
    ];
    for (const id of reading) {
      expect(await tenant.call(id, { ...optionsFor(id), token: reader.token })).toMatchObject({ status: 200 });
      expect(await tenant.call(id, { ...optionsFor(id), token: other.token })).toMatchObject({ status: 403 });
    }
    for (const [id, given] of changing) {
      for (const by of [reader, other]) {
        const answer = await tenant.call(id, { ...optionsFor(id), token: by.token, ...(given && { body: given }) });
        expect(answer).toMatchObject({ status: 403, body: { code: 'not_permitted' } });
      }
    }
  });
});
