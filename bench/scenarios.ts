// The operations that the bench and the budget tests measure, each run once against a tenant whose table is metered.

import { createHash } from 'node:crypto';
import type { OperationId } from '#contract/operations.ts';
import * as definitions from '#domain/definitions/definitions.ts';
import { entriesOf } from '#domain/directory/entries.ts';
import * as records from '#domain/records/records.ts';
import * as settings from '#domain/settings/settings.ts';
import type { User } from '#domain/users/user.ts';
import { type Item, put } from '#table/write.ts';
import { appCode } from '#test/setup/authenticator-app.ts';
import { aTenant, type CallOptions, password } from '#test/setup/tenant.ts';
import { asked, aTelephone } from './platform.ts';
import { type Spending, spendingMeter } from './spending.ts';
import { WriteMany } from './write-many.ts';

type Tenant = Awaited<ReturnType<typeof tenantOfTypicalUsers>>;

interface Scenario {
  operation: OperationId;
  /** Everything that has to be there before, and the call to measure. */
  call: (tenant: Tenant) => Promise<CallOptions>;
}

const PAGE = 100;

/** Reads nothing but who calls. */
const mayCall = { access: 'acc_administrator', rights: 'rgt_own' };

export const scenarios = {
  'session check': { operation: 'list-permissions', call: async ({ token }) => ({ token }) },
  'session check that touches': {
    operation: 'list-permissions',
    call: async ({ token, advance }) => {
      advance(301);
      return { token };
    },
  },
  'API token check': {
    operation: 'list-permissions',
    call: async ({ aToken, call }) => {
      const token = await aToken({ extendWithUse: true });
      // Writes the last use, which is then not due again for five minutes.
      await call('list-permissions', { token });
      return { token };
    },
  },
  'API token check that writes its use': {
    operation: 'list-permissions',
    call: async ({ aToken }) => ({ token: await aToken() }),
  },
  'API token check that writes its use and moves its end': {
    operation: 'list-permissions',
    call: async ({ aToken }) => ({ token: await aToken({ extendWithUse: true, expiresAt: '2026-06-01T00:00:00Z' }) }),
  },
  'check of an imported API token': {
    operation: 'list-permissions',
    call: async ({ token, aUser, call }) => {
      const value = `foreign-${made++}`;
      const sha256 = createHash('sha256').update(value).digest('hex');
      const params = { userId: (await aUser(mayCall)).id };
      await call('import-token', { token, params, body: { title: 'Old CRM', sha256 } });
      await call('list-permissions', { token: value });
      return { token: value };
    },
  },
  'who am I': { operation: 'get-me', call: async ({ token }) => ({ token }) },
  'sign-in by password': {
    operation: 'sign-in',
    call: async ({ aUser, signIn }) => {
      const { login } = await aUser();
      await signIn(login);
      return { body: { login, password } };
    },
  },
  'sign-in from a new device': {
    operation: 'sign-in',
    call: async ({ aUser, signIn }) => {
      const { login } = await aUser();
      await signIn(login);
      return { body: { login, password }, ip: '203.0.113.9' };
    },
  },
  'sign-in by password and authenticator': {
    operation: 'sign-in',
    call: async ({ aUserWithApp }) => {
      const { login, code } = await aUserWithApp();
      return { body: { login, password, code } };
    },
  },
  'sign-in, code sent': {
    operation: 'sign-in',
    call: async ({ aUser }) => ({ body: { login: (await aUser({ secondFactor: 'email-otp' })).login, password } }),
  },
  'code of the authenticator': {
    operation: 'verify-code',
    call: async ({ aUserWithApp, call }) => {
      const { login, code } = await aUserWithApp();
      const { body } = await call('sign-in', { body: { login, password } });
      return { body: { challenge: body.next.challenge, code } };
    },
  },
  'code from the mail': {
    operation: 'verify-code',
    call: async ({ aUser, call, mails }) => {
      const { login, authEmail } = await aUser({ secondFactor: 'email-otp' });
      const { body } = await call('sign-in', { body: { login, password } });
      const mail = (await mails()).find(({ to }) => to === authEmail);
      return { body: { challenge: body.next.challenge, code: mail?.data.code } };
    },
  },
  'create user by invitation': { operation: 'create-user', call: async ({ token }) => ({ token, body: newUser() }) },
  'accept an invite': {
    operation: 'accept-invite',
    call: async ({ token, call, mails }) => {
      const { body } = await call('create-user', { token, body: newUser() });
      const mail = (await mails()).find(({ to }) => to === body.authEmail);
      return { body: { token: mail?.data.link?.split('#')[1], password } };
    },
  },
  'list 100 users': {
    operation: 'list-users',
    call: async ({ token, activeUsers }) => ({ token, query: { limit: `${PAGE}`, cursor: activeUsers } }),
  },
  'list 100 users, all invited': {
    operation: 'list-users',
    call: async ({ token }) => ({ token, query: { limit: `${PAGE}` } }),
  },
  'search users by one word': {
    operation: 'list-users',
    call: async ({ token }) => ({ token, query: { search: 'novakov' } }),
  },
  'search users by two words': {
    operation: 'list-users',
    call: async ({ token }) => ({ token, query: { search: 'jan nov' } }),
  },
  'search users by a phrase': {
    operation: 'list-users',
    call: async ({ token }) => ({ token, query: { search: '"jana nov"' } }),
  },
  'list 100 users by login': {
    operation: 'list-users',
    call: async ({ token }) => ({ token, query: { limit: `${PAGE}`, sort: 'login' } }),
  },
  'read a user': {
    operation: 'get-user',
    call: async ({ token, aUser }) => ({ token, params: { userId: (await aUser()).id } }),
  },
  'change a user': {
    operation: 'change-user',
    call: async ({ token, aUser }) => ({
      ...{ token, params: { userId: (await aUser()).id } },
      ...{ body: { title: 'Jana Malá' }, headers: { 'if-match': '"1"' } },
    }),
  },
  'change a detail of a user': {
    operation: 'change-user',
    call: async ({ token, aDescribedUser }) => ({
      ...{ token, params: { userId: await aDescribedUser() } },
      ...{ body: { description: 'On the evening shift from May on' }, headers: { 'if-match': '"3"' } },
    }),
  },
  'change the alias of a user': {
    operation: 'change-user',
    call: async ({ token, aDescribedUser }) => ({
      ...{ token, params: { userId: await aDescribedUser() } },
      ...{ body: { alias: 'Jana z podpory' }, headers: { 'if-match': '"3"' } },
    }),
  },
  'change the language of a user': {
    operation: 'change-user',
    call: async ({ token, aDescribedUser }) => ({
      ...{ token, params: { userId: await aDescribedUser() } },
      ...{ body: { language: 'sk' }, headers: { 'if-match': '"3"' } },
    }),
  },
  'numbers, and the next free one': {
    operation: 'list-numbers',
    call: async ({ token }) => ({ token, params: { kind: 'numeric-ids' }, query: { limit: `${PAGE}` } }),
  },
  'deactivate a user': {
    operation: 'deactivate-user',
    call: async ({ token, aUser }) => ({ token, params: { userId: (await aUser()).id }, body: {} }),
  },
  'ask for a new password': {
    operation: 'request-password-reset',
    call: async ({ aUser }) => ({ body: { login: (await aUser()).login } }),
  },
  'route a call to an extension': {
    operation: 'route-inbound-call',
    call: (tenant) => asked(tenant, 'route-inbound-call', async () => ({ extension: await aTelephone(tenant) })),
  },
  'route a call by an extension': {
    operation: 'route-outbound-call',
    call: (tenant) =>
      asked(tenant, 'route-outbound-call', async () => ({ extension: await aTelephone(tenant), to: '+421900000000' })),
  },
  'decide a recording after a transfer': {
    operation: 'decide-recording',
    call: (tenant) =>
      asked(tenant, 'decide-recording', async () => {
        return { event: 'transferred', user: (await tenant.aUser()).id, fromUser: (await tenant.aUser()).id };
      }),
  },
  'sign out': {
    operation: 'sign-out',
    call: async ({ aUser, signIn }) => ({ token: await signIn((await aUser()).login) }),
  },
} as const satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof scenarios;

