import fc from 'fast-check';
import { canonicalName } from '#contract/fields.ts';
import type { OperationId } from '#contract/operations.ts';
import { operations } from '#contract/operations.ts';
import { referencesOf } from '#domain/users/references.ts';
import { claimKey, recordKey, userKeys } from '#table/keys.ts';
import type { Item } from '#table/write.ts';
import { allItems } from '../../setup/items.ts';
import { watchSeats } from '../../setup/seat-watch.ts';
import { agentGrants, aTenant, type Called, type CallOptions, type TestTenant } from '../../setup/tenant.ts';

/** COMMANDS=2000 is a long run, for who has changed what is written of users. */
const COMMANDS = Number(process.env.COMMANDS ?? 500);
const ACTORS = 8;
/** Repeats a run that failed, as far as parallel actors can. */
const SEED = Number(process.env.SEED ?? 0);
const SECRET = 'caldav-canary-7f3a91';

/** Whom a command is about is the n-th user that is known by then. */
const nth = fc.nat(10_000);
const name = fc.constantFrom('Jana', 'Petr', 'Žaneta', 'Řehoř', 'Ana María', 'Ólafur');
const few = fc.nat(11);

const command = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('create' as const), n: fc.nat(400), title: name }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('change' as const),
      nth,
      body: fc.oneof(
        fc.record({ title: name }),
        fc.record({ alias: fc.option(name) }),
        fc.record({ description: fc.option(fc.constant('On the evening shift')) }),
        fc.record({ calDavToken: fc.option(fc.constant(SECRET)) }),
        fc.record({ authEmail: few.map((n) => `shared${n}@example.com`) }),
        fc.record({ mobile: fc.option(few.map((n) => `+4206012345${n + 10}`)) }),
        fc.record({ numericId: fc.option(few.map((n) => String(n + 1))) }),
        fc.record({ extension: fc.option(few.map((n) => String(n + 200))) }),
        fc.record({ groups: fc.subarray(['grp_a00', 'grp_b00']) }),
        fc.record({ tags: fc.subarray(['tag_a00', 'tag_b00']) }),
        fc.record({ access: fc.constantFrom('acc_agent', 'acc_supervisor') }),
        fc.record({ recording: fc.constantFrom('off', 'after-bridged') }),
        fc.record({ rights: fc.constantFrom('rgt_own', 'rgt_everything') }),
        fc.record({ superUser: fc.boolean() }),
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clone' as const), nth, n: fc.nat(400) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('move' as const), nth, to: fc.constantFrom('ugr_default', 'ugr_a00') }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('token' as const), nth }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('deactivate' as const), nth }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('restore' as const), nth }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), nth }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('undelete' as const), nth }) },
);
type Command = typeof command extends fc.Arbitrary<infer C> ? C : never;

interface Accepted {
  id: OperationId;
  subject: string;
}

interface World {
  tenant: TestTenant;
  admin: string;
  known: string[];
  accepted: Accepted[];
  /** Token value → whose it is. */
  tokens: Map<string, string>;
}

describe('users under a random run by parallel actors (I1, I2, I5, I7, I8, I9, I11, I13)', () => {
  it(`holds every invariant after ${COMMANDS} commands`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: COMMANDS, maxLength: COMMANDS }), async (commands) => {
        const world = await aWorld();
        const waiting = [...commands];
        const actor = async () => {
          for (let next = waiting.shift(); next; next = waiting.shift()) await perform(world, next);
        };
        await Promise.all(Array.from({ length: ACTORS }, actor));
        await checkInvariants(world);
      }),
      { numRuns: 1, endOnFailure: true, reporter: briefly, ...(SEED && { seed: SEED }) },
    );
  }, 600_000);
});

/** Two thousand commands would hide what went wrong. */
function briefly({ failed, seed, errorInstance }: { failed: boolean; seed: number; errorInstance: unknown }): void {
  if (failed) throw new Error(`SEED=${seed}: ${(errorInstance as Error)?.message}`, { cause: errorInstance });
}

