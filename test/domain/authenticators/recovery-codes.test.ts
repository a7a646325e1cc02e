import { Problem } from '#contract/problems.ts';
import { fresh, isOne, left, use } from '#domain/authenticators/recovery-codes.ts';
import { userKeys } from '#table/keys.ts';
import { makeSealKeys, Sealer } from '#table/seal.ts';
import type { Item, LoneWrite } from '#table/write.ts';
import { aTenant, type TestTenant } from '#test/setup/tenant.ts';

const userId = 'usr_0123456789abcdef01234567';
const typed = (code: string) => code.replaceAll('-', '');

let tenant: TestTenant;
let codes: string[];
const item = () => tenant.read(userKeys.recoveryCodes(userId));

beforeEach(async () => {
  tenant = await aTenant({}, { isBare: true });
  const made = await fresh(tenant.deps, userId);
  codes = made.codes;
  await tenant.deps.table.transact([made.write]);
});

describe('S0-21 recovery codes', () => {
  it('are ten different ones of 80 bits in groups of four, of which fingerprints are kept', async () => {
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) expect(code).toMatch(/^[A-Z2-7]{4}(-[A-Z2-7]{4}){3}$/);
    const kept = (await item()) as Item;
    expect(left(kept)).toBe(10);
    const text = JSON.stringify([...(kept.fingerprints as Set<string>)]);
    for (const code of codes) expect(text).not.toContain(typed(code));
  });

  it('are each good once, the last one as well', async () => {
    for (const [n, code] of codes.entries()) {
      expect(await isOne(tenant.deps, userId, await item(), typed(code))).toBe(true);
      await tenant.deps.table.transact([await use(tenant.deps, userId, typed(code))]);
      expect(left(await item())).toBe(9 - n);
      expect(await isOne(tenant.deps, userId, await item(), typed(code))).toBe(false);
      await expect(tenant.deps.table.transact([await use(tenant.deps, userId, typed(code))])).rejects.toMatchObject({
        code: 'wrong_code',
      });
    }
  });

  it('are each used by exactly one of 200 parallel requests', async () => {
    const write = (await use(tenant.deps, userId, typed(codes[3] as string))) as LoneWrite;
    const outcomes = await Promise.allSettled(Array.from({ length: 200 }, () => tenant.deps.table.write(write)));
    const refusals = outcomes.filter((each) => each.status === 'rejected').map(({ reason }) => reason);
    expect(refusals).toHaveLength(199);
    expect(refusals.every((each) => each instanceof Problem && each.code === 'wrong_code')).toBe(true);
    expect(left(await item())).toBe(9);
  });

  it('are nobody else’s, and none where there are none', async () => {
    const code = typed(codes[0] as string);
    const other = 'usr_ffffffffffffffffffffffff';
    expect(await isOne(tenant.deps, other, await item(), code)).toBe(false);
    expect(left(await tenant.read(userKeys.recoveryCodes(other)))).toBe(0);
    await expect(tenant.deps.table.transact([await use(tenant.deps, other, code)])).rejects.toMatchObject({
      code: 'wrong_code',
    });
    expect(await tenant.read(userKeys.recoveryCodes(other))).toBeUndefined();
  });

  it('are dead once new ones were made', async () => {
    const { write, codes: newer } = await fresh(tenant.deps, userId);
    await tenant.deps.table.transact([write]);
    expect(await isOne(tenant.deps, userId, await item(), typed(codes[0] as string))).toBe(false);
    expect(await isOne(tenant.deps, userId, await item(), typed(newer[0] as string))).toBe(true);
  });

  it('outlive a new key of the tenant', async () => {
    const old = makeSealKeys(0);
    const deps = (keys: typeof old) => ({ ...tenant.deps, sealer: async () => new Sealer(keys) });
    const made = await fresh(deps(old), userId);
    await tenant.deps.table.transact([made.write]);
    const rotated = deps({ keys: [...makeSealKeys(1_000_000).keys, ...old.keys] });
    await tenant.deps.table.transact([await use(rotated, userId, typed(made.codes[0] as string))]);
    expect(left(await item())).toBe(9);
  });
});
