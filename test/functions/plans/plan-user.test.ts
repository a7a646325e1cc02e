import { createHook } from 'node:async_hooks';
import type { Permission } from '#contract/permissions.ts';
import type { User } from '#domain/users/user.ts';
import { ifMatch } from '#test/functions/users/people.ts';
import { deactivate } from '#test/setup/leaving.ts';
import { agentGrants, type Called, password } from '#test/setup/tenant.ts';
import {
  aPlanningTenant,
  everything,
  held,
  inWords,
  movedSeats,
  type PlanningTenant,
  seatsNow,
  withoutNames,
} from './planning.ts';

let tenant: PlanningTenant;
beforeAll(async () => {
  tenant = await aPlanningTenant();
}, 60_000);

/** Back-office: with all content in sight an agent would want every channel. */
const aPerson = (permissions: Permission[], values: Partial<User> = {}) =>
  tenant.people.person(permissions, { userType: 'back-office', ...values });
const plan = (body: object, token = tenant.token) => tenant.call('plan-user', { token, body });
const SECRET = 'caldav-canary-58213f';
let count = 0;
const aLogin = () => `planned-${++count}`;

/** Values of the tenant that a row names before there is a tenant. */
type Row = [
  what: string,
  row: () => Promise<{
    user?: Partial<User> | User;
    body: object;
    when?: 'signOutNow' | 'nextSignOut';
    force?: boolean;
    signedIn?: true;
    by?: string;
  }>,
];

const agent = () => ({ access: 'acc_agent', rights: tenant.rights.voice });

const changes: Row[] = [
  ['a title', async () => ({ user: agent(), body: { title: 'Jana Nováková' } })],
  ['another channel', async () => ({ user: agent(), body: { rights: tenant.rights.email } })],
  ['one channel more', async () => ({ user: agent(), body: { rights: tenant.rights.both } })],
  ['a channel without a seat', async () => ({ user: agent(), body: { rights: tenant.rights.sms } })],
  ['recording, in another currency', async () => ({ user: agent(), body: { recording: 'from-call-start' } })],
  ['a module by access', async () => ({ user: agent(), body: { access: tenant.crm.access } })],
  ['a module by role', async () => ({ user: agent(), body: { roles: [tenant.crm.role] } })],
  [
    'a module of which the role was there before',
    async () => ({ user: { ...agent(), roles: [tenant.crm.role] }, body: { access: tenant.crm.access } }),
  ],
  ['fields that decide about nothing', async () => ({ user: agent(), body: { description: 'Nights', emoji: '🎧' } })],
  ['a secret', async () => ({ user: agent(), body: { calDavToken: SECRET } })],
  ['what does not exist', async () => ({ user: agent(), body: { rights: 'rgt_000000000000', groups: ['grp_000'] } })],
  ['a field that the type has not', async () => ({ user: { userType: 'cloudphone' }, body: { access: 'acc_agent' } })],
  ['an email that is taken', async () => ({ user: agent(), body: { authEmail: tenant.people.root.user.authEmail } })],
  ['a number of the emergency services', async () => ({ user: agent(), body: { extension: '112' } })],
  ['what is no user any more', async () => ({ user: { ...agent(), state: 'deactivated' }, body: { title: 'Petr' } })],
  [
    'rights under who is signed in',
    async () => ({ user: agent(), body: { rights: tenant.rights.email }, signedIn: true }),
  ],
  [
    'rights of who is signed out for it',
    async () => ({ user: agent(), body: { rights: tenant.rights.email }, signedIn: true, when: 'signOutNow' }),
  ],
  [
    'rights from the next sign-out on: both are needed',
    async () => ({ user: agent(), body: { rights: tenant.rights.email }, signedIn: true, when: 'nextSignOut' }),
  ],
  [
    'another factor, which ends sessions',
    async () => ({ user: agent(), body: { secondFactor: 'email-otp' }, signedIn: true }),
  ],
  ['the last SuperUser', async () => ({ user: tenant.people.root.user, body: { superUser: false } })],
  ['one’s own networks', async () => ({ user: tenant.people.root.user, body: { allowedNetworks: ['192.0.2.0/24'] } })],
  [
    'more than one holds',
    async () => {
      const { token } = await aPerson(['users:read', 'users:read-details', 'users:change']);
      return { user: agent(), body: { access: 'acc_administrator' }, by: token };
    },
  ],
  [
    'who holds more',
    async () => {
      const { token } = await aPerson(['users:read', 'users:read-details', 'users:change']);
      return { user: tenant.people.root.user, body: { title: 'Mine' }, by: token };
    },
  ],
];

