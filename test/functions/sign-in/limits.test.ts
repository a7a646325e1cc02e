import { networkLimitKey, userKeys } from '#table/keys.ts';
import { put } from '#table/write.ts';
import { aTenant, type Called, password, type TestTenant } from '#test/setup/tenant.ts';

let tenant: TestTenant;
beforeAll(async () => {
  tenant = await aTenant();
});

interface From {
  ip?: string;
  device?: string;
}

const office = '198.51.100.7';
const away = '192.0.2.200';
const signIn = (login: string, typed: string, { ip, device }: From = {}) =>
  tenant.call('sign-in', { body: { login, password: typed, ...(device && { device }) }, ...(ip && { ip }) });

const isJudged = ({ status, body }: Called) => status === 401 && body.code === 'invalid_credentials';
/** Seconds until the next guess is let in; 0 when this one was judged. */
const waitOf = (answer: Called): number => {
  if (isJudged(answer)) return 0;
  expect(answer).toMatchObject({ status: 429, body: { code: 'too_many_attempts' } });
  return Number(answer.headers['retry-after']);
};
let strangers = 0;
const anywhere = () => `203.0.113.${strangers++ % 250}`;

/** Strangers guess, and wait as they are told, until they are told to wait for an hour. */
async function useUp(login: string, from: From = {}): Promise<number[]> {
  const waits: number[] = [];
  while (waits.at(-1) !== 3600) {
    waits.push(waitOf(await signIn(login, 'wrong', { ip: anywhere(), ...from })));
    if (waits.at(-1) !== 3600) tenant.advance(waits.at(-1) as number);
  }
  return waits;
}

/** Somebody who has signed in at the office, and the token of their device. */
async function anOwner() {
  const user = await tenant.aUser();
  const { body } = await signIn(user.login, password, { ip: office });
  return { user, device: body.next.device as string };
}

const countOf = async (userId: string, kind: string) => (await tenant.read(userKeys.limit(userId, kind)))?.count;

