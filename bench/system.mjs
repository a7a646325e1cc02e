// Lets an outside bench run Roster beside other systems: pass this file as its system. Each operation is a Lambda of its own,
// so the built bundles run behind the local gateway, in one process of their own that the bench pins and measures.
// Import times are left to `npm run bench`, which builds a bare handler in the same way to compare with.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { generateSync } from 'otplib/functional';
import { buildFunctions } from '../packages/build/build.ts';
import { startEngine } from '../packages/local/engine.ts';
import { newUser, signIn } from './load-targets.ts';
import { adminLogin, appKey, appLoginOf, appUsers, loginOf, seed } from './seed.ts';

const root = join(import.meta.dirname, '..');
const bearer = (token) => ({ authorization: `Bearer ${token}` });
/** A session that nobody has, well-formed, so that the table is asked. */
const strangers = `rses_${'A'.repeat(70)}`;
const SESSIONS = 20;

let engine;
let tenant;
let changes = 0;

export default {
  id: 'roster',
  name: 'Roster (built functions behind its local gateway, argon2id node:crypto, dynoxide)',

  async seed({ users }) {
    await buildFunctions();
    engine = await startEngine();
    leaveFirstCore(engine.pid);
    tenant = await seed(engine.endpoint, users);
    return `dynoxide ${engine.endpoint}`;
  },

  command: ({ port }) => ({
    argv: [join(root, 'node_modules/.bin/node'), join(root, 'bench/server.ts')],
    env: { ...tenant.environment, PORT: String(port) },
  }),

  firstOp: { path: '/v1/me', headers: bearer(strangers) },

  async prepare({ call, users }) {
    const sessions = [];
    for (let n = 0; n < SESSIONS; n++) sessions.push((await call(signIn(adminLogin))).json().next.token);
    let lastPage = '';
    for (let seen = 100; seen < users; seen += 100) {
      const { next } = (await call({ path: `/v1/users?limit=100${lastPage}`, headers: bearer(sessions[0]) })).json();
      if (!next) break;
      lastPage = `&cursor=${encodeURIComponent(next)}`;
    }
    const token = await call({
      method: 'POST',
      path: `/v1/users/${tenant.userIds[0]}/tokens`,
      headers: bearer(sessions[0]),
      body: { title: 'Bench' },
      expect: 201,
    });
    return { sessions, lastPage, token: token.json().value };
  },

  ops: {
    'health (framework floor)': { op: (_, __, call) => call({ path: '/v1/health' }) },
    'sign-in by password': {
      hash: true,
      op: ({ users }, n, call) => call({ ...signIn(loginOf(n % users)), want: 'token' }),
    },
    // Each agent's code is good once in its half minute.
    'sign-in + TOTP (2 requests)': {
      hash: true,
      op: (_, n, call) => {
        const { path, method, body } = signIn(appLoginOf(n % appUsers));
        return call({ path, method, body: { ...body, code: generateSync({ secret: appKey }) }, want: 'token' });
      },
    },
    'API token check': {
      op: ({ token }, _, call) => call({ path: '/v1/me', headers: bearer(token), want: 'login' }),
    },
    'session check': {
      op: ({ sessions }, n, call) => call({ path: '/v1/me', headers: bearer(sessions[n % SESSIONS]), want: 'login' }),
    },
    'create user, invited (no hash)': {
      op: ({ sessions }, n, call) =>
        call({ method: 'POST', path: '/v1/users', headers: bearer(sessions[0]), body: newUser(n), expect: 201 }),
    },
    'update user (admin)': {
      op: ({ sessions, users }, n, call) => {
        const version = 1 + Math.floor(changes / users);
        const path = `/v1/users/${tenant.userIds[changes++ % users]}`;
        const headers = { ...bearer(sessions[0]), 'if-match': `"${version}"` };
        return call({ method: 'PATCH', path, headers, body: { title: `Renamed ${n}` } });
      },
    },
    'list 100 users (first page)': {
      op: ({ sessions }, _, call) => call({ path: '/v1/users?limit=100', headers: bearer(sessions[0]), want: 'next' }),
    },
    'list 100 users (last page)': {
      op: ({ sessions, lastPage }, _, call) =>
        call({ path: `/v1/users?limit=100${lastPage}`, headers: bearer(sessions[0]), want: 'users' }),
    },
  },

  stop: () => engine?.stop(),
};

/** The first core belongs to the measured process; where there is no taskset, nothing is pinned. */
function leaveFirstCore(pid) {
  try {
    execFileSync('taskset', ['-acp', '1', String(pid)], { stdio: 'ignore' });
  } catch {
    console.error('The engine is not pinned: there is no taskset or no second core');
  }
}
