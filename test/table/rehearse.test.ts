import fc from 'fast-check';
import type { Condition } from '#table/condition.ts';
import { rehearse } from '#table/rehearse.ts';
import { check, type Item, put, remove, update, type Write } from '#table/write.ts';
import { aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
beforeAll(async () => {
  tenant = await aTenant({}, { isBare: true });
});

const path = fc.constantFrom('count', 'name', 'flag', 'ids', 'list', 'map.inner', 'nothing');
const value = fc.constantFrom<unknown>(0, 1, 2, '1', 'one', 'a', true, false);
const compared = fc.record({ sign: fc.constantFrom('=', '<>', '<', '<=', '>', '>='), path, value });
const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3 },
    compared.map(({ sign, path: at, value: to }) => [sign, at, to] as unknown as Condition),
    fc
      .record({ word: fc.constantFrom('absent', 'exists'), at: fc.oneof(path, fc.constant('pk')) })
      .map(({ word, at }) => [word, at] as unknown as Condition),
    fc
      .record({ at: fc.constantFrom('ids', 'name', 'nothing'), size: fc.nat(3) })
      .map(({ at, size }): Condition => ['size>', at, size]),
    fc
      .record({ at: fc.constantFrom('ids', 'name', 'nothing'), of: fc.constantFrom('a', 'b', 'on') })
      .map(({ at, of }): Condition => ['contains', at, of]),
    fc
      .tuple(fc.constantFrom('and', 'or'), fc.array(tie('condition'), { minLength: 2, maxLength: 3 }))
      .map(([word, parts]) => [word, ...parts] as unknown as Condition),
  ),
}));
const item = fc.option(
  fc.record(
    {
      count: fc.nat(3),
      name: fc.constantFrom('one', 'a', ''),
      flag: fc.boolean(),
      ids: fc.constantFrom(new Set(['a']), new Set(['a', 'b', 'c'])),
      list: fc.constantFrom([], ['a']),
      map: fc.constantFrom({ inner: 1 }, {}),
    },
    { requiredKeys: [] },
  ),
  { nil: undefined },
);

let count = 0;
const aKey = () => ({ pk: `REHEARSED#${++count}`, sk: 'ITEM' });

describe('a rehearsal of a transaction', () => {
  it('judges every condition as the engine does', async () => {
    let [refused, accepted] = [0, 0];
    await fc.assert(
      fc.asyncProperty(item, condition, async (values, each) => {
        const key = aKey();
        if (values) await tenant.deps.table.write(put({ ...key, ...values } as Item));
        const writes: Write[] = [check(key, each), put({ ...aKey() })];
        const rehearsed = await rehearse(tenant.deps.table, writes);
        const failed = await tenant.deps.table.attempt(writes);
        expect(rehearsed.failed.map(({ found }) => found)).toEqual(failed.map(({ found }) => found));
        if (failed.length > 0) refused++;
        else accepted++;
      }),
      { numRuns: 400 },
    );
    // Both happened, or nothing was compared.
    expect(Math.min(refused, accepted)).toBeGreaterThan(50);
  }, 120_000);

  it('names what failed in the order of the writes, reads beside it what is asked for, and writes nothing', async () => {
    const [known, other, unknown] = [aKey(), aKey(), aKey()];
    await tenant.deps.table.transact([put({ ...known, count: 1 }), put({ ...other, count: 5 })]);
    const writes = [
      update(known, { increase: { count: 1 } }, { if: ['=', 'count', 2] }),
      put({ ...unknown }, { if: ['absent', 'pk'] }),
      remove(other, { if: ['>', 'count', 9] }),
      update(other, { set: { name: 'unconditional' } }),
    ];
    const { failed, beside } = await rehearse(tenant.deps.table, writes, [other, unknown]);
    expect(failed.map(({ write }) => write)).toEqual([writes[0], writes[2]]);
    expect(failed.map(({ found }) => found?.count)).toEqual([1, 5]);
    expect(beside.map((each) => each?.count)).toEqual([5, undefined]);
    expect(await tenant.read(known)).toMatchObject({ count: 1 });
    expect(await tenant.read(other)).toEqual({ ...other, count: 5 });
    expect(await tenant.read(unknown)).toBeUndefined();
  });

  it('reads more items than one batch holds', async () => {
    const keys = Array.from({ length: 230 }, aKey);
    for (const key of keys) await tenant.deps.table.write(put({ ...key, count: 1 }));
    const writes = keys.map((key, n) => check(key, ['=', 'count', n === 229 ? 2 : 1]));
    expect((await rehearse(tenant.deps.table, writes)).failed.map(({ write }) => write)).toEqual([writes[229]]);
  });
});