describe('G3 strangers guessing a password', () => {
  it('have five guesses an hour, and longer and longer to wait', async () => {
    const user = await tenant.aUser();
    expect(await useUp(user.login)).toEqual([0, 0, 0, 60, 0, 300, 0, 3600]);
    expect(await countOf(user.id, 'passwords')).toBe(5);
    tenant.advance(3599);
    expect(waitOf(await signIn(user.login, password, { ip: anywhere() }))).toBe(1);
    tenant.advance(1);
    expect(await signIn(user.login, password, { ip: anywhere() })).toMatchObject({ status: 200 });
  });

  it.each([
    [3, 60],
    [4, 300],
  ])('wait exactly after failure %i: %i s', async (failures, seconds) => {
    const user = await tenant.aUser();
    for (let n = 0; n < failures; ) {
      const wait = waitOf(await signIn(user.login, 'wrong', { ip: anywhere() }));
      tenant.advance(wait);
      if (wait === 0) n++;
    }
    // Refused is refused: the right password is not judged either, and nothing is counted.
    expect(waitOf(await signIn(user.login, password, { ip: anywhere() }))).toBe(seconds);
    tenant.advance(seconds - 1);
    expect(waitOf(await signIn(user.login, password, { ip: anywhere() }))).toBe(1);
    expect(await countOf(user.id, 'passwords')).toBe(failures);
    tenant.advance(1);
    expect(isJudged(await signIn(user.login, 'wrong', { ip: anywhere() }))).toBe(true);
    expect(await countOf(user.id, 'passwords')).toBe(failures + 1);
  });

  it('gain nothing by other spellings or addresses', async () => {
    const user = await tenant.aUser({ login: 'Weiß', authEmail: 'weiss@example.com' });
    const names = ['Weiß', 'weiss', 'WEISS', 'weiss@example.com', ' WEISS@example.COM'];
    const addresses = ['203.0.113.1', '2001:db8:9::1', '::ffff:192.0.2.1', '203.0.113.2', '2001:db8:8::1'];
    let judged = 0;
    for (let n = 0; n < 25; n++) {
      const wait = waitOf(await signIn(names[n % 5] as string, 'wrong', { ip: addresses[(n * 2) % 5] as string }));
      if (wait === 0) judged++;
      else if (wait < 3600) tenant.advance(wait);
    }
    expect(judged).toBe(5);
    expect(await countOf(user.id, 'passwords')).toBe(5);
  });

  it('gain nothing by guessing in parallel, not even right', async () => {
    const user = await tenant.aUser();
    for (const [seconds, judged] of [
      [0, 3],
      [60, 1],
      [300, 1],
    ] as const) {
      tenant.advance(seconds);
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, n) => signIn(user.login, `wrong ${n}`, { ip: anywhere() })),
      );
      expect(answers.filter(isJudged)).toHaveLength(judged);
      expect(answers.filter(({ status }) => status === 429)).toHaveLength(50 - judged);
      const right = await Promise.all(
        Array.from({ length: 10 }, () => signIn(user.login, password, { ip: anywhere() })),
      );
      expect(right.map(({ status }) => status)).toEqual(Array(10).fill(429));
    }
  });

  it('are refused a right guess that was let in before the wrong ones beside it were counted', async () => {
    const typed = [...Array.from({ length: 40 }, (_, n) => `wrong ${n}`), password];
    const race = async () => {
      const user = await tenant.aUser();
      const answers = await Promise.all(typed.map((each) => signIn(user.login, each, { ip: anywhere() })));
      return { user, answers };
    };
    let { user, answers } = await race();
    // On a busy machine the last one may be judged before any other was counted: then it is right to let it in.
    for (let races = 1; answers.at(-1)?.status === 200 && races < 5; races++) ({ user, answers } = await race());
    expect(answers.filter(isJudged)).toHaveLength(3);
    expect(answers.at(-1)).toMatchObject({ status: 429, body: { code: 'too_many_attempts' } });
    expect((await tenant.allOf([userKeys.partition(user.id)])).filter(({ type }) => type === 'session')).toEqual([]);
  });

  it('are not forgiven by a right password in between', async () => {
    const user = await tenant.aUser();
    await signIn(user.login, 'wrong', { ip: '203.0.113.1' });
    await signIn(user.login, 'wrong', { ip: '203.0.113.2' });
    expect(await signIn(user.login, password, { ip: office })).toMatchObject({ status: 200 });
    expect(isJudged(await signIn(user.login, 'wrong', { ip: '203.0.113.3' }))).toBe(true);
    expect(waitOf(await signIn(user.login, 'wrong', { ip: '203.0.113.4' }))).toBe(60);
  });

  it('are counted alike for names that nobody has (K14)', async () => {
    const user = await tenant.aUser();
    const seen = async (login: string) => {
      const shapes: unknown[] = [];
      for (let n = 0; n < 10; n++) {
        const answer = await signIn(login, 'wrong', { ip: `192.0.2.${n}` });
        const { instance: _instance, ...members } = answer.body;
        const { 'x-request-id': _id, ...headers } = answer.headers;
        shapes.push({ status: answer.status, headers, members });
        if (answer.status === 429 && Number(headers['retry-after']) < 3600) {
          tenant.advance(Number(headers['retry-after']));
        }
      }
      return shapes;
    };
    const [nobody, somebody] = [await seen('nobody-at-all'), await seen(user.login)];
    expect(nobody).toEqual(somebody);
    expect(nobody).toHaveLength(10);
  });
});

describe('G3 the owner', () => {
  it('gets in from a known network while strangers have used theirs up', async () => {
    const { user } = await anOwner();
    await useUp(user.login);
    expect(await signIn(user.login, password, { ip: away })).toMatchObject({ status: 429 });
    expect(await signIn(user.login, password, { ip: office })).toMatchObject({ status: 200 });
  });

  it('gets in from anywhere with a known device while strangers have used theirs up', async () => {
    const { user, device } = await anOwner();
    await useUp(user.login);
    expect(await signIn(user.login, password, { ip: away, device })).toMatchObject({ status: 200 });
  });

  it('is held up by nothing that strangers can do: they wait, the owner does not', async () => {
    const { user, device } = await anOwner();
    for (let n = 0; n < 3; n++) await signIn(user.login, 'wrong', { ip: anywhere() });
    const [attack, owner] = await Promise.all([
      Promise.all(Array.from({ length: 30 }, () => signIn(user.login, 'wrong', { ip: anywhere() }))),
      signIn(user.login, password, { ip: away, device }),
    ]);
    expect(attack.filter(isJudged)).toEqual([]);
    expect(owner).toMatchObject({ status: 200 });
  });

  it('has five guesses an hour and the same waits', async () => {
    const { user, device } = await anOwner();
    expect(await useUp(user.login, { ip: away, device })).toEqual([0, 0, 0, 60, 0, 300, 0, 3600]);
    // The same counter from the known network, and none of the strangers' is used.
    expect(await signIn(user.login, password, { ip: office })).toMatchObject({ status: 429 });
    expect(await countOf(user.id, 'passwords-known')).toBe(5);
    expect(await countOf(user.id, 'passwords')).toBeUndefined();
  });

  it('is not known by the device of somebody else, nor by a made-up one', async () => {
    const { user } = await anOwner();
    const { device: foreign } = await anOwner();
    await useUp(user.login);
    for (const device of [foreign, `${foreign.slice(0, -6)}AAAAAA`]) {
      expect(await signIn(user.login, password, { ip: away, device })).toMatchObject({ status: 429 });
    }
  });

  it('is told the device once, and costs no write beyond the session from then on', async () => {
    const { user, device } = await anOwner();
    expect(device).toMatch(/^rdev_/);
    const stored = await tenant.read(userKeys.devices(user.id));
    for (const from of [{ ip: office, device }, { ip: office }]) {
      const again = await signIn(user.login, password, from);
      expect(again).toMatchObject({ status: 200 });
      expect(again.body.next).not.toHaveProperty('device');
    }
    expect(await tenant.read(userKeys.devices(user.id))).toEqual(stored);
  });

  it('is told a device each, where several sign in at the same moment', async () => {
    const user = await tenant.aUser();
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, n) => signIn(user.login, password, { ip: `192.0.2.${n}` })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
    expect(answers.every(({ body }) => body.next.device.startsWith('rdev_'))).toBe(true);
  });
});

