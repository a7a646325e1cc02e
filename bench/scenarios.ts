// The operations that the bench and the budget tests measure, each run once against a tenant whose table is metered.

import type { OperationId } from '#contract/operations.ts';
import * as definitions from '#domain/definitions/definitions.ts';
import * as records from '#domain/grants/records.ts';
import * as settings from '#domain/settings/settings.ts';
import type { User } from '#domain/users/user.ts';
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
  'sign-in by password': {
    operation: 'sign-in',
    call: async ({ aUser }) => ({ body: { login: (await aUser()).login, password } }),
  },
  'sign-in, code sent': {
    operation: 'sign-in',
    call: async ({ aUser }) => ({ body: { login: (await aUser({ secondFactor: 'email-otp' })).login, password } }),
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
  return { ...tenant, token, activeUsers: body.next as string };
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
