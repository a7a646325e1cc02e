import { randomBytes } from 'node:crypto';
import { jest } from '@jest/globals';
import { aTenant, type Called, password, type TestTenant } from '#test/setup/tenant.ts';

// Two hundred hashes in a row take their time on a busy machine.
jest.setTimeout(300_000);

/** Of each kind; with six kinds about two hundred requests. */
const ROUNDS = 34;
const wrong = 'not the password of anybody';

let tenant: TestTenant;
beforeAll(async () => {
  tenant = await aTenant({ ssoPasswordFallback: false });
});

/** What an answer shows, but for what differs with every request. */
function shownBy({ status, headers, body }: Called) {
  const { 'x-request-id': _id, ...rest } = headers;
  return JSON.stringify({ status, headers: rest, body: body && { ...body, instance: undefined } });
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

/** Calls the kinds in turns, each time a name of its own, so that no limit answers. */
async function interleaved(kinds: Record<string, () => Promise<string>>, call: (login: string) => Promise<Called>) {
  const answers = new Set<string>();
  const times: Record<string, number[]> = {};
  for (let n = 0; n < ROUNDS; n++) {
    for (const [kind, named] of Object.entries(kinds)) {
      const login = await named();
      const startedAt = performance.now();
      answers.add(shownBy(await call(login)));
      times[kind] = [...(times[kind] ?? []), performance.now() - startedAt];
    }
  }
  const medians = Object.entries(times).map(([kind, values]) => [kind, median(values)] as const);
  const [[, first]] = medians as [[string, number]];
  const differences = medians.map(([kind, value]) => `${kind} ${(value - first).toFixed(2)} ms`);
  return { answers, medians: medians.map(([, value]) => value), said: differences.join(', ') };
}

const kindsOf = (): Record<string, () => Promise<string>> => ({
  existing: async () => (await tenant.aUser()).login,
  unknown: async () => `nobody-${randomBytes(4).toString('hex')}`,
  deactivated: async () => (await tenant.aUser({ state: 'deactivated' })).login,
  invited: async () => (await tenant.aUser({ state: 'invited' })).login,
  'address-less': async () => (await tenant.aUser({ authEmail: undefined })).login,
  'SSO only': async () => (await tenant.aUser({ verifyType: 'google' })).login,
});

describe('G4 K14 S1-13 nobody learns who exists', () => {
  it('by signing in with a wrong password', async () => {
    let address = 0;
    const { answers, medians, said } = await interleaved(kindsOf(), (login) =>
      tenant.call('sign-in', { body: { login, password: wrong }, ip: `203.0.${address >> 8}.${address++ & 255}` }),
    );
    console.info(`Sign-in, difference of the medians to an existing user: ${said}`);
    expect([...answers].map((answer) => JSON.parse(answer).status)).toEqual([401]);
    // Without the dummy hash an unknown name would answer in a small part of the time.
    for (const each of medians) expect(each).toBeGreaterThan(Math.max(...medians) / 2);
  });

  it('by signing in with the right password of who may not', async () => {
    const kinds = kindsOf();
    const answers = new Set<string>();
    for (const kind of ['deactivated', 'invited', 'SSO only', 'unknown']) {
      const login = (await kinds[kind]?.()) as string;
      answers.add(shownBy(await tenant.call('sign-in', { body: { login, password }, ip: '192.0.2.1' })));
    }
    expect([...answers]).toHaveLength(1);
  });

  it('by asking for a new password, by mail or by SMS', async () => {
    for (const by of ['email', 'sms'] as const) {
      const { answers, said } = await interleaved(kindsOf(), (login) =>
        tenant.call('request-password-reset', { body: { login, by } }),
      );
      console.info(`Reset by ${by}, difference of the medians to an existing user: ${said}`);
      expect([...answers].map((answer) => JSON.parse(answer).status)).toEqual([202]);
    }
  });

  it('by failing often: a name that nobody has is locked like one that somebody has', async () => {
    const locked = new Set<string>();
    for (const login of [(await tenant.aUser()).login, 'nobody-at-all']) {
      const statuses: string[] = [];
      for (let n = 0; n < 7; n++) {
        const answer = await tenant.call('sign-in', { body: { login, password: wrong }, ip: '198.51.100.99' });
        statuses.push(shownBy(answer));
      }
      locked.add(JSON.stringify(statuses));
      expect(JSON.parse(statuses.at(-1) as string).status).toBe(429);
      // Asking for a new password is open all the same, and says nothing.
      expect(await tenant.call('request-password-reset', { body: { login } })).toMatchObject({
        status: 202,
        body: null,
      });
    }
    expect([...locked]).toHaveLength(1);
  });
});