const isThere = (user: object): user is User => 'id' in user;

describe('S0-15 S0-57 a plan of a change is what the change does', () => {
  it.each(changes)('%s', async (_what, row) => {
    const { user: values = {}, body, when, force, signedIn, by = tenant.token } = await row();
    const user = isThere(values) ? values : await tenant.aUser(values);
    const session = signedIn && (await tenant.signIn(user.login));
    const was = await tenant.people.now(user.id);
    const [before, seats] = [await everything(tenant), await seatsNow(tenant)];

    const planned = await plan({ userId: user.id, changes: body, ...(when && { when }), ...(force && { force }) }, by);
    expect(planned.status).toBe(200);
    expect(JSON.stringify(planned.body)).not.toContain(SECRET);
    expect(await everything(tenant)).toEqual(before);

    const { allowed, refusal, version, licenses, lacking, changes: said, endsSessions } = planned.body;
    const saved = await tenant.call('change-user', {
      ...{ token: by, params: { userId: user.id }, body, headers: ifMatch(version) },
      ...(when && { query: { when } }),
    });
    expect(allowed).toBe(saved.status === 200);
    expect(licenses.before.map(idOf)).toEqual(
      Object.keys(user.state === 'deactivated' ? {} : (user.seats?.held ?? {})).sort(),
    );
    if (!allowed) {
      expect(inWords(refusal)).toEqual(inWords(saved.body));
      expect(refusal.status).toBe(saved.status);
      expect(lacking ?? []).toEqual(refusal.code === 'license_exhausted' ? [refusal.because.license] : []);
      return;
    }
    expect(lacking).toEqual([]);
    const is = await tenant.people.now(user.id);
    // When a secret was set the audit keeps, and no user shows.
    const { calDavTokenSetAt: _at, ...fields } = said;
    expect(fields).toEqual(differing(was, is));
    expect(licenses.after.map(idOf)).toEqual(await held(tenant, user.id));
    expect(withoutNames(planned.body.seats)).toEqual(movedSeats(seats, await seatsNow(tenant)));
    if (session) expect(endsSessions).toBe((await tenant.call('get-me', { token: session })).status === 401);
  });

  it('with its money: another channel saves what it costs less, to the cent', async () => {
    const user = await tenant.aUser(agent());
    const { body } = await plan({
      userId: user.id,
      changes: { rights: tenant.rights.email, recording: 'after-bridged' },
    });
    const used = Object.fromEntries((await seatsNow(tenant)).map(({ license, used: each }) => [license, each]));
    const cost = (voice: number, email: number) => (voice * 3950 + email * 1910) / 100;
    const { voice = 0, email = 0, 'call-recording': recording = 0 } = used;
    expect(body.money).toEqual([
      { currency: 'CZK', before: recording * 4, after: (recording + 1) * 4 },
      { currency: 'EUR', before: cost(voice, email), after: cost(voice - 1, email + 1) },
    ]);
    expect(body.licenses.after.find(({ license }: { license: string }) => license === 'email').causes).toMatchObject([
      { field: 'rights', text: expect.stringMatching(/^rights Record \d+ include queue Record \d+$/) },
    ]);
  });

  it('for who may not see licenses: which, but neither seats nor money nor what would be cheaper', async () => {
    const { token } = await aPerson(['users:read', 'users:read-details', 'users:change']);
    const user = await tenant.aUser(agent());
    const { body } = await plan({ userId: user.id, changes: { rights: tenant.rights.email } }, token);
    expect(body).toMatchObject({ allowed: true, licenses: { after: [{ license: 'email', name: 'Email' }] } });
    for (const member of ['seats', 'money', 'cheaper']) expect(body).not.toHaveProperty(member);
  });

  it('for who may not see details: open fields, and no licenses of who is there already', async () => {
    const { token } = await aPerson(['users:read', 'users:change']);
    const user = await tenant.aUser(agent());
    const body = { title: 'Other', recording: 'from-call-start' };
    const planned = await plan({ userId: user.id, changes: body }, token);
    expect(planned.body.changes).toEqual({ title: { before: user.title, after: 'Other' } });
    const refused = await plan({ userId: user.id, changes: { groups: ['grp_000'] } }, token);
    expect(refused.body.allowed).toBe(false);
    for (const each of [planned, refused]) expect(each.body).not.toHaveProperty('licenses');
  });

  it('S0-57 for who may see licenses, without details: which, and why', async () => {
    const { token } = await aPerson(['users:read', 'users:change', 'licenses:read']);
    const user = await tenant.aUser(agent());
    const { body } = await plan({ userId: user.id, changes: { recording: 'from-call-start' } }, token);
    expect(body.changes).toEqual({});
    expect(body.licenses.before).toMatchObject([{ license: 'voice', causes: [{ field: 'rights' }] }]);
    expect(body.licenses.after).toMatchObject([
      { license: 'call-recording', causes: [{ field: 'recording' }] },
      { license: 'voice' },
    ]);
  });

  it('is none of whom the planner does not see', async () => {
    const { token } = await aPerson(['users:read', 'users:change'], { rights: 'rgt_own' });
    const user = await tenant.aUser(agent());
    const planned = await plan({ userId: user.id, changes: { title: 'Other' } }, token);
    expect(planned).toMatchObject({ status: 404, body: { code: 'user_not_found' } });
  });

  it('tells a narrowed API token that it does not change its owner, as the change does', async () => {
    const owner = tenant.people.root.user;
    const made = await tenant.call('create-token', {
      ...{ token: tenant.token, params: { userId: owner.id } },
      body: { title: 'Narrow', scopes: ['users:read', 'users:change'] },
    });
    const token = made.body.value;
    const { body } = await plan({ userId: owner.id, changes: { title: 'Other' } }, token);
    const params = { userId: owner.id };
    const saved = await tenant.call('change-user', { token, params, body: { title: 'O' }, headers: ifMatch(1) });
    expect(saved.body.code).toBe('not_permitted');
    expect(body).toMatchObject({ allowed: false, refusal: { code: 'not_permitted', detail: saved.body.detail } });
  });
});

