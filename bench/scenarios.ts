// The operations that the bench and the budget tests measure, each run once against a tenant whose table is metered.

import { createHash } from 'node:crypto';
import type { OperationId } from '#contract/operations.ts';
import * as definitions from '#domain/definitions/definitions.ts';
import * as records from '#domain/grants/records.ts';
import * as settings from '#domain/settings/settings.ts';
import type { User } from '#domain/users/user.ts';
import { appCode } from '#test/setup/authenticator-app.ts';
import { aTenant, type CallOptions, password } from '#test/setup/tenant.ts';
import { type Spending, spendingMeter } from './spending.ts';

type Tenant = Awaited<ReturnType<typeof tenantOfTypicalUsers>>;

interface Scenario {
  operation: OperationId;
  /** Everything that has to be there before, and the call to measure. */
  call: (tenant: Tenant) => Promise<CallOptions>;
}

const PAGE = 100;

export const scenarios = {
  'session check': { operation: 'get-me', call: async ({ token }) => ({ token }) },
  'session check that touches': {
    operation: 'get-me',
    call: async ({ token, advance }) => {
      advance(301);
      return { token };
    },
  },
  'API token check': {
    operation: 'get-me',
    call: async ({ aToken, call }) => {
      const token = await aToken({ extendWithUse: true });
      // Writes the last use, which is then not due again for five minutes.
      await call('get-me', { token });
      return { token };
    },
  },
  'API token check that writes its use': {
    operation: 'get-me',
    call: async ({ aToken }) => ({ token: await aToken() }),
  },
  'API token check that writes its use and moves its end': {
    operation: 'get-me',
    call: async ({ aToken }) => ({ token: await aToken({ extendWithUse: true, expiresAt: '2026-06-01T00:00:00Z' }) }),
  },
  'check of an imported API token': {
    operation: 'get-me',
    call: async ({ token, aUser, call }) => {
      const value = `foreign-${made++}`;
      const sha256 = createHash('sha256').update(value).digest('hex');
      const params = { userId: (await aUser()).id };
      await call('import-token', { token, params, body: { title: 'Old CRM', sha256 } });
      await call('get-me', { token: value });
      return { token: value };
    },
  },
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
  'deactivate a user': {
    operation: 'deactivate-user',
    call: async ({ token, aUser }) => ({ token, params: { userId: (await aUser()).id } }),
  },
  'ask for a new password': {
    operation: 'request-password-reset',
    call: async ({ aUser }) => ({ body: { login: (await aUser()).login } }),
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
  const content = { queues: 'all', categories: 'all', groups: 'all', databases: 'all' } as const;
  await tenant.deps.table.transact(records.creation({ type: 'rights', id: 'rgt_0123456789ab', ...common, ...content }));
  const invite = { secretHash: 'x'.repeat(43), expiresAt: tenant.deps.now() + 86_400_000 };
  for (let n = 0; n < PAGE; n++) {
    await tenant.aUser({ ...typical(`alena.bezruc${n}`, 'Alena Bezručová'), state: 'invited', invite });
    await tenant.aUser(typical(`jana.novakova${n}`, 'Jana Nováková'));
  }
  const { token } = await tenant.aSuperUser({ title: 'Zoe Admin' });
  const { body } = await tenant.call('list-users', { token, query: { limit: `${PAGE}` } });
  const aToken = async (values: object = {}): Promise<string> => {
    const { id: userId } = await tenant.aUser();
    const given = { token, params: { userId }, body: { title: 'CRM integration - production', ...values } };
    return (await tenant.call('create-token', given)).body.value;
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
  return { ...tenant, token, aToken, aUserWithApp, activeUsers: body.next as string };
}

function typical(login: string, title: string): Partial<User> {
  const reached = { authEmail: `${login}@contact-center.example`, language: 'cs', secondFactor: 'email-otp' as const };
  return { login, title, ...reached, access: 'acc_agent', rights: 'rgt_0123456789ab', roles: ['rol_auditor'] };
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
