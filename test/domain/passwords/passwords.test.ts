import { settings as settingsSchema } from '#contract/settings.ts';
import { verifyPassword } from '#domain/passwords/hash.ts';
import { chosen, hashOf, isExpired, mustChange, passwordItem, temporary } from '#domain/passwords/passwords.ts';
import type { User } from '#domain/users/user.ts';
import { userKeys } from '#table/keys.ts';
import type { Item, LoneWrite } from '#table/write.ts';
import { aTenant, password as first, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
beforeAll(async () => {
  tenant = await aTenant();
});

const DAY = 86_400;
const stored = (user: User) => tenant.read(userKeys.password(user.id));
const settingsOf = (values: object = {}) => settingsSchema().parse(values);

async function choose(user: User, password: string, values: object = {}): Promise<string> {
  try {
    await tenant.deps.table.write(await chosen(tenant.deps, user, await stored(user), password, settingsOf(values)));
    return 'chosen';
  } catch (error) {
    return (error as Error).message;
  }
}

async function setTemporary(user: User, password: string): Promise<number> {
  const { until, write } = await temporary(tenant.deps, user, await stored(user), password, settingsOf());
  await tenant.deps.table.write(write);
  return until;
}

describe('K3 a temporary password', () => {
  it('must be changed from the first second, and is dead after 72 hours, to the millisecond', async () => {
    const user = await tenant.aUser();
    const until = await setTemporary(user, 'over the old stone bridge');
    const item = await stored(user);
    expect(until - tenant.deps.now()).toBe(72 * 3_600_000);
    expect(mustChange(item, settingsOf(), tenant.deps.now())).toBe(true);
    expect(isExpired(item, until - 1)).toBe(false);
    expect(isExpired(item, until)).toBe(true);
  });

  it('is one no more once another is chosen, and is not that other', async () => {
    const user = await tenant.aUser();
    await setTemporary(user, 'over the old stone bridge');
    expect(await choose(user, 'over the old stone bridge')).toContain('was used before');
    expect(await choose(user, 'under the old stone bridge')).toBe('chosen');
    const item = await stored(user);
    expect(isExpired(item, tenant.deps.now() + 100 * DAY * 1000)).toBe(false);
    expect(mustChange(item, settingsOf(), tenant.deps.now())).toBe(false);
  });

  it('is not compared with what the user had: that would tell a guess of it', async () => {
    const user = await tenant.aUser();
    await expect(setTemporary(user, first)).resolves.toEqual(expect.any(Number));
  });
});

describe('K1 the age of a password', () => {
  it('makes it due for a change after the days of the setting, to the second; never without', async () => {
    const user = await tenant.aUser();
    const item = await stored(user);
    const { setAt } = passwordItem().parse(item);
    const settings = settingsOf({ passwordDays: 90 });
    expect(mustChange(item, settings, setAt + 90 * DAY * 1000 - 1)).toBe(false);
    expect(mustChange(item, settings, setAt + 90 * DAY * 1000)).toBe(true);
    expect(mustChange(item, settingsOf(), setAt + 3650 * DAY * 1000)).toBe(false);
    expect(mustChange(undefined, settings, setAt)).toBe(false);
    expect(isExpired(undefined, setAt)).toBe(false);
  });
});

describe('K1 the history of passwords', () => {
  it('refuses the present one also without a history, in any Unicode form', async () => {
    const user = await tenant.aUser();
    expect(await choose(user, 'dlouhá cesta kolem řeky')).toBe('chosen');
    expect(await choose(user, 'dlouhá cesta kolem řeky'.normalize('NFD'))).toContain('was used before');
    expect(await choose(user, first)).toBe('chosen');
    expect(await stored(user)).not.toHaveProperty('history');
  });

  it('refuses as many before it as the setting says, and forgets the older', async () => {
    const user = await tenant.aUser();
    const settings = { passwordHistory: 2 };
    const [second, third, fourth] = [
      'the second walk by the river',
      'the third walk by the river',
      'the fourth walk by it',
    ];
    expect(await choose(user, second, settings)).toBe('chosen');
    expect(await choose(user, third, settings)).toBe('chosen');
    for (const used of [third, second, first]) expect(await choose(user, used, settings)).toContain('was used before');
    expect(await choose(user, fourth, settings)).toBe('chosen');
    expect((await stored(user))?.history).toHaveLength(2);
    expect(await choose(user, first, settings)).toBe('chosen');
  });

  it('is told together with what else is wrong', async () => {
    const user = await tenant.aUser();
    const message = await choose(user, first, { passwordMinWithoutFactor: 64, passwordClasses: true });
    expect(message).toMatch(/64 characters.*capital.*digit.*was used before/);
  });
});

describe('G2 choosing at once', () => {
  it('is won by one of ten who read the same present password, and of ten who read none', async () => {
    for (const isFirst of [false, true]) {
      const user = await tenant.aUser();
      const present: Item | undefined = isFirst ? undefined : await stored(user);
      if (isFirst) await tenant.deps.table.write({ kind: 'remove', key: userKeys.password(user.id) });
      const writes: LoneWrite[] = [];
      for (let n = 0; n < 10; n++) {
        writes.push(await chosen(tenant.deps, user, present, `walk number ${n} by the river`, settingsOf()));
      }
      const outcomes = await Promise.allSettled(writes.map((write) => tenant.deps.table.write(write)));
      const winner = outcomes.findIndex(({ status }) => status === 'fulfilled');
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await verifyPassword(`walk number ${winner} by the river`, hashOf(await stored(user)))).toBe(true);
    }
  });
});