const news: [what: string, body: () => object][] = [
  ['an agent with a channel', () => ({ type: 'contact-center', ...agent() })],
  ['an agent without queues', () => ({ type: 'contact-center', ...agentGrants })],
  [
    'an agent with everything',
    () => ({
      type: 'contact-center',
      access: tenant.crm.access,
      rights: tenant.rights.both,
      recording: 'after-bridged',
    }),
  ],
  ['one for whom there is no seat', () => ({ type: 'contact-center', access: 'acc_agent', rights: tenant.rights.sms })],
  ['back-office', () => ({ type: 'back-office', ...agentGrants })],
  ['a system user, who takes none', () => ({ type: 'system', authEmail: undefined })],
  ['with a password', () => ({ type: 'passive', ...agentGrants, password })],
  ['with a password that everybody has', () => ({ type: 'passive', ...agentGrants, password: 'password1234567' })],
  ['without what the type requires', () => ({ type: 'contact-center', access: 'acc_agent' })],
  ['with a login that is taken', () => ({ type: 'contact-center', ...agent(), login: tenant.people.root.user.login })],
  ['with an API token', () => ({ type: 'api', ...agentGrants, apiToken: { title: 'CRM' } })],
  ['with an emergency number', () => ({ type: 'contact-center', ...agent(), extension: '112' })],
];

