import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import type { Problem } from '#contract/problems.ts';
import { add, blockedUntil, isReached, type Limit, notReached, refusal } from '#domain/limits/limits.ts';
import { codeGuesses, passwordGuesses } from '#domain/sign-in/limits.ts';
import { networkLimitKey } from '#table/keys.ts';
import { type Item, put, remove } from '#table/write.ts';
import { aTenant, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
beforeAll(async () => {
  tenant = await aTenant({}, { isBare: true });
});

const aLimit = (max: number, waits?: number[]): Limit => ({
  key: networkLimitKey(randomBytes(8).toString('hex')),
  max,
  code: 'too_many_attempts',
  what: 'tries',
  ...(waits && { waits }),
});
const standing = (limit: Limit) => tenant.read(limit.key);

/** Seconds until the next guess is let in; 0 when this one was counted. */
async function guess(limit: Limit, asRead?: Item): Promise<number> {
  try {
    await add(tenant.deps, limit, asRead ?? (await standing(limit)), (addition) => tenant.deps.table.write(addition));
    return 0;
  } catch (error) {
    const { code, facts } = error as Problem;
    if (code !== limit.code || facts.retryAfterSeconds === undefined) throw error;
    return facts.retryAfterSeconds;
  }
}

/** Whether what must be within the limit commits. */
const passes = (limit: Limit) =>
  tenant.deps.table
    .transact([notReached(limit, tenant.deps.now()), put({ pk: limit.key.pk, sk: 'PROOF' })])
    .then(() => true)
    .catch((error: Problem) => {
      expect(error.code).toBe(limit.code);
      return false;
    });

describe('G3 a limit', () => {
  it('lets the maximum be counted, then nothing until an hour after the last', async () => {
    const limit = aLimit(3);
    for (const seconds of [0, 1000, 1000]) {
      tenant.advance(seconds);
      expect(await guess(limit)).toBe(0);
    }
    expect(await guess(limit)).toBe(3600);
    tenant.advance(3599);
    expect(await guess(limit)).toBe(1);
    expect(await passes(limit)).toBe(false);
    tenant.advance(1);
    expect(await passes(limit)).toBe(true);
    expect(await guess(limit)).toBe(0);
    expect(await standing(limit)).toMatchObject({ count: 1 });
  });

  it('keeps a count alive with each addition', async () => {
    const limit = aLimit(3);
    for (const seconds of [0, 3599, 3599]) {
      tenant.advance(seconds);
      expect(await guess(limit)).toBe(0);
    }
    expect(await standing(limit)).toMatchObject({ count: 3 });
  });

  it.each([undefined, [0, 0, 0, 0, 0, 0, 0]])(
    'counts exactly the maximum of 60 parallel guesses, waits %p',
    async (waits) => {
      const limit = aLimit(7, waits);
      const seconds = await Promise.all(Array.from({ length: 60 }, () => guess(limit)));
      expect(seconds.filter((each) => each === 0)).toHaveLength(7);
      expect(seconds.filter((each) => each === 3600)).toHaveLength(53);
      expect(await standing(limit)).toMatchObject({ count: 7 });
    },
  );

  it('is decided by the write, however old the read is', async () => {
    const limit = aLimit(5, [0, 0, 60]);
    await guess(limit);
    const first = await standing(limit);
    await guess(limit);
    expect(await guess(limit, first)).toBe(0);
    expect(await guess(limit, first)).toBe(60);
    expect(await standing(limit)).toMatchObject({ count: 3 });
  });

  it('begins anew when it was lifted after the read', async () => {
    const limit = aLimit(2);
    await guess(limit);
    const before = await standing(limit);
    await tenant.deps.table.write(remove(limit.key));
    expect(await guess(limit, before)).toBe(0);
    expect(await standing(limit)).toMatchObject({ count: 1 });
  });

  it('is counted beside another in one transaction, whichever of the two has moved', async () => {
    const both = async (one: Limit, other: Limit) => {
      await add(tenant.deps, one, undefined, (first) =>
        add(tenant.deps, other, undefined, (second) => tenant.deps.table.transact([first, second])),
      );
      return [(await standing(one))?.count, (await standing(other))?.count];
    };
    const [one, other] = [aLimit(9, [0, 0, 0, 60]), aLimit(9)];
    expect(await both(one, other)).toEqual([1, 1]);
    await guess(one);
    expect(await both(one, other)).toEqual([3, 2]);
    await guess(other);
    expect(await both(one, other)).toEqual([4, 4]);
    await expect(both(one, other)).rejects.toMatchObject({
      code: 'too_many_attempts',
      facts: { retryAfterSeconds: 60 },
    });
    expect((await standing(other))?.count).toBe(4);
  });

  it('reads counts from before there were waits', async () => {
    const limit = aLimit(5, [0, 0, 60]);
    const expiresAt = tenant.deps.now() + 1000;
    await tenant.deps.table.write(put({ ...limit.key, type: 'limit', v: 1, count: 2, expiresAt }));
    expect(await passes(limit)).toBe(true);
    expect([await guess(limit), await guess(limit)]).toEqual([0, 60]);
  });
});

describe('G3 growing waits', () => {
  it('are exact: refused one second before, and to the millisecond', async () => {
    const limit = aLimit(5, [0, 0, 60, 300]);
    for (let n = 0; n < 3; n++) expect(await guess(limit)).toBe(0);
    expect(await guess(limit)).toBe(60);
    tenant.advance(59);
    expect(await guess(limit)).toBe(1);
    tenant.advance(0.999);
    expect(await guess(limit)).toBe(1);
    expect(await passes(limit)).toBe(false);
    tenant.advance(0.001);
    expect(await passes(limit)).toBe(true);
    expect(await guess(limit)).toBe(0);
    expect(await guess(limit)).toBe(300);
    tenant.advance(300);
    expect(await guess(limit)).toBe(0);
    expect(await guess(limit)).toBe(3600);
  });

  it('stop parallel guesses where they stop one after the other', async () => {
    const limit = aLimit(5, [0, 0, 60, 300]);
    for (const judged of [3, 1, 1, 0]) {
      const seconds = await Promise.all(Array.from({ length: 40 }, () => guess(limit)));
      expect(seconds.filter((each) => each === 0)).toHaveLength(judged);
      tenant.advance(300);
    }
  });

  it('are not made longer by guessing meanwhile', async () => {
    const limit = aLimit(5, [60]);
    await guess(limit);
    for (let n = 0; n < 6; n++) {
      expect(await guess(limit)).toBe(60 - 10 * n);
      tenant.advance(10);
    }
    expect(await guess(limit)).toBe(0);
  });

  it('begin anew with a new count', async () => {
    const limit = aLimit(5, [0, 60]);
    await guess(limit);
    await guess(limit);
    tenant.advance(3600);
    expect([await guess(limit), await guess(limit), await guess(limit)]).toEqual([0, 0, 60]);
  });

  it('say how many failures there were and how long to wait', () => {
    const limit = passwordGuesses('usr_1', false);
    const item = { ...limit.key, count: 3, expiresAt: 3_600_000, notBefore: 60_000 };
    expect(refusal(limit, item, 0)).toMatchObject({
      code: 'too_many_attempts',
      facts: { retryAfterSeconds: 60 },
      message: expect.stringContaining('3 wrong passwords within an hour; try again in 60 s'),
    });
    expect(refusal(limit, { ...item, count: 5 }, 0)).toMatchObject({
      facts: { retryAfterSeconds: 3600 },
      message: expect.stringContaining('try again in 60 minutes'),
    });
    expect(isReached(limit, item, 59_999)).toBe(true);
    expect(blockedUntil(limit, item, 59_999)).toBe(60_000);
    expect(isReached(limit, item, 60_000)).toBe(false);
  });

  it('never let more than the maximum into an hour, and let the next one in exactly when they said', async () => {
    const pauses = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 400 }), fc.constant(3600)), {
      maxLength: 14,
    });
    const shape = fc.record({
      max: fc.integer({ min: 1, max: 5 }),
      waits: fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 500 })), { maxLength: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(shape, pauses, async ({ max, waits }, steps) => {
        const limit = aLimit(max, waits);
        const counted: number[] = [];
        for (const pause of steps) {
          tenant.advance(pause);
          let seconds = await guess(limit);
          if (seconds > 1) {
            tenant.advance(seconds - 1);
            expect(await guess(limit)).toBe(1);
            seconds = 1;
          }
          tenant.advance(seconds);
          if (seconds > 0) expect(await guess(limit)).toBe(0);
          counted.push(tenant.deps.now());
        }
        for (const from of counted) {
          expect(counted.filter((at) => at >= from && at < from + 3_600_000).length).toBeLessThanOrEqual(max);
        }
        // Whatever count it belongs to: a failure is never nearer to the one before than the shortest wait of all.
        const shortest = Math.min(...Array.from({ length: max }, (_, n) => waits[n] ?? 0));
        for (const [n, at] of counted.entries()) {
          if (n > 0) expect(at - (counted[n - 1] as number)).toBeGreaterThanOrEqual(shortest * 1000);
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('G3 the limits of an account', () => {
  it('hold ten passwords and ten codes an hour, and tell nobody whether they are known', () => {
    const [strangers, known] = [passwordGuesses('usr_1', false), passwordGuesses('usr_1', true)];
    expect(strangers.max + known.max).toBe(10);
    expect(codeGuesses('usr_1')).toMatchObject({ max: 10 });
    expect(codeGuesses('usr_1')).not.toHaveProperty('waits');
    expect({ ...known, key: null }).toEqual({ ...strangers, key: null });
    expect([strangers.key.sk, known.key.sk]).toEqual(['#LIMIT#passwords', '#LIMIT#passwords-known']);
  });
});
