// What is asked for under load, operation by operation. Each call is a new one: no answer may come from a repeat.

import type { Call } from './load.ts';
import type { ScenarioName } from './scenarios.ts';
import { adminLogin, loginOf, type SeededTenant, seededPassword } from './seed.ts';

export interface LoadTarget {
  next: (n: number) => Call;
  status?: number;
}

const run = Date.now().toString(36);

/** Signs the SuperUser in. @returns the session's token */
export async function adminToken(ask: (call: Call) => Promise<{ status: number; body: string }>): Promise<string> {
  const { status, body } = await ask(signIn(adminLogin));
  if (status !== 200) throw new Error(`The SuperUser cannot sign in: ${status} ${body}`);
  return JSON.parse(body).next.token;
}

/** An API token as a telephony platform has it: for routing and nothing else. */
export async function platformToken(
  ask: (call: Call) => Promise<{ status: number; body: string }>,
  token: string,
): Promise<string> {
  const made = async (path: string, body: object) => {
    const answer = await ask({ method: 'POST', path, token, body });
    if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${answer.body}`);
    return JSON.parse(answer.body);
  };
  const permissions = ['routing:read'];
  const access = await made('/v1/accesses', { name: `Platform ${run}`, permissions });
  const authEmail = `pbx-${run}@contact-center.example`;
  const user = { login: `pbx-${run}`, title: 'PBX', type: 'api', access: access.id, rights: 'rgt_own', authEmail };
  const { id } = await made('/v1/users', user);
  return (await made(`/v1/users/${id}/tokens`, { title: 'PBX', scopes: permissions })).value;
}

/** By the name of the scenario that shows their units. */
export function loadTargets(
  { userIds, extensions }: SeededTenant,
  token: string,
  platform: string,
): Partial<Record<ScenarioName, LoadTarget>> {
  const user = (n: number) => `/v1/users/${userIds[n % userIds.length]}`;
  let changes = 0;
  return {
    'session check': { next: () => ({ method: 'GET', path: '/v1/permissions', token }) },
    'sign-in by password': { next: (n) => signIn(loginOf(n % userIds.length)) },
    'create user by invitation': {
      next: (n) => ({ method: 'POST', path: '/v1/users', token, body: newUser(n) }),
      status: 201,
    },
    'list 100 users': { next: () => ({ method: 'GET', path: '/v1/users?limit=100', token }) },
    'read a user': { next: (n) => ({ method: 'GET', path: user(n), token }) },
    'change a user': {
      next: () => {
        const version = 1 + Math.floor(changes / userIds.length);
        const headers = { 'if-match': `"${version}"` };
        return { method: 'PATCH', path: user(changes++), token, body: { title: `Jana Malá ${version}` }, headers };
      },
    },
    'route a call to an extension': {
      next: (n) => ({
        ...{ method: 'GET', token: platform },
        path: `/v1/routing/calls/inbound?extension=${extensions[n % extensions.length]}`,
      }),
    },
    'ask for a new password': {
      next: (n) => ({ method: 'POST', path: '/v1/password-resets', body: { login: loginOf(n % userIds.length) } }),
      status: 202,
    },
  };
}

export function signIn(login: string): Call {
  return { method: 'POST', path: '/v1/sign-in', body: { login, password: seededPassword } };
}

export function newUser(n: number) {
  const login = `new-${run}-${n}`;
  return {
    login,
    title: 'Petra Novotná',
    type: 'contact-center',
    access: 'acc_agent',
    rights: 'rgt_own',
    authEmail: `${login}@contact-center.example`,
  };
}