describe('S0-15 S0-57 a plan of a new user is what creating does', () => {
  it.each(news)('%s', async (_what, row) => {
    const login = aLogin();
    const body = { title: 'New', login, authEmail: `${login}@example.com`, ...row() };
    const [before, seats] = [await everything(tenant), await seatsNow(tenant)];
    const planned = await plan({ create: body });
    expect(planned.status).toBe(200);
    expect(await everything(tenant)).toEqual(before);
    const created = await tenant.call('create-user', { token: tenant.token, body });
    const { allowed, refusal, licenses } = planned.body;
    expect(allowed).toBe(created.status === 201);
    expect(licenses.before).toEqual([]);
    expect(planned.body).not.toHaveProperty('version');
    if (!allowed) {
      expect(inWords(refusal)).toEqual(inWords(created.body));
      return;
    }
    expect(licenses.after.map(idOf)).toEqual(await held(tenant, created.body.id));
    expect(withoutNames(planned.body.seats)).toEqual(movedSeats(seats, await seatsNow(tenant)));
    const is = await tenant.people.now(created.body.id);
    const { id: _id, createdAt: _at, inviteExpiresAt: _until, ...said } = differing({}, is);
    expect(planned.body.changes).toEqual(said);
  });

  it('hashes no password, which creating does', async () => {
    const login = aLogin();
    const body = { title: 'New', login, type: 'passive', authEmail: `${login}@example.com`, ...agentGrants, password };
    const hashed = async (work: () => Promise<Called>) => {
      let hashes = 0;
      const hook = createHook({
        init: (_id, type) => {
          if (type === 'ARGON2REQUEST') hashes++;
        },
      }).enable();
      await work();
      hook.disable();
      return hashes;
    };
    expect(await hashed(() => plan({ create: body }))).toBe(0);
    expect(await hashed(() => tenant.call('create-user', { token: tenant.token, body }))).toBe(1);
  });

  it('needs users:create as well; and of who is brought back users:deactivate', async () => {
    const { token } = await aPerson(['users:read', 'users:change']);
    const user = await tenant.aUser({ ...agent(), state: 'deactivated' });
    const create = { title: 'New', login: aLogin(), type: 'system' };
    for (const [body, permission] of [
      [{ create }, 'users:create'],
      [{ restore: user.id }, 'users:deactivate'],
    ] as const) {
      const planned = await plan(body, token);
      expect(planned).toMatchObject({ status: 403, body: { code: 'not_permitted', because: permission } });
    }
  });

  it('says that nobody has to be refused twice: license and holders of it, before saving', async () => {
    const login = aLogin();
    const create = {
      title: 'N',
      login,
      type: 'contact-center',
      authEmail: `${login}@example.com`,
      access: 'acc_agent',
    };
    const holder = await tenant.aUser({ access: 'acc_agent', rights: tenant.rights.chat, title: 'Only Chatter' });
    const { body } = await plan({ create: { ...create, rights: tenant.rights.chat } });
    expect(body).toMatchObject({ allowed: false, lacking: ['chat'], refusal: { code: 'license_exhausted' } });
    expect(body.seats).toContainEqual({
      license: 'chat',
      name: 'Chat',
      owned: 1,
      before: { used: 1, free: 0 },
      after: { used: 2, free: -1 },
    });
    await deactivate(tenant, tenant.token, holder.id);
    expect((await plan({ create: { ...create, rights: tenant.rights.chat } })).body.allowed).toBe(true);
  });
});