async function aWorld(): Promise<World> {
  // Few enough that many are refused one.
  const owned = { voice: { seats: 30 }, social: { seats: 4 }, 'call-recording': { seats: 3 } };
  const tenant = await aTenant({}, { licenses: { owned } });
  const { user, token: admin } = await tenant.aSuperUser();
  const records = { v: 1, version: 1, usedBy: 0, updatedAt: tenant.deps.now() };
  for (const [kind, id] of [
    ['group', 'grp_a00'],
    ['group', 'grp_b00'],
    ['tag', 'tag_a00'],
    ['tag', 'tag_b00'],
  ] as const) {
    await tenant.deps.table.write({
      kind: 'put',
      item: { ...recordKey(kind, id), type: kind, id, name: id, ...records },
    });
  }
  const userGroup = {
    ...recordKey('user-group', 'ugr_a00'),
    type: 'user-group',
    id: 'ugr_a00',
    name: 'A',
    profiles: [],
  };
  await tenant.deps.table.write({ kind: 'put', item: { ...userGroup, ...records } });
  await tenant.keepAudit();
  return { tenant, admin, known: [user.id].slice(1), accepted: [], tokens: new Map() };
}

async function perform(world: World, command: Command): Promise<void> {
  const { tenant, known } = world;
  const userId = 'nth' in command ? known[command.nth % Math.max(known.length, 1)] : undefined;
  const ask = async (id: OperationId, options: CallOptions): Promise<Called> => {
    const called = await tenant.call(id, { token: world.admin, ...options });
    if (called.status >= 500 && called.status !== 503) throw new Error(`${id}: ${JSON.stringify(called.body)}`);
    if (called.status < 300 && operations[id].audit !== null) {
      // Who is made by it is what it is about.
      const subject = called.status === 201 ? (called.body.id as string) : (userId as string);
      world.accepted.push({ id, subject });
    }
    return called;
  };
  switch (command.do) {
    case 'create': {
      const login = `user${command.n}`;
      const body = {
        login,
        title: command.title,
        type: 'contact-center',
        authEmail: `${login}@example.com`,
        ...agentGrants,
      };
      const made = await ask('create-user', { body });
      if (made.status === 201) known.push(made.body.id);
      return;
    }
    case 'clone': {
      if (!userId) return;
      const body = { login: `user${command.n}`, title: 'Clone', authEmail: `clone${command.n}@example.com` };
      const made = await ask('clone-user', { params: { userId }, body });
      if (made.status === 201) known.push(made.body.id);
      return;
    }
    case 'change': {
      if (!userId) return;
      const { body } = await tenant.call('get-user', { token: world.admin, params: { userId } });
      const headers = { 'if-match': `"${body.version ?? 1}"` };
      await ask('change-user', { params: { userId }, headers, body: command.body, query: { when: 'signOutNow' } });
      return;
    }
    case 'move':
      if (userId) await ask('move-user', { params: { userId }, body: { userGroup: command.to } });
      return;
    case 'token': {
      if (!userId) return;
      const made = await tenant.call('create-token', {
        token: world.admin,
        params: { userId },
        body: { title: 'CRM' },
      });
      if (made.status === 201) world.tokens.set(made.body.value, userId);
      return;
    }
    case 'deactivate':
      if (userId) await ask('deactivate-user', { params: { userId }, body: {} });
      return;
    case 'restore':
      if (userId) await ask('restore-user', { params: { userId }, body: {} });
      return;
    case 'delete': {
      if (!userId) return;
      const { body } = await tenant.call('get-removal-impact', { token: world.admin, params: { userId } });
      await ask('delete-user', { params: { userId }, query: { preview: body.preview?.delete ?? 'none' } });
      return;
    }
    case 'undelete':
      if (userId) await ask('restore-deleted-user', { params: { userId }, body: {} });
      return;
  }
}