describe('G3 ten guesses an hour an account', () => {
  it('whatever strangers, known networks and known devices do together, one by one or in parallel', async () => {
    const { user, device } = await anOwner();
    const from = (): From[] => [
      { ip: anywhere() },
      { ip: anywhere() },
      { ip: office },
      { ip: away, device },
      { ip: office, device },
    ];
    const judgedAt: number[] = [];
    const begin = tenant.deps.now();
    while (tenant.deps.now() < begin + 3 * 3_600_000) {
      const answers = await Promise.all(from().map((each) => signIn(user.login, 'wrong', each)));
      judgedAt.push(...answers.filter(isJudged).map(() => tenant.deps.now()));
      // As soon as anybody is let in again; no sooner than in a second, so that the attack comes to an end.
      tenant.advance(Math.max(1, Math.min(...answers.map(waitOf))));
    }
    const inHourFrom = (at: number) => judgedAt.filter((each) => each >= at && each < at + 3_600_000).length;
    expect(Math.max(...judgedAt.map(inHourFrom))).toBe(10);
  });
});

describe('G3 three hundred failures of a network', () => {
  const full = async (ip: string, count = 300) => {
    const expiresAt = tenant.deps.now() + 1_000_000;
    await tenant.deps.table.write(put({ ...networkLimitKey(ip), type: 'limit', v: 1, count, expiresAt }));
  };

  it('shut out who only has the right password there, at a known network too', async () => {
    const user = await tenant.aUser();
    const ip = '192.0.2.77';
    expect(await signIn(user.login, password, { ip })).toMatchObject({ status: 200 });
    await full(ip);
    expect(waitOf(await signIn(user.login, password, { ip }))).toBe(1000);
    expect(await signIn(user.login, password, { ip: '192.0.2.78' })).toMatchObject({ status: 200 });
  });

  it('do not shut out known devices, whose failures are still counted for the account', async () => {
    const { user, device } = await anOwner();
    const ip = '192.0.2.79';
    await full(ip);
    expect(isJudged(await signIn(user.login, 'wrong', { ip, device }))).toBe(true);
    expect(await countOf(user.id, 'passwords-known')).toBe(1);
    expect(await signIn(user.login, password, { ip, device })).toMatchObject({ status: 200 });
  });

  it('are judged with the write: of many at the edge only one counts', async () => {
    const ip = '192.0.2.80';
    await full(ip, 299);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => signIn(`nobody-${n}`, 'wrong', { ip })));
    expect(answers.filter(isJudged)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(19);
  });
});

describe('lifted locks', () => {
  it('let the next guess be judged at once', async () => {
    const { token } = await tenant.aSuperUser();
    const user = await tenant.aUser();
    await useUp(user.login);
    expect(await tenant.call('lift-user-locks', { token, params: { userId: user.id } })).toMatchObject({ status: 204 });
    expect(isJudged(await signIn(user.login, 'wrong', { ip: anywhere() }))).toBe(true);
    expect(await signIn(user.login, password, { ip: anywhere() })).toMatchObject({ status: 200 });
  });
});