describe('S0-56 a plan of bringing somebody back is what restoring does', () => {
  it.each<[what: string, user: () => Partial<User>, changes: () => object | undefined]>([
    ['as they were', agent, () => undefined],
    ['with changes', agent, () => ({ rights: tenant.rights.email, recording: 'after-bridged' })],
    ['for whom there is no seat', () => ({ ...agent(), rights: tenant.rights.sms }), () => undefined],
    ['without what is required', () => ({ access: 'acc_agent' }), () => undefined],
    ['with what does not exist', agent, () => ({ rights: 'rgt_000000000000' })],
  ])('%s', async (_what, values, given) => {
    const user = await tenant.aUser({ ...values(), state: 'deactivated' });
    const [before, seats] = [await everything(tenant), await seatsNow(tenant)];
    const wanted = given();
    const planned = await plan({ restore: user.id, ...(wanted && { changes: wanted }) });
    expect(await everything(tenant)).toEqual(before);
    const params = { userId: user.id };
    const restored = await tenant.call('restore-user', { token: tenant.token, params, body: { changes: wanted } });
    const { allowed, refusal, licenses } = planned.body;
    expect(allowed).toBe(restored.status === 200);
    if (!allowed) {
      expect(inWords(refusal)).toEqual(inWords(restored.body));
      return;
    }
    expect(licenses.before).toEqual([]);
    expect(licenses.after.map(idOf)).toEqual(await held(tenant, user.id));
    expect(withoutNames(planned.body.seats)).toEqual(movedSeats(seats, await seatsNow(tenant)));
    expect(planned.body.changes.state).toEqual({ before: 'deactivated', after: restored.body.state });
  });

  it('is refused of who is not deactivated', async () => {
    const user = await tenant.aUser(agent());
    expect((await plan({ restore: user.id })).body).toMatchObject({
      allowed: false,
      refusal: { code: 'not_deactivated' },
    });
  });
});

describe('S0-15 the cheapest other way', () => {
  const cheaper = async (values: object) => {
    const login = aLogin();
    const create = { title: 'Cheap', login, authEmail: `${login}@example.com`, access: 'acc_agent', ...values };
    return (await plan({ create })).body.cheaper;
  };

  it('is to look on, for who has nothing to work on', async () => {
    expect(await cheaper({ type: 'contact-center', rights: 'rgt_own' })).toEqual({
      type: 'passive',
      how: 'Create Cheap with type passive',
      licenses: [],
      saves: { money: [{ amount: 39.5, currency: 'EUR' }], seats: 0 },
    });
  });

  it('is back-office, for who works on tickets alone', async () => {
    expect(await cheaper({ type: 'contact-center', rights: tenant.rights.tickets })).toMatchObject({
      type: 'back-office',
      licenses: ['back-office'],
      saves: { money: [{ amount: 19.5, currency: 'EUR' }], seats: 0 },
    });
  });

  it('is none for who has queues, and none where it is cheapest already', async () => {
    expect(await cheaper({ type: 'contact-center', rights: tenant.rights.voice })).toBeUndefined();
    expect(await cheaper({ type: 'back-office', rights: tenant.rights.tickets })).toBeUndefined();
  });

  it('is another user, for who is there already: a type never changes', async () => {
    const user = await tenant.aUser({ access: 'acc_agent', rights: tenant.rights.tickets, title: 'Jana' });
    const { body } = await plan({ userId: user.id, changes: { emoji: '🎧' } });
    expect(body.cheaper).toMatchObject({ type: 'back-office', how: expect.stringContaining('deactivate Jana') });
  });
});

describe('a plan that asks for nothing, or for several things', () => {
  it.each([
    [{}],
    [{ userId: 'usr_000000000000000000000000' }],
    [{ changes: { title: 'A' } }],
    [{ userId: 'usr_000000000000000000000000', restore: 'usr_000000000000000000000000', changes: { title: 'A' } }],
    [{ restore: 'usr_000000000000000000000000', when: 'signOutNow' }],
    [{ create: { title: 'A', login: 'a', type: 'system' }, changes: { title: 'A' } }],
    [{ userId: 'usr_000000000000000000000000', changes: { login: 'other' } }],
  ])('%j is refused', async (body) => {
    expect(await plan(body)).toMatchObject({ status: 422, body: { code: 'invalid_input', errors: expect.any(Array) } });
  });
});

const idOf = ({ license }: { license: string }) => license;

/** As the audit has it: every field but the version, and when it was changed. */
function differing(was: Record<string, unknown>, is: Record<string, unknown>): Record<string, unknown> {
  const fields = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(
    (field) => field !== 'version' && field !== 'updatedAt' && JSON.stringify(was[field]) !== JSON.stringify(is[field]),
  );
  const said = fields.map((field) => [field, { before: was[field], after: is[field] }]);
  return JSON.parse(JSON.stringify(Object.fromEntries(said)));
}