async function checkInvariants({ tenant, admin, known, accepted, tokens }: World): Promise<void> {
  const audit = await tenant.audit();
  const items = await allItems(tenant);
  const users = items.filter(({ type }) => type === 'user');
  const deleted = new Set(items.filter(({ pk }) => pk === 'DELETED').map(({ sk }) => sk));
  const at = (key: { pk: string; sk: string }) => items.find(({ pk, sk }) => pk === key.pk && sk === key.sk);
  const owners = new Set([...users.map(({ pk }) => (pk as string).slice('USER#'.length)), ...deleted]);

  // I1: every name of a user is claimed by them, and every claim has its owner.
  for (const user of users) {
    const id = (user.pk as string).slice('USER#'.length);
    const names = [user.login, user.authEmail].filter((each) => each !== undefined) as string[];
    for (const each of names) expect(at(claimKey('sign-in-name', canonicalName(each)))?.userId).toBe(id);
    if (user.mobile) expect(at(claimKey('mobile', user.mobile as string))?.userId).toBe(id);
  }
  for (const claim of items.filter(({ type, userId }) => type === 'claim' && userId))
    expect(owners).toContain(claim.userId);
  for (const field of ['numericId', 'extension'] as const) {
    const numbers = users.map((user) => user[field]).filter((number) => number !== undefined);
    expect(new Set(numbers).size).toBe(numbers.length);
    const kept = items.filter(({ type, leftAt }) => type === 'number' && leftAt === undefined);
    const isOf = (number: Item) =>
      users.some(
        (user) => user.pk === `USER#${number.userId}` && [user.numericId, user.extension].includes(number.number),
      );
    expect(kept.filter((number) => !isOf(number))).toEqual([]);
    for (const user of users.filter((each) => each[field])) {
      expect(kept.some(({ number, userId }) => number === user[field] && user.pk === `USER#${userId}`)).toBe(true);
    }
  }

  // What is counted is what is there.
  for (const record of items.filter(({ usedBy }) => usedBy !== undefined)) {
    if (record.id === 'ugr_default') continue;
    const users_ = users.filter((user) => referencesOf(user as never).has(record.id as string));
    expect([record.id, record.usedBy]).toEqual([record.id, users_.length]);
  }

  // I2: at every record of the stream, and in the end.
  const { violations, seats } = await watchSeats(tenant);
  expect(violations).toEqual([]);
  expect(seats.voice?.used).toBeGreaterThan(0);

  // I5: nothing of a deactivated or deleted user is accepted.
  const states = new Map(users.map((user) => [(user.pk as string).slice('USER#'.length), user.state]));
  for (const [token, owner] of tokens) {
    const { status } = await tenant.call('get-me', { token });
    expect([owner, states.get(owner) ?? 'gone', status]).toEqual([
      owner,
      states.get(owner) ?? 'gone',
      states.get(owner) === 'active' ? 200 : 401,
    ]);
  }

  // I7, I8, I9: every accepted change counts once, and no refused one does.
  for (const user of users) {
    const id = (user.pk as string).slice('USER#'.length);
    if (!known.includes(id)) continue;
    // A deletion takes the user away as they are, and they come back so.
    const ofUser = accepted.filter((each) => each.subject === id && each.id !== 'delete-user');
    const changes = ofUser.length;
    const shown = await tenant.call('get-user', { token: admin, params: { userId: id } });
    expect([ofUser.map((each) => each.id), shown.body.version]).toEqual([ofUser.map((each) => each.id), changes]);
  }

  // I11: exactly one entry for each accepted change, none for a refused one.
  const expected = accepted.map(({ id, subject }) => `${operations[id].audit} ${subject}`).sort();
  const ofUsers = audit.filter(({ event }) => String(event).startsWith('user.'));
  const found = ofUsers.map(({ event, subject }) => `${event} ${(subject as { id: string }).id}`).sort();
  expect(found).toEqual(expected);

  // I13: nothing secret in clear.
  const text = JSON.stringify(items.map((item) => ({ ...item })));
  expect(text).not.toContain(SECRET);
  for (const token of tokens.keys()) expect(text).not.toContain(token.slice(-20));
  expect(users.length).toBeGreaterThan(COMMANDS / 100);
  expect(items.filter(({ pk }) => userKeys.partition('') === pk)).toEqual([]);
}