export interface Measured {
  name: ScenarioName;
  operation: OperationId;
  /** Settings read within the last five seconds, as on a busy instance. */
  warm: Spending;
  /** Settings read by this very request, as on a new or a quiet instance. */
  cold: Spending;
}

/** @throws Error when an operation refuses what it should do */
export async function measureScenarios(): Promise<Measured[]> {
  const meter = spendingMeter();
  const tenant = await tenantOfTypicalUsers({ meter: meter.meter });
  const measured: Measured[] = [];
  for (const [name, { operation, call }] of Object.entries(scenarios) as [ScenarioName, Scenario][]) {
    const spend = async (prepare: () => unknown) => {
      const options = await call(tenant);
      await prepare();
      return meter.of(async () => {
        const { status, body } = await tenant.call(operation, options);
        if (status >= 400) throw new Error(`${name}: ${status} ${JSON.stringify(body)}`);
      });
    };
    const warm = await spend(() => settings.current(tenant.deps));
    const cold = await spend(() => definitions.forget(tenant.deps));
    measured.push({ name, operation, warm, cold });
  }
  return measured;
}

/** A page of invited and a page of active users, with names and addresses as people have them, and a signed-in SuperUser. */
async function tenantOfTypicalUsers(options: Parameters<typeof aTenant>[1]) {
  const tenant = await aTenant({}, options);
  const common = { v: 1 as const, name: 'Sales', version: 1, usedBy: 0, updatedAt: 0, users: 'all' as const };
  const content = { queues: 'all', channels: {}, categories: 'all', groups: 'all', databases: 'all' } as const;
  await tenant.deps.table.transact(records.creation({ type: 'rights', id: 'rgt_0123456789ab', ...common, ...content }));
  const invite = { secretHash: 'x'.repeat(43), expiresAt: tenant.deps.now() + 86_400_000 };
  const entries: Item[] = [];
  for (let n = 0; n < PAGE; n++) {
    const pair = [
      await tenant.aUser({ ...typical(`alena.bezruc${n}`, 'Alena Bezručová'), state: 'invited', invite }),
      await tenant.aUser({ ...typical(`jana.novakova${n}`, 'Jana Nováková'), ...reachable(n) }),
    ];
    entries.push(...pair.flatMap(entriesOf));
  }
  // As the stream would leave them.
  await new WriteMany(tenant.deps.table).add(entries.map((entry) => put(entry)));
  const { token } = await tenant.aSuperUser({ title: 'Zoe Admin' });
  const { body } = await tenant.call('list-users', { token, query: { limit: `${PAGE}` } });
  const aToken = async (values: object = {}): Promise<string> => {
    const { id: userId } = await tenant.aUser(mayCall);
    const given = { token, params: { userId }, body: { title: 'CRM integration - production', ...values } };
    return (await tenant.call('create-token', given)).body.value;
  };
  /** With what the detail page shows of most users, and a signature of half a page. @returns the id; the version is 3 */
  const aDescribedUser = async (): Promise<string> => {
    const { id: userId } = await tenant.aUser(typical(`eva.mala${made++}`, 'Eva Malá'));
    const described = {
      ...{ description: 'On the evening shift; speaks with the Slovak customers', alias: 'Eva' },
      ...{
        steeringKeyWords: ['invoices', 'complaints'],
        timeZone: 'Europe/Prague',
        spokenLanguages: ['cs', 'sk', 'en'],
      },
      ...{ firstName: 'Eva', lastName: 'Malá', notificationEmail: 'eva.mala@contact-center.example' },
    };
    const ask = (id: 'change-user' | 'set-user-signature', body: object, version: number) =>
      tenant.call(id, { token, params: { userId }, body, headers: { 'if-match': `"${version}"` } });
    await ask('change-user', described, 1);
    const { status } = await ask('set-user-signature', { signature: `<p>${'Eva Malá, '.repeat(200)}</p>` }, 2);
    if (status !== 200) throw new Error(`A signature was refused: ${status}`);
    return userId;
  };
  /** Has signed in before, on this network, and shows a code that is new. */
  const aUserWithApp = async () => {
    const { login } = await tenant.aUser({ secondFactor: 'authenticator-enforced' });
    const { challenge } = (await tenant.call('sign-in', { body: { login, password } })).body.next;
    const { key } = (await tenant.call('start-totp-setup', { body: { challenge } })).body;
    const code = appCode(key, tenant.deps.now());
    await tenant.call('confirm-totp-setup', { body: { challenge, code } });
    tenant.advance(30);
    return { login, code: appCode(key, tenant.deps.now()) };
  };
  return { ...tenant, token, aToken, aUserWithApp, aDescribedUser, activeUsers: body.next as string };
}

function typical(login: string, title: string): Partial<User> {
  const reached = { authEmail: `${login}@contact-center.example`, language: 'cs', secondFactor: 'email-otp' as const };
  return { login, title, ...reached, access: 'acc_agent', rights: 'rgt_0123456789ab', roles: ['rol_auditor'] };
}

/** What who has worked for a while has, too. */
function reachable(n: number): Partial<User> {
  const lastSignInAt = Date.parse('2026-03-01T08:00:00Z') + n * 1000;
  return { numericId: String(100_000 + n), extension: String(5000 + n), lastSignInAt };
}

let made = 0;

function newUser() {
  const login = `petra.novotna${made++}`;
  return {
    login,
    title: 'Petra Novotná',
    type: 'contact-center',
    access: 'acc_agent',
    rights: 'rgt_own',
    authEmail: `${login}@contact-center.example`,
  };
}
