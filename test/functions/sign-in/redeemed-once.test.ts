import { userKeys } from '#table/keys.ts';
import { appCode } from '#test/setup/authenticator-app.ts';
import { aTenant, type Called, password, type TestTenant } from '#test/setup/tenant.ts';

/** ROUNDS=50 for a thorough run. Invites and resets have theirs in test/functions/passwords. */
const ROUNDS = Number(process.env.ROUNDS ?? 1);
const AT_ONCE = 200;

let tenant: TestTenant;
beforeAll(async () => {
  tenant = await aTenant();
});

type Redeem = (n: number) => Promise<Called>;

const begin = async (login: string) => (await tenant.call('sign-in', { body: { login, password } })).body.next;
const newestCode = async (to: string) => (await tenant.mails()).findLast((mail) => mail.to === to)?.data.code;
const verify = (body: object) => tenant.call('verify-code', { body });

async function aUserWithApp() {
  const user = await tenant.aUser({ secondFactor: 'authenticator-enforced' });
  const { challenge } = await begin(user.login);
  const { key } = (await tenant.call('start-totp-setup', { body: { challenge } })).body;
  const code = appCode(key, tenant.deps.now());
  const { body } = await tenant.call('confirm-totp-setup', { body: { challenge, code } });
  tenant.advance(30);
  return { user, key: key as string, recoveryCodes: body.recoveryCodes as string[] };
}

/** For each kind of one-time secret: something to redeem, made anew for each round. */
const kinds: Record<string, () => Promise<Redeem>> = {
  'a code from the mail': async () => {
    const user = await tenant.aUser({ secondFactor: 'email-otp' });
    const { challenge } = await begin(user.login);
    const code = await newestCode(user.authEmail as string);
    return () => verify({ challenge, code });
  },
  'a code of the authenticator': async () => {
    const { user, key } = await aUserWithApp();
    // Of several sign-ins under way, so that the code itself is what is used up.
    const under = await Promise.all(Array.from({ length: 5 }, () => begin(user.login)));
    const code = appCode(key, tenant.deps.now());
    return (n) => verify({ challenge: under[n % 5].challenge, code });
  },
  'a recovery code': async () => {
    const { user, recoveryCodes } = await aUserWithApp();
    const under = await Promise.all(Array.from({ length: 5 }, () => begin(user.login)));
    return (n) => verify({ challenge: under[n % 5].challenge, recoveryCode: recoveryCodes[0] });
  },
  'the proof of a new authenticator at sign-in': async () => {
    const user = await tenant.aUser({ secondFactor: 'authenticator-enforced' });
    const { challenge } = await begin(user.login);
    const { key } = (await tenant.call('start-totp-setup', { body: { challenge } })).body;
    const code = appCode(key, tenant.deps.now());
    return () => tenant.call('confirm-totp-setup', { body: { challenge, code } });
  },
  'the proof of a new authenticator in the profile': async () => {
    const user = await tenant.aUser({ secondFactor: 'authenticator-optional' });
    const token = await tenant.signIn(user.login);
    const { key } = (await tenant.call('set-up-my-totp', { token })).body;
    const code = appCode(key, tenant.deps.now());
    return () => tenant.call('confirm-my-totp', { token, body: { code } });
  },
  'the proof of a new address': async () => {
    const user = await tenant.aUser();
    const token = await tenant.signIn(user.login);
    const authEmail = `new-${user.authEmail}`;
    await tenant.call('change-my-contact', { token, body: { authEmail } });
    const code = await newestCode(authEmail);
    return () => tenant.call('confirm-my-contact', { token, body: { code } });
  },
};

describe('G2 I3 of 200 parallel redemptions exactly one wins, for', () => {
  it.each(Object.entries(kinds))(
    '%s',
    async (_, prepare) => {
      for (let round = 0; round < ROUNDS; round++) {
        const redeem = await prepare();
        const answers = await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => redeem(n)));
        const won = answers.filter(({ status }) => status < 300);
        expect([round, won.length]).toEqual([round, 1]);
        for (const { status } of answers) expect(status).toBeLessThan(500);
      }
    },
    ROUNDS * 60_000,
  );
});

it('I4 and no sign-in leaves more than one session behind', async () => {
  const { user, key } = await aUserWithApp();
  const { challenge } = await begin(user.login);
  const code = appCode(key, tenant.deps.now());
  const before = (await tenant.allOf([userKeys.partition(user.id)])).filter(({ type }) => type === 'session').length;
  await Promise.all(Array.from({ length: AT_ONCE }, () => verify({ challenge, code })));
  const after = (await tenant.allOf([userKeys.partition(user.id)])).filter(({ type }) => type === 'session').length;
  expect(after - before).toBe(1);
});
